package io.signalbox.host.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads a configuration text strictly: what it does not know is a problem, never ignored. */
public final class ConfigReader {
  private static final int MAX_LENGTH = 4 * 1024 * 1024;

  private final ConfigProblems problems;
  private final HostResolver resolver;

  private ConfigReader(ConfigProblems problems, HostResolver resolver) {
    this.problems = problems;
    this.resolver = resolver;
  }

  /**
   * Reads a configuration. May block in the resolver.
   *
   * @param problems takes everything that is wrong; where it has any, what is wrong is at its
   *     default in the result, which must not be used for more than finding further problems
   */
  public static Configuration read(String yaml, HostResolver resolver, ConfigProblems problems) {
    return new ConfigReader(problems, resolver).configuration(yaml);
  }

  /**
   * Reads a list of endpoints, as {@code discovery.file} has it. May block in the resolver.
   *
   * @param engines those that models may name
   * @throws ConfigException with everything that is wrong with it
   */
  public static List<ModelConfig> readEndpoints(
      String yaml, Set<String> engines, HostResolver resolver) {
    var problems = new ConfigProblems();
    var root = new YamlSection(parse(yaml, problems), "", problems);
    var models =
        new ModelsReader(engines, resolver, FlowControlConfig.DEFAULT, problems)
            .readDiscovered(root);
    problems.throwIfAny();
    return models;
  }

  /**
   * Reads what AIBrix' annotation {@code model.aibrix.ai/config} says, by the rules of {@code
   * models[].profiles}.
   *
   * @throws ConfigException with everything that is wrong with it
   */
  public static PodProfiles readPodProfiles(String json) {
    var problems = new ConfigProblems();
    var root = new YamlSection(parse(json, problems), "", problems);
    var profiles = new ProfilesReader(problems).ofAnnotation(root);
    problems.throwIfAny();
    return profiles;
  }

  private Configuration configuration(String yaml) {
    var root = new YamlSection(parse(yaml, problems), "", problems);
    var signals = root.section("signals");
    var sources = new SourcesReader(problems).read(signals);
    var kvEvents = new KvEventsReader(problems);
    var routing = routing(root.section("routing"));
    var engines = sources.dialects().engines();
    var models = new ModelsReader(engines, resolver, routing.flowControl(), problems).read(root);
    var discovery = new DiscoveryReader(engines, problems).read(root.section("discovery"));
    if (models.isEmpty() && discovery.kubernetes().isEmpty()) {
      problems.add("models", "must have at least one model");
    }
    var configuration =
        new Configuration(
            gateway(root.section("gateway")),
            extProc(root.section("ext-proc")),
            new AdminReader(resolver, problems).read(root.section("admin")),
            models,
            routing,
            signals(signals),
            sources,
            health(root.section("health")),
            discovery,
            eventBus(root.section("event-bus")),
            prefixIndex(root.section("prefix-index")),
            strategies(root.section("strategies")),
            new RemoteStrategiesReader(problems).read(root.section("remote-strategies")),
            new PluginsReader(problems).read(root.section("plugins")),
            cluster(root.section("cluster")),
            kvEvents.kafka(root.section("kafka")),
            kvEvents.zeroMq(root.section("zeromq")),
            new LimitsReader(problems).access(root.section("limits"), root),
            TracingReader.read(root.section("telemetry")));
    root.finish();
    return configuration;
  }

