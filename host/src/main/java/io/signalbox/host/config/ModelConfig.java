package io.signalbox.host.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model and where it is served.
 *
 * @param name what requests call it
 * @param engine the kind of engine; {@value #DEFAULT_ENGINE} where not configured
 * @param endpoints may be empty: requests are then answered 503
 * @param routing which chain decides, where the model says so
 * @param tokenizer the {@code tokenizer.json} that counts its prompts; a relative path starts at
 *     the folder of the configuration file
 * @param gpuProfiles what its endpoints can do, by the name that endpoints have as label {@value
 *     GpuProfileConfig#LABEL}
 * @param engineTokenizer whether its engines are asked which tokens prompts have
 * @param kvEvents where its engines' KV events come from; empty: where any do
 * @param prefillDecode how endpoints that share requests work together
 * @param limits of the model and of its endpoints
 */
public record ModelConfig(
    String name,
    String engine,
    List<EndpointAddress> endpoints,
    ModelRouting routing,
    Optional<Path> tokenizer,
    Map<String, GpuProfileConfig> gpuProfiles,
    Optional<KvSource> kvEvents,
    boolean engineTokenizer,
    PrefillDecodeConfig prefillDecode,
    ModelLimits limits) {
  /** The engine where none is named: the metrics page tells. */
  public static final String DEFAULT_ENGINE = "auto";

  public ModelConfig {
    endpoints = List.copyOf(endpoints);
    gpuProfiles = Map.copyOf(gpuProfiles);
  }

  /** The same model, served at these endpoints. */
  public ModelConfig at(List<EndpointAddress> others) {
    return new ModelConfig(
        name,
        engine,
        others,
        routing,
        tokenizer,
        gpuProfiles,
        kvEvents,
        engineTokenizer,
        prefillDecode,
        limits);
  }

  /** The same model on this kind of engine. */
  public ModelConfig of(String other) {
    return new ModelConfig(
        name,
        other,
        endpoints,
        routing,
        tokenizer,
        gpuProfiles,
        kvEvents,
        engineTokenizer,
        prefillDecode,
        limits);
  }

  /** The same model, routed so. */
  public ModelConfig routed(ModelRouting other) {
    return new ModelConfig(
        name,
        engine,
        endpoints,
        other,
        tokenizer,
        gpuProfiles,
        kvEvents,
        engineTokenizer,
        prefillDecode,
        limits);
  }

  /** A model whose endpoints work together as by default, without limits of its own. */
  public ModelConfig(
      String name,
      String engine,
      List<EndpointAddress> endpoints,
      ModelRouting routing,
      Optional<Path> tokenizer,
      Map<String, GpuProfileConfig> gpuProfiles,
      Optional<KvSource> kvEvents,
      boolean engineTokenizer) {
    this(
        name,
        engine,
        endpoints,
        routing,
        tokenizer,
        gpuProfiles,
        kvEvents,
        engineTokenizer,
        PrefillDecodeConfig.DEFAULT,
        ModelLimits.NONE);
  }

  /** A model whose KV events come from wherever any do. */
  public ModelConfig(
      String name,
      String engine,
      List<EndpointAddress> endpoints,
      ModelRouting routing,
      Optional<Path> tokenizer,
      Map<String, GpuProfileConfig> gpuProfiles) {
    this(name, engine, endpoints, routing, tokenizer, gpuProfiles, Optional.empty(), false);
  }

  /** A model that leaves it to others which chain decides, without profiles. */
  public ModelConfig(String name, String engine, List<EndpointAddress> endpoints) {
    this(name, engine, endpoints, ModelRouting.NONE, Optional.empty(), Map.of());
  }
}
