package io.signalbox.host.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads {@code models}: what is served where.
 *
 * @param flowControl of models that say nothing else
 */
record ModelsReader(
    Set<String> engines,
    HostResolver resolver,
    FlowControlConfig flowControl,
    ConfigProblems problems) {
  private static final Map<String, KvSource> KV_SOURCES =
      Map.of("kafka", KvSource.KAFKA, "zeromq", KvSource.ZEROMQ, "off", KvSource.OFF);

  private static final Map<String, TransferDialect> TRANSFER_DIALECTS =
      Map.of(
          "sidecar", TransferDialect.SIDECAR,
          "nixl", TransferDialect.NIXL,
          "shared-storage", TransferDialect.SHARED_STORAGE,
          "mooncake", TransferDialect.MOONCAKE,
          "sglang", TransferDialect.SGLANG,
          "tensorrt-llm", TransferDialect.TENSORRT_LLM);

  /** Reads the models of a configuration; there may be none. */
  List<ModelConfig> read(YamlSection root) {
    var models = new ArrayList<ModelConfig>();
    var names = new HashSet<String>();
    for (var section : root.sections("models")) {
      var model = model(section);
      if (!model.name().isEmpty() && !names.add(model.name())) {
        problems.add(section.child("name"), "\"" + model.name() + "\" is there twice");
      }
      models.add(model);
    }
    return models;
  }

  /** Reads models of which only the engine and the endpoints may be said; there may be none. */
  List<ModelConfig> readDiscovered(YamlSection root) {
    var models = new ArrayList<ModelConfig>();
    root.require("models", "a list");
    for (var section : root.sections("models")) {
      section.require("name", "the name that requests use");
      var name = section.text("name").orElse("");
      models.add(new ModelConfig(name, engine(section, engines), endpoints(section)));
      section.finish();
    }
    root.finish();
    return models;
  }

  private ModelConfig model(YamlSection section) {
    var name = section.text("name").orElse("");
    if (name.isBlank()) {
      problems.add(section.child("name"), "must be the name that requests use, and is missing");
    }
    var engine = engine(section, engines);
    var endpoints = endpoints(section);
    var routing =
        new ProfilesReader(problems)
            .ofModel(
                section,
                section
                    .present("flow-control")
                    .map(own -> new FlowControlReader(problems).read(own, flowControl)));
    var tokenizer = section.path("tokenizer");
    var gpuProfiles = new GpuProfilesReader(problems).read(section.section("gpu-profiles"));
    var kvEvents = section.choice("kv-events", KV_SOURCES);
    boolean engineTokenizer = section.flag("engine-tokenizer", false);
    var prefillDecode = prefillDecode(section.section("prefill-decode"));
    var limits = new LimitsReader(problems).ofModel(section);
    section.finish();
    return new ModelConfig(
        name,
        engine,
        endpoints,
        routing,
        tokenizer,
        gpuProfiles,
        kvEvents,
        engineTokenizer,
        prefillDecode,
        limits);
  }

  private static PrefillDecodeConfig prefillDecode(YamlSection section) {
    var absent = PrefillDecodeConfig.DEFAULT;
    var prefillDecode =
        new PrefillDecodeConfig(
            section.choice("dialect", absent.dialect(), TRANSFER_DIALECTS),
            section.duration(
                "timeout", absent.timeout(), Duration.ofMillis(100), Duration.ofMinutes(10)),
            section.integer("bootstrap-port", absent.bootstrapPort(), 1, 65_535));
    section.finish();
    return prefillDecode;
  }

  /** The engine that a section names, one of these or {@value ModelConfig#DEFAULT_ENGINE}. */
  static String engine(YamlSection section, Set<String> engines) {
    var choices = new TreeMap<String, String>();
    choices.put(ModelConfig.DEFAULT_ENGINE, ModelConfig.DEFAULT_ENGINE);
    engines.forEach(engine -> choices.put(engine, engine));
    return section.choice("engine", ModelConfig.DEFAULT_ENGINE, choices);
  }

  private List<EndpointAddress> endpoints(YamlSection model) {
    var endpoints = new ArrayList<EndpointAddress>();
    var seen = new HashSet<String>();
    for (var section : model.sections("endpoints", "address")) {
      var labels = new LabelsReader(problems).read(section.section("labels"));
      section.require("address", HostAndPort.ALLOWED);
      section
          .text("address")
          .flatMap(text -> endpoint(section.child("address"), text, labels))
          .filter(endpoint -> isNew(endpoint, seen, section.child("address")))
          .ifPresent(endpoints::add);
      section.finish();
    }
    return endpoints;
  }

  private boolean isNew(EndpointAddress endpoint, Set<String> seen, String path) {
    boolean isNew = seen.add(endpoint.ip() + "|" + endpoint.port());
    if (!isNew) {
      problems.add(path, "\"" + endpoint.written() + "\" is there twice in this model");
    }
    return isNew;
  }

  private Optional<EndpointAddress> endpoint(String path, String text, Map<String, String> labels) {
    var hostAndPort = HostAndPort.parse(text, EndpointAddress.DEFAULT_PORT);
    if (hostAndPort.isEmpty()) {
      problems.add(path, "must be " + HostAndPort.ALLOWED + ", not \"" + text + "\"");
      return Optional.empty();
    }
    var host = hostAndPort.get().host();
    var ip = resolver.resolve(host);
    if (ip.isEmpty()) {
      problems.add(path, "host \"" + host + "\" does not resolve to an address");
    }
    return ip.map(found -> new EndpointAddress(text, found, hostAndPort.get().port(), labels));
  }
}