  /** The top of a text, or empty where it has none, which is a problem. */
  static Optional<Node> parse(String yaml, ConfigProblems problems) {
    if (yaml.isBlank()) {
      problems.add("", "the file is empty, or gone, or not UTF-8 text");
      return Optional.empty();
    }
    if (yaml.length() > MAX_LENGTH) {
      problems.add("", "the file has more than " + MAX_LENGTH + " characters");
      return Optional.empty();
    }
    try {
      return new Compose(LoadSettings.builder().setSchema(new CoreSchema()).build())
          .composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      problems.add(line, "", "is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add("", "is not YAML: " + e.getMessage());
    } catch (StackOverflowError e) {
      // The library reads what is nested by recursion.
      problems.add("", "is not YAML: it is nested too deeply");
    }
    return Optional.empty();
  }

  static ListenConfig listen(YamlSection section, ListenConfig absent) {
    return new ListenConfig(
        section.flag("enabled", absent.enabled()),
        section.text("host").orElse(absent.host()),
        section.integer("port", absent.port(), 0, 65_535));
  }

  private static GatewayConfig gateway(YamlSection section) {
    var absent = GatewayConfig.DEFAULT;
    var gateway =
        new GatewayConfig(
            listen(section, absent.listen()),
            tls(section),
            maxBody(section, absent.maxBodyBytes()),
            section.bytes("max-buffered-size", absent.maxBufferedBytes(), 1024, Integer.MAX_VALUE),
            section.bytes("max-header-size", absent.maxHeaderBytes(), 1024, 1024 * 1024),
            section.duration(
                "connect-timeout",
                absent.connectTimeout(),
                Duration.ofMillis(10),
                Duration.ofMinutes(1)),
            section.duration(
                "idle-timeout", absent.idleTimeout(), Duration.ofSeconds(1), Duration.ofHours(24)),
            section.integer("max-connections", absent.maxConnections(), 1, 1_000_000),
            dialect(section, absent.dialect()),
            drain(section, absent.drain()));
    section.finish();
    return gateway;
  }

  private static ExtProcConfig extProc(YamlSection section) {
    var absent = ExtProcConfig.DEFAULT;
    var extProc =
        new ExtProcConfig(
            listen(section, absent.listen()),
            tls(section),
            maxBody(section, absent.maxBodyBytes()),
            section.bytes("max-buffered-size", absent.maxBufferedBytes(), 1024, Integer.MAX_VALUE),
            dialect(section, absent.dialect()),
            section.integer("fallbacks", absent.fallbacks(), 0, 16),
            section.duration(
                "max-message-timeout",
                absent.maxMessageTimeout(),
                Duration.ofSeconds(2),
                Duration.ofHours(1)),
            drain(section, absent.drain()));
    section.finish();
    return extProc;
  }

  private static Duration drain(YamlSection section, Duration absent) {
    return section.duration("drain", absent, Duration.ZERO, Duration.ofHours(1));
  }

  /** Absent where the section is; whether the files can be used is seen when they are read. */
  static Optional<TlsConfig> tls(YamlSection listener) {
    var section = listener.section("tls");
    if (!listener.has("tls")) {
      return Optional.empty();
    }
    section.require("certificate", "the path of a PEM file");
    section.require("key", "the path of a PEM file");
    var certificate = section.path("certificate");
    var key = section.path("key");
    var clientCa = section.path("client-ca");
    section.finish();
    return certificate.flatMap(chain -> key.map(its -> new TlsConfig(chain, its, clientCa)));
  }

  private static Dialect dialect(YamlSection door, Dialect absent) {
    return door.choice(
        "dialect",
        absent,
        Map.of(
            "aibrix", Dialect.AIBRIX,
            "endpoint-picker", Dialect.ENDPOINT_PICKER,
            "both", Dialect.BOTH));
  }

  private static int maxBody(YamlSection section, int absent) {
    return section.bytes("max-body-size", absent, 1024, 1024 * 1024 * 1024);
  }

  private RoutingConfig routing(YamlSection section) {
    var absent = RoutingConfig.DEFAULT;
    var chains = section.section("chains");
    var routing =
        new RoutingConfig(
            section.text("default").orElse(absent.defaultChain()),
            chains.allTexts(),
            section.choice(
                "unweighted-lists",
                absent.unweightedLists(),
                Map.of("narrow", ListReading.NARROW, "weighted", ListReading.WEIGHTED)),
            priorities(section.section("objectives")),
            new FlowControlReader(problems)
                .read(section.section("flow-control"), absent.flowControl()));
    section.finish();
    return routing;
  }

  private static Map<String, Integer> priorities(YamlSection objectives) {
    var priorities = new LinkedHashMap<String, Integer>();
    objectives
        .namedSections()
        .forEach((name, objective) -> {
          priorities.put(name, objective.integer("priority", 0, -1000, 1000));
          objective.finish();
        });
    return priorities;
  }

  private static SignalsConfig signals(YamlSection section) {
    var absent = SignalsConfig.DEFAULT;
    var signals =
        new SignalsConfig(
            section.duration(
                "scrape-interval", absent.scrapeInterval(), Duration.ZERO, Duration.ofHours(1)),
            section.duration(
                "idle-scrape-interval",
                absent.idleScrapeInterval(),
                Duration.ofMillis(10),
                Duration.ofHours(1)),
            section.flag("compressed", absent.compressed()),
            Set.copyOf(section.choices("pushed", EngineSignals.BY_ID)),
            section.duration(
                "pushed-max-age",
                absent.pushedMaxAge(),
                Duration.ofMillis(10),
                Duration.ofHours(1)),
            section.duration("window", absent.window(), Duration.ofSeconds(1), Duration.ofHours(1)),
            section.duration(
                "busy-window", absent.busyWindow(), Duration.ofSeconds(1), Duration.ofHours(1)),
            section.integer("min-samples", absent.minSamples(), 1, 1_000));
    section.finish();
    return signals;
  }

  private static HealthConfig health(YamlSection section) {
    var absent = HealthConfig.DEFAULT;
    var health =
        new HealthConfig(
            section.integer("consecutive-failures", absent.consecutiveFailures(), 0, 1_000),
            section.duration(
                "ejection-time",
                absent.ejectionTime(),
                Duration.ofMillis(100),
                Duration.ofHours(1)),
            section.share("max-ejected").orElse(absent.maxEjectedRatio()),
            section.present("check").flatMap(ConfigReader::check));
    section.finish();
    return health;
  }

  private static Optional<HealthConfig.Check> check(YamlSection section) {
    section.require("path", "a path such as /metrics");
    var path = section.urlPath("path");
    var check =
        new HealthConfig.Check(
            path.orElse(""),
            section.duration(
                "interval",
                HealthConfig.Check.DEFAULT_INTERVAL,
                Duration.ofMillis(10),
                Duration.ofHours(1)),
            section.duration(
                "timeout",
                HealthConfig.Check.DEFAULT_TIMEOUT,
                Duration.ofMillis(10),
                Duration.ofMinutes(1)),
            section.integer("failures", HealthConfig.Check.DEFAULT_FAILURES, 1, 1_000),
            section.integer("successes", HealthConfig.Check.DEFAULT_SUCCESSES, 1, 1_000));
    section.finish();
    return path.map(known -> check);
  }

  private static EventBusConfig eventBus(YamlSection section) {
    var absent = EventBusConfig.DEFAULT;
    var tcp = section.section("tcp-bridge");
    var sockJs = section.section("sockjs-bridge");
    var eventBus =
        new EventBusConfig(
            listen(tcp, absent.tcpBridge()),
            listen(sockJs, absent.sockJsBridge()),
            List.copyOf(sockJs.texts("origins").values()),
            section.flag("scraped-signals", absent.scrapedSignals()),
            section.share("decisions").orElse(absent.decisionsRatio()));
    tcp.finish();
    sockJs.finish();
    section.finish();
    return eventBus;
  }

  private static PrefixIndexConfig prefixIndex(YamlSection section) {
    var absent = PrefixIndexConfig.DEFAULT;
    var prefixIndex =
        new PrefixIndexConfig(
            section.integer("blocks", absent.blocks(), 1024, 16_777_216),
            section.integer("event-blocks", absent.eventBlocks(), 1024, 67_108_864),
            section.integer("block-bytes", absent.blockBytes(), 4, 65_536),
            section.integer("seed", absent.seed(), 0, Integer.MAX_VALUE));
    section.finish();
    return prefixIndex;
  }

  private static Map<String, Map<String, String>> strategies(YamlSection section) {
    var strategies = new LinkedHashMap<String, Map<String, String>>();
    section
        .namedSections()
        .forEach((name, strategy) -> strategies.put(name, strategy.allScalars()));
    return strategies;
  }

  private ClusterConfig cluster(YamlSection section) {
    var absent = ClusterConfig.DEFAULT;
    var members = new LinkedHashSet<HostAndPort>();
    section
        .texts("members")
        .forEach((path, text) -> {
          var member = HostAndPort.parse(text, ClusterConfig.DEFAULT_PORT);
          if (member.isEmpty()) {
            problems.add(path, "must be " + HostAndPort.ALLOWED + ", not \"" + text + "\"");
          } else if (!members.add(member.get())) {
            problems.add(path, "\"" + text + "\" is there twice");
          }
        });
    var cluster = new ClusterConfig(listen(section, absent.listen()), List.copyOf(members));
    section.finish();
    return cluster;
  }
}
