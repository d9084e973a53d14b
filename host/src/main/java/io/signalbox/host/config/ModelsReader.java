package io.signalbox.host.config;

import io.signalbox.host.config.ModelRouting.Profile;
import io.signalbox.host.config.ModelRouting.TokenRange;
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
  private static final int MAX_TOKENS = 1_000_000_000;
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
    if (models.isEmpty()) {
      problems.add("models", "must have at least one model");
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
      models.add(new ModelConfig(name, engine(section), endpoints(section)));
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
    var engine = engine(section);
    var endpoints = endpoints(section);
    var routing = routing(section);
    var tokenizer = section.path("tokenizer");
    var gpuProfiles = new GpuProfilesReader(problems).read(section.section("gpu-profiles"));
    var kvEvents = section.choice("kv-events", KV_SOURCES);
    boolean engineTokenizer = section.flag("engine-tokenizer", false);
    var prefillDecode = prefillDecode(section.section("prefill-decode"));
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
        prefillDecode);
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

  private String engine(YamlSection model) {
    var choices = new TreeMap<String, String>();
    choices.put(ModelConfig.DEFAULT_ENGINE, ModelConfig.DEFAULT_ENGINE);
    engines.forEach(engine -> choices.put(engine, engine));
    return model.choice("engine", ModelConfig.DEFAULT_ENGINE, choices);
  }

  private ModelRouting routing(YamlSection model) {
    var profiles = new TreeMap<String, Profile>();
    model
        .section("profiles")
        .namedSections()
        .forEach((name, section) -> profiles.put(name, profile(section)));
    var configured = model.text("default-profile");
    configured
        .filter(name -> !profiles.containsKey(name))
        .ifPresent(name ->
            problems.add(
                model.child("default-profile"),
                "must be one of the model's profiles, not \"" + name + "\""));
    return new ModelRouting(
        model.text("locked-strategy"),
        configured.or(
            () -> Optional.of(ModelRouting.DEFAULT_PROFILE).filter(profiles::containsKey)),
        profiles,
        model
            .present("flow-control")
            .map(section -> new FlowControlReader(problems).read(section, flowControl)));
  }

  private Profile profile(YamlSection section) {
    var profile =
        new Profile(
            section.text("strategy"),
            range(section, "prompt-tokens"),
            range(section, "max-tokens"),
            parameters(section.section("parameters")));
    section.finish();
    return profile;
  }

  private static Map<String, Map<String, String>> parameters(YamlSection section) {
    var parameters = new TreeMap<String, Map<String, String>>();
    section.namedSections().forEach((strategy, own) -> parameters.put(strategy, own.allScalars()));
    return parameters;
  }

  private TokenRange range(YamlSection profile, String what) {
    var from = what + "-from";
    var below = what + "-below";
    var range =
        new TokenRange(
            profile.integer(from, 0, 0, MAX_TOKENS),
            profile.integer(below, TokenRange.UNBOUNDED, 1, MAX_TOKENS));
    if (range.from() >= range.below()) {
      problems.add(
          profile.child(below), "must be more than " + from + ", which is " + range.from());
    }
    return range;
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
