package io.signalbox.host.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.signalbox.host.config.RemoteStrategyConfig.Kind;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Signal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReaderTest {
  private static final String SMALLEST = "models: [{name: m}]\n";

  private static final String EVERYTHING =
      """
      gateway:
        enabled: false
        host: 127.0.0.1
        port: 8081
        tls: {certificate: /tls/a.crt, key: /tls/a.key, client-ca: /tls/ca.crt}
        max-body-size: 1MiB
        max-buffered-size: 8MiB
        max-header-size: 16KiB
        connect-timeout: 250ms
        idle-timeout: 10m
        max-connections: 100
        dialect: aibrix
        drain: 30s
      ext-proc:
        enabled: false
        host: "::1"
        port: 50053
        tls: {certificate: a.crt, key: a.key}
        max-body-size: 4096
        max-buffered-size: 8KiB
        dialect: endpoint-picker
        fallbacks: 2
        drain: 5m
      admin:
        enabled: true
        host: 0.0.0.0
        port: 0
        tls: {certificate: b.crt, key: b.key}
        token: 0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef
      models:
        - name: llama
          engine: vllm
          endpoints:
            - "10.0.0.1:8001"
            - "[::1]:8002"
            - {address: engine.local, labels: {spot: "true", size: large}}
        - name: "7"
      routing:
        default: least-request, least-kv-cache
        chains:
          fast: least-request
          even: round-robin
        unweighted-lists: weighted
        objectives: {batch: {priority: -1}, chat: {priority: 7}, plain: {}}
      signals:
        scrape-interval: 1s
      prefix-index:
        blocks: 4096
        event-blocks: 8192
        block-bytes: 256
        seed: 7
      strategies:
        least-request: {band: 5%, slack: 2, eager: true}
        by-price: {}
      remote-strategies:
        cheapest: {kind: scorer, prefer: low, deadline: 8ms, needs: [waiting, kvCacheUsage]}
        allowed: {kind: filter}
        dice: {kind: picker}
      plugins:
        enabled: false
        folder: scripts
        load-limit: 7s
        by-price:
          placement: worker
          budget: 500us
          grants: [network, files, environment, threads, processes, host-classes]
          canary: 5%
          shadow: false
          params: {limit: 0x10, currency: EUR, strict: true}
        by-hour: {shadow: true}
        quick: {placement: inline}
      cluster:
        enabled: true
        host: 0.0.0.0
        port: 5702
        members: [10.0.0.2, "[::1]:5703"]
      kafka:
        enabled: true
        servers: [k1, "[::1]:9093"]
        events-topic: events
        snapshots-topic: snapshots
        properties: {security.protocol: SSL, receive.buffer.bytes: 65536}
      zeromq:
        enabled: true
        port: 6557
        replay-port: 0
        ranks: 2
        topic: kv@
        bind: tcp://0.0.0.0:5559
      telemetry:
        tracing:
          url: https://collector:4318/
          authorization-file: otlp.txt
          sampled: 1.5%
          service-name: router
          queue: 100
          interval: 2s
          timeout: 5s
      """;

  /** Knows addresses and {@code engine.local}. */
  private static Optional<String> resolve(String name) {
    if (name.equals("engine.local")) {
      return Optional.of("10.0.0.9");
    }
    return name.matches("[0-9.]+|[0-9a-f:]+") ? Optional.of(name) : Optional.empty();
  }

  private static Configuration read(String yaml) {
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(yaml, ConfigReaderTest::resolve, problems);
    problems.throwIfAny();
    return configuration;
  }

  @Test
  void everyKeyIsRead() {
    assertThat(read(EVERYTHING))
        .isEqualTo(
            new Configuration(
                new GatewayConfig(
                    new ListenConfig(false, "127.0.0.1", 8081),
                    Optional.of(
                        new TlsConfig(
                            Path.of("/tls/a.crt"),
                            Path.of("/tls/a.key"),
                            Optional.of(Path.of("/tls/ca.crt")))),
                    1024 * 1024,
                    8 * 1024 * 1024,
                    16 * 1024,
                    Duration.ofMillis(250),
                    Duration.ofMinutes(10),
                    100,
                    Dialect.AIBRIX,
                    Duration.ofSeconds(30)),
                new ExtProcConfig(
                    new ListenConfig(false, "::1", 50_053),
                    Optional.of(
                        new TlsConfig(Path.of("a.crt"), Path.of("a.key"), Optional.empty())),
                    4096,
                    8192,
                    Dialect.ENDPOINT_PICKER,
                    2,
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5)),
                new AdminConfig(
                    new ListenConfig(true, "0.0.0.0", 0),
                    Optional.of(
                        new TlsConfig(Path.of("b.crt"), Path.of("b.key"), Optional.empty())),
                    Optional.of("0123456789abcdef".repeat(4)),
                    false),
                List.of(
                    new ModelConfig(
                        "llama",
                        "vllm",
                        List.of(
                            new EndpointAddress("10.0.0.1:8001", "10.0.0.1", 8001),
                            new EndpointAddress("[::1]:8002", "::1", 8002),
                            new EndpointAddress(
                                "engine.local",
                                "10.0.0.9",
                                8000,
                                Map.of("spot", "true", "size", "large")))),
                    new ModelConfig("7", "auto", List.of())),
                new RoutingConfig(
                    "least-request, least-kv-cache",
                    Map.of("fast", "least-request", "even", "round-robin"),
                    ListReading.WEIGHTED,
                    Map.of("batch", -1, "chat", 7, "plain", 0)),
                SignalsConfig.scraping(Duration.ofSeconds(1)),
                SourcesConfig.DEFAULT,
                HealthConfig.DEFAULT,
                DiscoveryConfig.DEFAULT,
                EventBusConfig.DEFAULT,
                new PrefixIndexConfig(4096, 8192, 256, 7),
                Map.of(
                    "least-request",
                    Map.of("band", "5%", "slack", "2", "eager", "true"),
                    "by-price",
                    Map.of()),
                Map.of(
                    "cheapest",
                    new RemoteStrategyConfig(
                        new Kind.Scorer(Direction.LOWER),
                        Duration.ofMillis(8),
                        Set.of(Signal.WAITING, Signal.KV_CACHE_USAGE)),
                    "allowed",
                    new RemoteStrategyConfig(new Kind.Filter(), Duration.ofMillis(5), Set.of()),
                    "dice",
                    new RemoteStrategyConfig(new Kind.Picker(), Duration.ofMillis(5), Set.of())),
                new PluginsConfig(
                    false,
                    Path.of("scripts"),
                    Duration.ofSeconds(7),
                    Map.of(
                        "by-price",
                        new PluginConfig(
                            Placement.WORKER,
                            Optional.of(Duration.ofNanos(500_000)),
                            Set.of(Grant.values()),
                            new Rollout.Canary(0.05),
                            Map.of("limit", "0x10", "currency", "EUR", "strict", "true")),
                        "by-hour",
                        new PluginConfig(
                            Placement.WORKER,
                            Optional.empty(),
                            Set.of(),
                            new Rollout.Shadow(),
                            Map.of()),
                        "quick",
                        new PluginConfig(
                            Placement.INLINE,
                            Optional.empty(),
                            Set.of(),
                            new Rollout.Full(),
                            Map.of()))),
                new ClusterConfig(
                    new ListenConfig(true, "0.0.0.0", 5702),
                    List.of(new HostAndPort("10.0.0.2", 5701), new HostAndPort("::1", 5703))),
                new KafkaConfig(
                    true,
                    List.of("k1:9092", "[::1]:9093"),
                    "events",
                    "snapshots",
                    Map.of("security.protocol", "SSL", "receive.buffer.bytes", "65536")),
                new ZeroMqConfig(true, 6557, 0, 2, "kv@", "tcp://0.0.0.0:5559"),
                AccessConfig.DEFAULT,
                Optional.of(
                    new TracingConfig(
                        URI.create("https://collector:4318/v1/traces"),
                        Optional.of(Path.of("otlp.txt")),
                        0.015,
                        "router",
                        100,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5)))));
  }

  record Absent(String name, String yaml) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Absent> absent() {
    return List.of(
        new Absent("sections that are not there", ""),
        new Absent(
            "sections with nothing in them",
            """
            gateway:
            ext-proc: {}
            admin:
            routing: null
            signals: {}
            strategies:
            remote-strategies: {}
            plugins:
            cluster: {}
            kafka:
            zeromq: {}
            limits: {user: , model: {}}
            users: []
            telemetry:
            """),
        new Absent("no members", "cluster: {members: []}"),
        new Absent("named chains with nothing in them", "routing: {chains: }\n"));
  }

  @ParameterizedTest
  @MethodSource("absent")
  void defaultsAreThoseOfTheRecords(Absent row) {
    assertThat(read(SMALLEST + row.yaml()))
        .isEqualTo(
            new Configuration(
                GatewayConfig.DEFAULT,
                ExtProcConfig.DEFAULT,
                AdminConfig.DEFAULT,
                List.of(new ModelConfig("m", "auto", List.of())),
                RoutingConfig.DEFAULT,
                SignalsConfig.DEFAULT,
                SourcesConfig.DEFAULT,
                HealthConfig.DEFAULT,
                DiscoveryConfig.DEFAULT,
                EventBusConfig.DEFAULT,
                PrefixIndexConfig.DEFAULT,
                Map.of(),
                Map.of(),
                PluginsConfig.DEFAULT,
                ClusterConfig.DEFAULT,
                KafkaConfig.DEFAULT,
                ZeroMqConfig.DEFAULT,
                AccessConfig.DEFAULT,
                Optional.empty()));
  }

  @Test
  void zeroTurnsScrapingOff() {
    assertThat(read(SMALLEST + "signals: {scrape-interval: 0}").signals().scrapes()).isFalse();
    assertThat(read(SMALLEST).signals().scrapes()).isTrue();
    assertThat(read(SMALLEST).signals().maxAge(Duration.ofMillis(500)))
        .isEqualTo(Duration.ofMillis(3 * 500 + 1000));
  }

  record Change(String name, String from, String to, boolean startsLike) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Change> changes() {
    return List.of(
        new Change("a chain", "least-request,", "random,", true),
        new Change("a plugin's budget", "500us", "600us", true),
        new Change("a plugin that is no longer named", "quick: {placement: inline}", "", true),
        new Change("a remote strategy", "deadline: 8ms", "deadline: 9ms", true),
        new Change("a label", "size: large", "size: small", true),
        new Change("a certificate", "a.crt, key: a.key}", "b.crt, key: a.key}", false),
        new Change("the gateway's port", "8081", "8082", false),
        new Change("the port of ext_proc", "50053", "50054", false),
        new Change("the port of admin", "port: 0", "port: 1", false),
        new Change("the port of the cluster", "5702", "5704", false),
        new Change("the token of admin", "0123456789ABC", "1123456789ABC", false),
        new Change("where spans go", "collector:4318", "collector:4319", false),
        new Change("a broker", "servers: [k1", "servers: [k2", false),
        new Change("the port of KV events", "6557", "6558", false),
        new Change("a member of the cluster", "10.0.0.2", "10.0.0.3", false),
        new Change("the folder of plugins", "scripts", "plugins", false),
        new Change("whether there are plugins", "enabled: false\n  folder", "folder", false));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void onlyWhatIsSetUpAtTheStartIsFixed(Change row) {
    assertThat(EVERYTHING).contains(row.from());
    assertThat(read(EVERYTHING).listensLike(read(EVERYTHING.replace(row.from(), row.to()))))
        .isEqualTo(row.startsLike());
  }

  @Test
  void pluginsLieBesideTheConfigurationUnlessToldOtherwise() {
    var base = Path.of("/etc/signalbox");

    assertThat(read(SMALLEST).plugins().folderFrom(base)).hasToString("/etc/signalbox/plugins");
    assertThat(read(SMALLEST + "plugins: {folder: ../shared}").plugins().folderFrom(base))
        .hasToString("/etc/shared");
    assertThat(read(SMALLEST + "plugins: {folder: /srv/p}").plugins().folderFrom(base))
        .hasToString("/srv/p");
  }

  @Test
  void aPluginThatIsNotNamedHasTheDefaults() {
    assertThat(read(EVERYTHING).plugins().plugin("other")).isEqualTo(PluginConfig.DEFAULT);
    assertThat(read(SMALLEST + "plugins: {p: {}}").plugins().plugin("p"))
        .isEqualTo(PluginConfig.DEFAULT);
  }

  record Bad(String name, String yaml, List<String> problems) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Bad bad(String name, String yaml, String... problems) {
    return new Bad(name, yaml, List.of(problems));
  }

  /** A row whose wrong part stands on line 2, after a valid model. */
  private static Bad second(String name, String yaml, String problem) {
    return bad(name, SMALLEST + yaml, "line 2: " + problem);
  }

  static List<Bad> files() {
    return List.of(
        bad(
            "an empty file",
            "",
            "the file is empty, or gone, or not UTF-8 text",
            "models: must have at least one model"),
        bad(
            "only spaces",
            " \n\t\n",
            "the file is empty, or gone, or not UTF-8 text",
            "models: must have at least one model"),
        bad("only a comment", "# nothing", "models: must have at least one model"),
        bad(
            "a list",
            "[1, 2]",
            "models: must have at least one model",
            "line 1: must be a mapping of keys to values, not a list"),
        bad(
            "a word",
            "hello",
            "models: must have at least one model",
            "line 1: must be a mapping of keys to values, not \"hello\""),
        bad(
            "too long",
            "#".repeat(4 * 1024 * 1024 + 1),
            "the file has more than 4194304 characters",
            "models: must have at least one model"));
  }

  static List<Bad> keys() {
    return List.of(
        second(
            "an unknown section",
            "quotas: {}",
            "quotas: is unknown (known here: admin, cluster, discovery, event-bus, ext-proc, gateway, health, kafka, limits, models, plugins,"
                + " prefix-index, remote-strategies, routing, signals, strategies, telemetry, users, zeromq)"),
        second(
            "a misspelt section",
            "gatway: {}",
            "gatway: is unknown, did you mean \"gateway\"? (known here: admin, cluster,"
                + " discovery, event-bus, ext-proc, gateway, health, kafka, limits, models, plugins, prefix-index, remote-strategies, routing,"
                + " signals, strategies, telemetry, users, zeromq)"),
        second(
            "a misspelt key",
            "admin: {prot: 1}",
            "admin.prot: is unknown, did you mean \"port\"? (known here: allow-anonymous, enabled, host, port, tls, token)"),
        bad(
            "a key twice",
            SMALLEST + "admin:\n  port: 1\n  port: 2",
            "line 4: admin.port: is there twice"),
        bad(
            "several problems, in the order of the file",
            "admin: {port: x}\nsignals: {scrape-interval: 2h}\nmodels: []",
            "line 1: admin.port: must be an integer from 0 to 65535, not \"x\"",
            "line 2: signals.scrape-interval: must be a duration from 0ms to 1h, such as 200ms or"
                + " 5s, not \"2h\"",
            "line 3: models: must have at least one model"));
  }

  /** Beyond loopback admin asks who calls, unless it is said that it need not. */
  static List<Bad> admins() {
    var open =
        " is not a loopback address, and nobody is asked who they are: set admin.token, or"
            + " admin.tls with client-ca, or, where the network keeps everybody else out,"
            + " admin.allow-anonymous: true";
    var token =
        "admin.token: must be the SHA-256 of a token, in 64 hexadecimal digits, not what is there,"
            + " which is not shown";
    return List.of(
        second("every address", "admin: {host: 0.0.0.0}", "admin.host: \"0.0.0.0\"" + open),
        second("every IPv6 address", "admin: {host: \"::\"}", "admin.host: \"::\"" + open),
        second("one address", "admin: {host: 10.0.0.1}", "admin.host: \"10.0.0.1\"" + open),
        second("a name", "admin: {host: engine.local}", "admin.host: \"engine.local\"" + open),
        second("nobody's name", "admin: {host: no.where}", "admin.host: \"no.where\"" + open),
        second(
            "a certificate of its own alone",
            "admin: {host: 0.0.0.0, tls: {certificate: a, key: b}}",
            "admin.host: \"0.0.0.0\"" + open),
        second("the token itself", "admin: {host: 0.0.0.0, token: s3cret}", token),
        second("a token in digits", "admin: {host: 0.0.0.0, token: 1234}", token),
        second("a hash cut short", "admin: {token: " + "a".repeat(63) + "}", token),
        second(
            "a token and nobody asked",
            "admin: {token: " + "a".repeat(64) + ", allow-anonymous: true}",
            "admin.allow-anonymous: must be false where admin.token or admin.tls.client-ca says who"
                + " is let in"));
  }

  static List<String> goodAdmins() {
    return List.of(
        "admin: {host: 127.0.0.1}",
        "admin: {host: 127.1.2.3}",
        "admin: {host: \"::1\"}",
        "admin: {enabled: false, host: 0.0.0.0}",
        "admin: {host: 0.0.0.0, allow-anonymous: true}",
        "admin: {host: 0.0.0.0, token: " + "0f".repeat(32) + "}",
        "admin: {host: 0.0.0.0, tls: {certificate: a, key: b, client-ca: c}}");
  }

  @ParameterizedTest
  @MethodSource("goodAdmins")
  void adminListensOnLoopbackOrAsksWhoCalls(String yaml) {
    assertThatNoException().isThrownBy(() -> read(SMALLEST + yaml));
  }

  static List<Bad> values() {
    var duration = ", such as 200ms or 5s, not ";
    var size = " bytes, such as 512KiB or 32MiB, not ";
    return List.of(
        second(
            "a section that is a text",
            "admin: yes please",
            "admin: must be a mapping of keys" + " to values, not \"yes please\""),
        second(
            "a flag that is a word",
            "admin: {enabled: maybe}",
            "admin.enabled: must be true or false, not \"maybe\""),
        second(
            "a flag in quotes",
            "admin: {enabled: \"true\"}",
            "admin.enabled: must be true or false, not \"true\""),
        second(
            "a host that is a number", "admin: {host: 5}", "admin.host: must be a text, not \"5\""),
        second(
            "a host that is a list",
            "admin: {host: [a]}",
            "admin.host: must be a text, not a list"),
        second(
            "a port too large",
            "admin: {port: 65536}",
            "admin.port: must be an integer from 0 to 65535, not \"65536\""),
        second(
            "a port below zero",
            "admin: {port: -1}",
            "admin.port: must be an integer from 0 to 65535, not \"-1\""),
        second(
            "a port beyond every number",
            "admin: {port: " + "9".repeat(30) + "}",
            "admin.port: must be an integer from 0 to 65535, not \"" + "9".repeat(30) + "\""),
        second(
            "a port that is a mapping",
            "admin: {port: {a: 1}}",
            "admin.port: must be an integer from 0 to 65535, not a mapping"),
        second(
            "a port that is nothing",
            "admin: {port: }",
            "admin.port: must be an integer from 0 to 65535, not nothing"),
        second(
            "a size too small",
            "gateway: {max-body-size: 1023}",
            "gateway.max-body-size: must be a size from 1024 to 1073741824" + size + "\"1023\""),
        second(
            "a size too large",
            "ext-proc: {max-body-size: 1025MiB}",
            "ext-proc.max-body-size: must be a size from 1024 to 1073741824"
                + size
                + "\"1025MiB\""),
        second(
            "a size in another unit",
            "gateway: {max-header-size: 1GB}",
            "gateway.max-header-size: must be a size from 1024 to 1048576" + size + "\"1GB\""),
        second(
            "a duration without unit",
            "gateway: {connect-timeout: 5}",
            "gateway.connect-timeout: must be a duration from 10ms to 1m" + duration + "\"5\""),
        second(
            "a duration too short",
            "gateway: {idle-timeout: 999ms}",
            "gateway.idle-timeout: must be a duration from 1s to 24h" + duration + "\"999ms\""),
        second(
            "a number of connections of zero",
            "gateway: {max-connections: 0}",
            "gateway.max-connections: must be an integer from 1 to 1000000, not \"0\""),
        second(
            "a reading of lists that is none",
            "routing: {unweighted-lists: both}",
            "routing.unweighted-lists: must be narrow or weighted, not \"both\""),
        second(
            "named chains as a list",
            "routing: {chains: [a]}",
            "routing.chains: must be a mapping of keys to values, not a list"),
        second(
            "a named chain that is a number",
            "routing: {chains: {a: 1}}",
            "routing.chains.a: must be a text, not \"1\""));
  }

  static List<Bad> models() {
    return List.of(
        bad(
            "models as a mapping",
            "models: {name: m}",
            "line 1: models: must be a list, not a mapping",
            "line 1: models: must have at least one model"),
        bad(
            "a model that is a text",
            "models: [m]",
            "line 1: models[0]: must be a mapping of keys to values, not \"m\"",
            "line 1: models[0].name: must be the name that requests use, and is missing"),
        bad(
            "a model without a name",
            "models:\n  - engine: vllm",
            "line 2: models[0].name: must be the name that requests use, and is missing"),
        bad(
            "a blank name",
            "models:\n  - name: ' '",
            "line 2: models[0].name: must be the name that requests use, and is missing"),
        bad(
            "a name twice",
            "models:\n  - name: m\n  - name: m",
            "line 3: models[1].name: \"m\" is there twice"),
        bad(
            "an unknown engine",
            "models: [{name: m, engine: hal}]",
            "line 1: models[0].engine: must be auto or llama.cpp or sglang or tgi or triton or trtllm or vllm or xllm, not \"hal\""),
        bad(
            "endpoints as a text",
            "models: [{name: m, endpoints: 'a:1'}]",
            "line 1: models[0].endpoints: must be a list, not \"a:1\""),
        bad(
            "an endpoint that is a number",
            "models: [{name: m, endpoints: [8000]}]",
            "line 1: models[0].endpoints[0]: must be a text, not \"8000\""),
        bad(
            "an endpoint that is a URL",
            "models: [{name: m, endpoints: ['http://a']}]",
            "line 1: models[0].endpoints[0]: must be host:port with a port from 1 to 65535, not"
                + " \"http://a\""),
        bad(
            "a host nobody knows",
            "models:\n  - name: m\n    endpoints:\n      - nowhere:80",
            "line 4: models[0].endpoints[0]: host \"nowhere\" does not resolve to an address"),
        bad(
            "an endpoint twice",
            "models: [{name: m, endpoints: ['10.0.0.9', 'engine.local:8000']}]",
            "line 1: models[0].endpoints[1]: \"engine.local:8000\" is there twice in this model"));
  }

  static List<Bad> endpoints() {
    return List.of(
        bad(
            "an endpoint that is a list",
            "models: [{name: m, endpoints: [[a]]}]",
            "line 1: models[0].endpoints[0]: must be a mapping of keys to values, not a list",
            "line 1: models[0].endpoints[0].address: must be host:port with a port from 1 to"
                + " 65535, and is missing"),
        bad(
            "an endpoint without an address",
            "models:\n- name: m\n  endpoints:\n  - labels: {}",
            "line 4: models[0].endpoints[0].address: must be host:port with a port from 1 to"
                + " 65535, and is missing"),
        bad(
            "an endpoint that is a mapping, twice",
            "models:\n- name: m\n  endpoints:\n  - 'a.b:1'\n  - {address: '1.1.1.1'}\n"
                + "  - {address: '1.1.1.1'}",
            "line 4: models[0].endpoints[0]: host \"a.b\" does not resolve to an address",
            "line 6: models[0].endpoints[2].address: \"1.1.1.1\" is there twice in this model"),
        bad(
            "an unknown key of an endpoint",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', label: {}}]}]",
            "line 1: models[0].endpoints[0].label: is unknown, did you mean \"labels\"? (known"
                + " here: address, labels)"),
        bad(
            "a label that is a number",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {a: 1}}]}]",
            "line 1: models[0].endpoints[0].labels.a: must be a text, not \"1\""),
        bad(
            "a label without a name",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {'': a}}]}]",
            "line 1: models[0].endpoints[0].labels.: must be a label of 1 to 128 characters with a"
                + " value of at most 128"),
        bad(
            "a label that is too long",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {a: "
                + "b".repeat(129)
                + "}}]}]",
            "line 1: models[0].endpoints[0].labels.a: must be a label of 1 to 128 characters with a"
                + " value of at most 128"),
        bad(
            "too many labels",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {"
                + IntStream.range(0, 33)
                    .mapToObj(i -> "l" + i + ": a")
                    .collect(Collectors.joining(", "))
                + "}}]}]",
            "line 1: models[0].endpoints[0].labels: must be at most 32 labels, not 33"));
  }

  static List<Bad> plugins() {
    return List.of(
        second(
            "a misspelt member of plugins",
            "plugins: {foldr: x}",
            "plugins.foldr: must be a mapping of keys to values, not \"x\""),
        second(
            "a folder that is none",
            "plugins: {folder: 1}",
            "plugins.folder: must be a text, not \"1\""),
        second(
            "a folder that no file system has",
            "plugins: {folder: \"a\\0\"}",
            "plugins.folder: must be a path: Nul character not allowed"),
        second(
            "a plugin's name that no file has",
            "plugins: {a/b: {}}",
            "plugins.a/b: must be a name of 1 to 128 letters, digits, \"-\", \"_\" and \".\""),
        second(
            "an unknown key of a plugin",
            "plugins: {p: {bugdet: 1ms}}",
            "plugins.p.bugdet: is unknown, did you mean \"budget\"? (known here: budget, canary,"
                + " grants, params, placement, shadow)"),
        second(
            "a placement that is none",
            "plugins: {p: {placement: here}}",
            "plugins.p.placement: must be inline or worker, not \"here\""),
        second(
            "a budget that is too short",
            "plugins: {p: {budget: 99us}}",
            "plugins.p.budget: must be a duration from 100us to 1s, such as 200ms or 5s, not"
                + " \"99us\""),
        second(
            "grants that are no list",
            "plugins: {p: {grants: network}}",
            "plugins.p.grants: must be a list, not \"network\""),
        second(
            "a grant that is none",
            "plugins: {p: {grants: [network, all]}}",
            "plugins.p.grants[1]: must be environment or files or host-classes or network or"
                + " processes or threads, not \"all\""),
        second(
            "a canary of nothing",
            "plugins: {p: {canary: 0%}}",
            "plugins.p.canary: must be a share above 0% and below 100%, such as 5%, not \"0%\""),
        second(
            "a canary of everything",
            "plugins: {p: {canary: 100%}}",
            "plugins.p.canary: must be a share above 0% and below 100%, such as 5%, not \"100%\""),
        second(
            "a canary that is a fraction",
            "plugins: {p: {canary: 0.05}}",
            "plugins.p.canary: must be a share above 0% and below 100%, such as 5%, not \"0.05\""),
        second(
            "canary and shadow",
            "plugins: {p: {canary: 5%, shadow: true}}",
            "plugins.p.shadow: must be false where canary is there: one of the two"),
        second(
            "a canary inline",
            "plugins: {p: {canary: 5%, placement: inline}}",
            "plugins.p.placement: must be worker where canary or shadow is on, not \"inline\""),
        second(
            "a shadow inline",
            "plugins: {p: {shadow: true, placement: inline}}",
            "plugins.p.placement: must be worker where canary or shadow is on, not \"inline\""),
        second(
            "a parameter that is a list",
            "plugins: {p: {params: {a: []}}}",
            "plugins.p.params.a: must be a text, a number, true or false, not a list"));
  }

  static List<Bad> strategies() {
    return List.of(
        second(
            "a strategy that is a text",
            "strategies: {a: b}",
            "strategies.a: must be a mapping of keys to values, not \"b\""),
        second(
            "a parameter that is nothing",
            "strategies: {a: {b: }}",
            "strategies.a.b: must be a text, a number, true or false, not nothing"),
        second(
            "a strategy's name that no chain can have",
            "strategies: {'a b': {}}",
            "strategies.a b: must be a name of 1 to 128 letters, digits, \"-\", \"_\" and \".\""),
        second(
            "a remote strategy without a kind",
            "remote-strategies: {a: {}}",
            "remote-strategies.a.kind: must be filter or picker or scorer, and is missing"),
        second(
            "a kind that is none",
            "remote-strategies: {a: {kind: sorter}}",
            "remote-strategies.a.kind: must be filter or picker or scorer, not \"sorter\""),
        second(
            "a scorer that prefers nothing",
            "remote-strategies: {a: {kind: scorer}}",
            "remote-strategies.a.prefer: must be high or low for a scorer, and is missing"),
        second(
            "a scorer that prefers something else",
            "remote-strategies: {a: {kind: scorer, prefer: fast}}",
            "remote-strategies.a.prefer: must be high or low, not \"fast\""),
        second(
            "a filter that prefers",
            "remote-strategies: {a: {kind: filter, prefer: low}}",
            "remote-strategies.a.prefer: belongs to a scorer, and this is none"),
        second(
            "a deadline that is too long",
            "remote-strategies: {a: {kind: filter, deadline: 11s}}",
            "remote-strategies.a.deadline: must be a duration from 1ms to 10s, such as 200ms or 5s,"
                + " not \"11s\""),
        second(
            "a signal in another language's case",
            "remote-strategies: {a: {kind: filter, needs: [kv_cache_usage]}}",
            "remote-strategies.a.needs[0]: must be "
                + Stream.of(Signal.values()).map(Signal::id).sorted().collect(joining(" or "))
                + ", not \"kv_cache_usage\""));
  }

  static List<Bad> cluster() {
    return List.of(
        second(
            "an unknown key of the cluster",
            "cluster: {member: []}",
            "cluster.member: is unknown, did you mean \"members\"? (known here: enabled, host,"
                + " members, port)"),
        second(
            "a member that is a URL",
            "cluster: {members: ['http://a']}",
            "cluster.members[0]: must be host:port with a port from 1 to 65535, not \"http://a\""),
        second(
            "a member twice",
            "cluster: {members: [a, 'a:5701']}",
            "cluster.members[1]: \"a:5701\" is there twice"));
  }

  static List<Bad> prefillDecode() {
    return List.of(
        bad(
            "a dialect that is none",
            "models: [{name: m, prefill-decode: {dialect: shfs}}]",
            "line 1: models[0].prefill-decode.dialect: must be mooncake or nixl or sglang or"
                + " shared-storage or sidecar or tensorrt-llm, not \"shfs\""),
        bad(
            "a prefill that may take no time",
            "models: [{name: m, prefill-decode: {timeout: 99ms}}]",
            "line 1: models[0].prefill-decode.timeout: must be a duration from 100ms to 10m, such as"
                + " 200ms or 5s, not \"99ms\""),
        bad(
            "a bootstrap port that is none",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {bootstrap-port: a}}]}]",
            "line 1: models[0].endpoints[0].labels.bootstrap-port: must be a port from 0 to 65535,"
                + " not \"a\""));
  }

  @Test
  void aBootstrapPortIsThatOfTheEndpointOrOfTheModel() {
    var config =
        read("models: [{name: m, prefill-decode: {dialect: sglang, timeout: 5s, bootstrap-port: 9}}]")
            .models()
            .getFirst()
            .prefillDecode();

    assertThat(config)
        .isEqualTo(new PrefillDecodeConfig(TransferDialect.SGLANG, Duration.ofSeconds(5), 9));
    assertThat(config.bootstrapPort(Map.of())).isEqualTo(9);
    assertThat(config.bootstrapPort(Map.of("model.aibrix.ai/sglang-bootstrap-port", "8")))
        .isEqualTo(8);
    assertThat(
            config.bootstrapPort(
                Map.of("bootstrap-port", "7", "model.aibrix.ai/sglang-bootstrap-port", "8")))
        .isEqualTo(7);
  }

  static List<Bad> kvEvents() {
    return List.of(
        bad(
            "a source that is none",
            "models: [{name: m, kv-events: nats}]",
            "line 1: models[0].kv-events: must be kafka or off or zeromq, not \"nats\""),
        second(
            "no brokers", "kafka: {servers: []}", "kafka.servers: must have at least one server"),
        second(
            "a broker that is a URL",
            "kafka: {servers: ['http://a']}",
            "kafka.servers[0]: must be host:port with a port from 1 to 65535, not \"http://a\""),
        second(
            "a broker twice",
            "kafka: {servers: [a, 'a:9092']}",
            "kafka.servers[1]: \"a:9092\" is there twice"),
        second(
            "a topic with a space",
            "kafka: {events-topic: a b}",
            "kafka.events-topic: must have 1 to 249 letters, digits, \"-\", \"_\" and \".\""),
        second(
            "a property that is ours",
            "kafka: {properties: {group.id: x}}",
            "kafka.properties.group.id: is the host's to decide"),
        second(
            "a place to listen that is none",
            "zeromq: {bind: '*:5559'}",
            "zeromq.bind: must be empty, or an address such as tcp://0.0.0.0:5559"),
        bad(
            "a version of HTTP that there is not",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {http-version: '3'}}]}]",
            "line 1: models[0].endpoints[0].labels.http-version: must be 1.1 or 2, not \"3\""),
        bad(
            "a port of KV events that is none",
            "models: [{name: m, endpoints: [{address: '1.1.1.1', labels: {kv-events-port: '70000'}}]}]",
            "line 1: models[0].endpoints[0].labels.kv-events-port: must be a port from 0 to 65535, not"
                + " \"70000\""));
  }

  @ParameterizedTest
  @MethodSource({
    "files",
    "keys",
    "admins",
    "values",
    "models",
    "endpoints",
    "plugins",
    "strategies",
    "cluster",
    "prefillDecode",
    "kvEvents"
  })
  void everyProblemIsSaidWithItsPlace(Bad row) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(row.yaml()))
        .satisfies(refused ->
            assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .containsExactlyElementsOf(row.problems()));
  }

  static List<Bad> notYaml() {
    return List.of(
        bad("a bracket that does not end", "models: [", "line 1: is not YAML"),
        bad("a tab for indentation", "models:\n\t- name: m", "line 2: is not YAML"),
        bad("two documents", "a: 1\n---\nb: 2", "line 2: is not YAML"),
        bad("a key that is a list", "[1]: 2", "is not YAML"),
        bad("an alias of nothing", "models: *nothing", "line 1: is not YAML"),
        bad("a character that YAML does not have", "a: \u0001", "is not YAML"),
        bad("half a surrogate pair", "a: \ud800", "is not YAML"),
        bad(
            "lists far within each other",
            "[".repeat(100_000),
            "is not YAML: it is nested too deeply"),
        bad("a mapping that is its own key", "&a {*a : 1}", "is not YAML"));
  }

  @ParameterizedTest
  @MethodSource("notYaml")
  void whatIsNotYamlIsSaidOnce(Bad row) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(row.yaml()))
        .satisfies(refused ->
            assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .anySatisfy(problem -> assertThat(problem).startsWith(row.problems().getFirst())));
  }

  @Test
  void aListThatContainsItselfIsNoModel() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("models: &a [*a]"))
        .withMessageContaining("models[0]: must be a mapping of keys to values, not a list");
  }

  @Test
  void noTextMakesItFail() {
    var random = new SplittableRandom(1);
    var telling = "{}[]:,-#&*!|>'\"%@`?~ \t\n\r\\<=.0x\u0000\ufeff\u2028\ud800";
    for (int run = 0; run < 5_000; run++) {
      var yaml = new StringBuilder(EVERYTHING);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(yaml.length());
        switch (random.nextInt(4)) {
          case 0 -> yaml.setCharAt(at, telling.charAt(random.nextInt(telling.length())));
          case 1 -> yaml.insert(at, telling.charAt(random.nextInt(telling.length())));
          case 2 -> yaml.delete(at, Math.min(yaml.length() - 1, at + random.nextInt(40)));
          default -> yaml.insert(at, yaml.substring(at, Math.min(yaml.length(), at + 30)));
        }
      }
      assertThatNoException()
          .as(yaml.toString())
          .isThrownBy(() ->
              ConfigReader.read(yaml.toString(), ConfigReaderTest::resolve, new ConfigProblems()));
    }
  }
}
