package io.signalbox.host.config;

import java.util.List;

/**
 * One model and where it is served.
 *
 * @param name what requests call it
 * @param engine the kind of engine; {@value #DEFAULT_ENGINE} where not configured
 * @param endpoints may be empty: requests are then answered 503
 * @param routing which chain decides, where the model says so
 */
public record ModelConfig(
    String name, String engine, List<EndpointAddress> endpoints, ModelRouting routing) {
  /** The engine where none is named. */
  public static final String DEFAULT_ENGINE = "vllm";

  /** The engines whose metrics pages are understood. */
  public static final List<String> ENGINES = List.of("vllm");

  public ModelConfig {
    endpoints = List.copyOf(endpoints);
  }

  /** A model that leaves it to others which chain decides. */
  public ModelConfig(String name, String engine, List<EndpointAddress> endpoints) {
    this(name, engine, endpoints, ModelRouting.NONE);
  }
}
