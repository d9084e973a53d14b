package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.admin.FleetMeters;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.AdminConfig;
import io.signalbox.host.config.ClusterConfig;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.config.GatewayConfig;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.KafkaConfig;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.config.ZeroMqConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.plugin.PluginHost;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.host.telemetry.AdminMetrics;
import io.signalbox.host.telemetry.CertificateMetrics;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.FlowControlMetrics;
import io.signalbox.host.telemetry.HealthMetrics;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.LimitMetrics;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PrefillMetrics;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.host.telemetry.PushMetrics;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.host.telemetry.ReplicaMetrics;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.signalbox.host.telemetry.TokenizerMetrics;
import io.signalbox.host.telemetry.TracingMetrics;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the documentation says is what the code does. */
class DocumentationTest {
  private static final Markdown README = Markdown.page("README.md");
  private static final Markdown CONFIGURATION = Markdown.page("docs/configuration.md");
  private static final Markdown CHAINS = Markdown.page("docs/chains.md");

  /** Every host name resolves, so that examples may use any. */
  private static final HostResolver ANY_HOST = Optional::of;

  private static final String SMALLEST = "models: [{name: m}]";

  private static Configuration read(String yaml, ConfigProblems problems) {
    return ConfigReader.read(yaml, ANY_HOST, problems);
  }

  private static List<String> problems(String yaml) {
    var problems = new ConfigProblems();
    var _ = read(yaml, problems);
    try {
      problems.throwIfAny();
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(p -> p.path() + ": " + p.problem()).toList();
    }
  }

  // Configuration

  /** A row of the table of keys. */
  record Key(String path, String allowed, String defaultValue) {
    @Override
    public String toString() {
      return path;
    }

    /** The file that has this key alone, besides what must be there. */
    String yaml(String value) {
      return around(lastName(path) + ": " + value);
    }

    /** The same file without the key. */
    String yamlWithout() {
      return around("");
    }

    private String around(String members) {
      var yaml = members;
      var at = path;
      for (int dot = at.lastIndexOf('.'); dot > 0; dot = at.lastIndexOf('.')) {
        at = at.substring(0, dot);
        var mapping = "{" + required(at) + yaml + "}";
        yaml = lastName(at) + ": " + (at.endsWith("[]") ? "[" + mapping + "]" : mapping);
      }
      return (path.startsWith("models") ? "" : SMALLEST + "\n") + yaml;
    }

    private String tls() {
      return switch (lastName(path)) {
        case "certificate" -> "key: b";
        case "key" -> "certificate: a";
        default -> "certificate: a, key: b";
      };
    }

    /** What must be there beside the key, in the mapping at this path. */
    private String required(String at) {
      var required =
          switch (at) {
            case "models[]" -> "name: m";
            case "models[].endpoints[]" -> "address: a";
            case "models[].gpu-profiles.<name>" -> profile(path.substring(at.length() + 1));
            case "signals.dialects.<name>" -> "series: []";
            case "signals.dialects.<name>.series[]" -> row(path.substring(at.length() + 1));
            case "signals.prometheus" -> "url: 'http://prometheus:9090'";
            case "health.check" -> "path: /health";
            case "discovery.dns[]" ->
                path.endsWith("model")
                    ? "name: n"
                    : path.endsWith("name") ? "model: m" : "model: m, name: n";
            case "discovery.kubernetes" ->
                path.startsWith("discovery.kubernetes.pods") ? "inference-pools: [p]" : "pods: [p]";
            case "discovery.kubernetes.inference-pools[]" -> "name: p";
            case "discovery.kubernetes.endpoint-slices[]" ->
                path.endsWith("service")
                    ? "model: m"
                    : path.endsWith("model") ? "service: s" : "service: s, model: m";
            case "remote-strategies.<name>" ->
                path.endsWith("prefer") ? "kind: scorer" : "kind: filter";
            case "gateway.tls", "ext-proc.tls", "admin.tls" -> tls();
            case "limits.redis" -> "server: redis";
            case "telemetry.tracing" -> "url: 'http://collector:4318/v1/traces'";
            case "users[]" -> "name: u";
            case "limits.user" -> burst(path.substring(at.length() + 1));
            default -> "";
          };
      var key = at + "." + required.replaceFirst(":.*", "");
      return required.isEmpty() || path.equals(key) || path.startsWith(key + "[")
          ? ""
          : required + ", ";
    }

    /** What a row of a dialect must have beside one of its keys. */
    private static String row(String key) {
      return switch (key) {
        case "signal" -> "gauge: g";
        case "gauge" -> "signal: waiting, counter: c";
        case "per" -> "signal: waiting, counter: c";
        default -> "signal: waiting, gauge: g";
      };
    }

    /** What a profile must have beside one of its keys. */
    private static String profile(String key) {
      return Stream.of(
              "output-tokens: [1]",
              "prompt-tokens: [1]",
              "requests-per-second: [[1]]",
              "e2e-seconds: [[1]]",
              "ttft-seconds: [[1]]")
          .filter(member -> !member.startsWith(key + ":"))
          .collect(Collectors.joining(", "));
    }

    /** What comes at once is part of something. */
    private static String burst(String key) {
      return switch (key) {
        case "request-burst" -> "requests-per-minute: 1";
        case "token-burst" -> "tokens-per-minute: 1";
        default -> "";
      };
    }

    private static String lastName(String path) {
      return concrete(path.substring(path.lastIndexOf('.') + 1)).replace("[0]", "");
    }

    /** Where the reader finds the key in the file that has this key alone. */
    String place() {
      return concrete(path);
    }

    private static String concrete(String path) {
      return path.replace("[]", "[0]").replaceAll("<[a-z]+>", "x");
    }

    /** Matches the paths of files that have this key. */
    Pattern pattern() {
      return Pattern.compile(
          path.replace(".", "\\.").replace("[]", "\\[]").replaceAll("<[a-z]+>", "[^.]+"));
    }
  }

  static List<Key> keys() {
    return CONFIGURATION.section("Keys").rows().stream()
        .map(row -> new Key(row.get(0), row.get(1), row.get(2)))
        .toList();
  }

  /** A section of the file, and a file that has in it a key that nobody knows. */
  record Section(String name, String withUnknownKey) {
    @Override
    public String toString() {
      return name.isEmpty() ? "the file" : name;
    }
  }

  static List<Section> sections() {
    return List.of(
        new Section("", "x: 1"),
        new Section("gateway", "gateway: {x: 1}"),
        new Section("ext-proc", "ext-proc: {x: 1}"),
        new Section("admin", "admin: {x: 1}"),
        new Section("models[]", "models: [{x: 1}]"),
        new Section("models[].endpoints[]", "models: [{endpoints: [{x: 1}]}]"),
        new Section("models[].gpu-profiles.<name>", "models: [{gpu-profiles: {a: {x: 1}}}]"),
        new Section(
            "models[].gpu-profiles.<name>.slo", "models: [{gpu-profiles: {a: {slo: {x: 1}}}}]"),
        new Section("models[].prefill-decode", "models: [{prefill-decode: {x: 1}}]"),
        new Section("models[].profiles.<name>", "models: [{profiles: {a: {x: 1}}}]"),
        new Section("gateway.tls", "gateway: {tls: {certificate: a, key: b, x: 1}}"),
        new Section("ext-proc.tls", "ext-proc: {tls: {certificate: a, key: b, x: 1}}"),
        new Section("admin.tls", "admin: {tls: {certificate: a, key: b, x: 1}}"),
        new Section("routing", "routing: {x: 1}"),
        new Section("routing.flow-control", "routing: {flow-control: {x: 1}}"),
        new Section("routing.flow-control.full", "routing: {flow-control: {full: {x: 1}}}"),
        new Section("models[].flow-control", "models: [{flow-control: {x: 1}}]"),
        new Section("models[].flow-control.full", "models: [{flow-control: {full: {x: 1}}}]"),
        new Section("routing.objectives.<name>", "routing: {objectives: {a: {x: 1}}}"),
        new Section("signals", "signals: {x: 1}"),
        new Section("signals.dialects.<name>", "signals: {dialects: {a: {x: 1}}}"),
        new Section(
            "signals.dialects.<name>.series[]", "signals: {dialects: {a: {series: [{x: 1}]}}}"),
        new Section("signals.prometheus", "signals: {prometheus: {x: 1}}"),
        new Section("health", "health: {x: 1}"),
        new Section("health.check", "health: {check: {x: 1}}"),
        new Section("discovery", "discovery: {x: 1}"),
        new Section("discovery.dns[]", "discovery: {dns: [{x: 1}]}"),
        new Section("discovery.kubernetes", "discovery: {kubernetes: {x: 1}}"),
        new Section("discovery.kubernetes.pods[]", "discovery: {kubernetes: {pods: [{x: 1}]}}"),
        new Section(
            "discovery.kubernetes.inference-pools[]",
            "discovery: {kubernetes: {inference-pools: [{x: 1}]}}"),
        new Section(
            "discovery.kubernetes.endpoint-slices[]",
            "discovery: {kubernetes: {endpoint-slices: [{x: 1}]}}"),
        new Section("event-bus", "event-bus: {x: 1}"),
        new Section("event-bus.tcp-bridge", "event-bus: {tcp-bridge: {x: 1}}"),
        new Section("event-bus.sockjs-bridge", "event-bus: {sockjs-bridge: {x: 1}}"),
        new Section("prefix-index", "prefix-index: {x: 1}"),
        new Section("remote-strategies.<name>", "remote-strategies: {a: {x: 1}}"),
        new Section("plugins.<name>", "plugins: {a: {x: 1}}"),
        new Section("limits", "limits: {x: 1}"),
        new Section("limits.user", "limits: {user: {x: 1}}"),
        new Section("limits.redis", "limits: {redis: {x: 1}}"),
        new Section("users[]", "users: [{x: 1}]"),
        new Section("cluster", "cluster: {x: 1}"),
        new Section("kafka", "kafka: {x: 1}"),
        new Section("telemetry", "telemetry: {x: 1}"),
        new Section("telemetry.tracing", "telemetry: {tracing: {url: http://a, x: 1}}"),
        new Section("zeromq", "zeromq: {x: 1}"));
  }

  @ParameterizedTest
  @MethodSource("sections")
  void theKeysOfASectionAreThoseTheReaderKnows(Section section) {
    var known = Pattern.compile("x: is unknown.*\\(known here: (.*)\\)");
    var reader =
        problems(section.withUnknownKey()).stream()
            .flatMap(problem -> known.matcher(problem).results())
            .flatMap(found -> Stream.of(found.group(1).split(", ", -1)))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documentedKeys(section.name())).isNotEmpty().isEqualTo(reader);
  }

  private static Set<String> documentedKeys(String section) {
    var prefix = section.isEmpty() ? "" : section + ".";
    return keys().stream()
        .map(Key::path)
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()).replaceFirst("[.\\[].*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void whatAKeyAllowsIsWhatTheReaderAllows(Key key) {
    var ofWrongKinds =
        Stream.of("{}", "[]", "x").map(key::yaml).flatMap(yaml -> problems(yaml).stream()).toList();

    assertThat(ofWrongKinds)
        .anySatisfy(problem ->
            assertThat(problem).startsWith(key.place() + ": must be " + key.allowed() + ", not "));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aDefaultChangesNothing(Key key) {
    var without = problems(key.yamlWithout());
    if (key.defaultValue().startsWith("required")) {
      assertThat(without).anySatisfy(problem -> assertThat(problem).startsWith(key.place() + ": "));
      return;
    }
    assertThat(without).isEmpty();
    if (!key.defaultValue().equals("none")) {
      var yaml = key.yaml(key.defaultValue());

      assertThat(problems(yaml)).isEmpty();
      assertThat(read(yaml, new ConfigProblems()))
          .isEqualTo(read(key.yamlWithout(), new ConfigProblems()));
    }
  }

  static List<String> configurations() throws IOException {
    var configurations = new ArrayList<>(CONFIGURATION.blocks("yaml"));
    configurations.addAll(README.blocks("yaml"));
    configurations.addAll(CHAINS.blocks("yaml"));
    for (var page : List.of("docs/flow-control.md", "docs/limits.md", "docs/tracing.md")) {
      Markdown.page(page)
          .blocks("yaml")
          .forEach(yaml -> configurations.add(SMALLEST + "\n" + yaml));
    }
    configurations.add(Files.readString(Markdown.ROOT.resolve("conf/signalbox.yaml")));
    strategies()
        .forEach(strategy ->
            pageOf(strategy)
                .blocks("yaml")
                .forEach(yaml -> configurations.add(SMALLEST + "\n" + yaml)));
    return configurations;
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyExampleLoads(String yaml) {
    var strategies = StrategyRegistry.local(BuiltinStrategies.create());
    assertThatNoException()
        .isThrownBy(() ->
            LoadedConfiguration.read(
                yaml, new Surroundings(configuration -> strategies, ANY_HOST, Map.of())));
  }

  @Test
  void theFullExampleHasEveryKeyAtItsDefault() {
    var yaml = CONFIGURATION.blocks("yaml").getLast();
    var shown = new TreeSet<String>();
    collectKeys("", new Load(LoadSettings.builder().build()).loadFromString(yaml), shown);

    assertThat(keys())
        .allSatisfy(
            key -> assertThat(shown).anyMatch(path -> key.pattern().matcher(path).matches()));

    var configuration = read(yaml, new ConfigProblems());
    assertThat(configuration.gateway())
        .usingRecursiveComparison()
        .ignoringFields("tls")
        .isEqualTo(GatewayConfig.DEFAULT);
    assertThat(configuration.extProc())
        .usingRecursiveComparison()
        .ignoringFields("tls")
        .isEqualTo(ExtProcConfig.DEFAULT);
    assertThat(configuration.admin())
        .usingRecursiveComparison()
        .ignoringFields("tls", "tokenHash")
        .isEqualTo(AdminConfig.DEFAULT);
    assertThat(configuration.signals()).isEqualTo(SignalsConfig.DEFAULT);
    assertThat(configuration.prefixIndex()).isEqualTo(PrefixIndexConfig.DEFAULT);
    assertThat(configuration.cluster()).isEqualTo(ClusterConfig.DEFAULT);
    assertThat(configuration.kafka()).isEqualTo(KafkaConfig.DEFAULT);
    assertThat(configuration.zeroMq()).isEqualTo(ZeroMqConfig.DEFAULT);
    assertThat(configuration.plugins().folder()).isEqualTo(PluginsConfig.DEFAULT.folder());
  }

  private static void collectKeys(String path, Object node, Collection<String> into) {
    into.add(path);
    switch (node) {
      case Map<?, ?> mapping ->
          mapping.forEach((key, value) ->
              collectKeys(path.isEmpty() ? "" + key : path + "." + key, value, into));
      case List<?> list -> list.forEach(item -> collectKeys(path + "[]", item, into));
      default -> {}
    }
  }

  // Chains

  /** What the configuration says where {@code docs/chains.md} uses a named chain. */
  private static final Map<String, String> NAMED =
      Map.of("spread", "least-request, least-kv-cache");

  private static List<String> chainProblems(String chain) {
    var problems = new ArrayList<String>();
    var _ =
        RoutingPlan.read(
            StrategyRegistry.local(BuiltinStrategies.create()),
            Set.of(Signal.values()),
            new ChainTexts(chain, NAMED, Map.of(), ListReading.NARROW),
            (name, problem) -> problems.add(problem));
    return problems;
  }

  static List<String> chains() {
    return CHAINS.blocks("chain").stream().flatMap(String::lines).toList();
  }

  @ParameterizedTest
  @MethodSource("chains")
  void everyChainShownCanBeUsed(String chain) {
    assertThat(chainProblems(chain)).isEmpty();
  }

  static List<String> wrongChains() {
    return CHAINS.blocks("chain-error");
  }

  @ParameterizedTest
  @MethodSource("wrongChains")
  void everyWrongChainShownIsRefusedWithTheMessageShown(String chainAndMessage) {
    var lines = chainAndMessage.lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(chainProblems(lines.getFirst())).containsExactly(lines.getLast());
  }

  // Reasons and signals

  @Test
  void everyReasonHasItsRow() {
    var rows =
        Markdown.page("docs/headers-and-errors.md").section("Reasons").rows().stream()
            .map(row -> row.subList(0, 4))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Reason.values())
                .map(r -> List.of(r.id(), "" + r.status(), r.type(r.status()), r.code()))
                .toList());
  }

  @Test
  void everySignalHasItsRow() {
    var page = Markdown.page("docs/signals.md");
    int firstHead = page.lines().indexOf("## " + page.heads(2).getFirst());
    var rows =
        new Markdown(page.file(), page.lines().subList(0, firstHead))
            .rows().stream().map(row -> row.subList(0, 5)).toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Signal.values())
                .map(s ->
                    List.of(
                        s.name(),
                        s.id(),
                        s.pythonId(),
                        s.unit(),
                        switch (s.source()) {
                          case OWN -> "own";
                          case ENGINE -> "engine";
                          case ENGINE_ELSE_OWN -> "engine, else own";
                          case REQUEST -> "request";
                        }))
                .toList());
  }

  // Strategies

  static List<StrategyFactory> strategies() {
    return BuiltinStrategies.create();
  }

  private static Markdown pageOf(StrategyFactory strategy) {
    return Markdown.page("docs/strategies/" + strategy.id() + ".md");
  }

  @Test
  void everyStrategyHasAPageAndEveryPageAStrategy() throws IOException {
    var ids = strategies().stream().map(StrategyFactory::id).toList();
    try (var pages = Files.list(Markdown.ROOT.resolve("docs/strategies"))) {
      assertThat(pages.map(page -> page.getFileName().toString().replaceFirst("\\.md$", "")))
          .containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void everyStrategysPageHasTheSameHeads(StrategyFactory strategy) {
    assertThat(pageOf(strategy).heads(1)).containsExactly(strategy.id());
    assertThat(pageOf(strategy).heads(2))
        .containsExactly(
            "What it is for",
            "Rule",
            "Signals",
            "Parameters",
            "Without data",
            "Cost",
            "When not to use it");
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aStrategysPageNamesTheSignalsItNeeds(StrategyFactory strategy) {
    var text = String.join("\n", pageOf(strategy).section("Signals").lines());
    var named =
        Arrays.stream(Signal.values())
            .filter(signal -> text.contains("`" + signal.name() + "`"))
            .toList();

    assertThat(named).containsExactlyInAnyOrderElementsOf(strategy.needs());
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aStrategysPageListsItsParameters(StrategyFactory strategy) {
    var expected = new ArrayList<List<String>>();
    for (var parameter : strategy.parameters()) {
      switch (parameter) {
        case Parameter.Numeric n ->
            expected.add(
                List.of(
                    n.name(),
                    number(n.defaultValue()),
                    number(n.min()) + " to " + number(n.max()),
                    n.description()));
        case Parameter.Text text ->
            expected.add(List.of(text.name(), text.defaultValue(), "text", text.description()));
      }
    }
    var rows = pageOf(strategy).section("Parameters").rows();

    assertThat(rows.stream().filter(row -> !row.getFirst().equals("band")))
        .containsExactlyElementsOf(expected);
    assertThat(rows.stream().filter(row -> row.getFirst().equals("band")).map(row -> row.get(1)))
        .containsExactlyElementsOf(defaultBand(strategy));
  }

  /** The default band of a scorer; nothing for the other kinds. */
  private static List<String> defaultBand(StrategyFactory strategy) {
    var context =
        StrategyContext.of(
            Parameters.of(strategy.parameters(), Map.of()), new SplittableRandom(1), () -> 0);
    if (!(strategy.create(context) instanceof Scorer scorer)) {
      return List.of();
    }
    return List.of(
        switch (scorer.defaultBand()) {
          case Band.Absolute(double units) -> number(units);
          case Band.Relative(double ratio) -> number(ratio * 100) + "%";
        });
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "" + (long) value : "" + value;
  }

  // Meters

  @Test
  void everyMeterHasItsRow() {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    for (var door : Door.values()) {
      var metrics = new DoorMetrics(meters, door);
      metrics.decided("m", Optional.of("p"));
    }
    new ScrapeMetrics(meters).succeeded();
    new PushMetrics(meters).accepted(1);
    new HealthMetrics(meters).ejected();
    new DiscoveryMetrics(meters).succeeded(DiscoveryMetrics.Source.FILE);
    new PrefixMetrics(meters).learned("m", 2, 1);
    new TokenizerMetrics(meters).counted();
    new KvMetrics(meters).lag(0);
    new PrefillMetrics(meters).fellBack(PrefillMetrics.Fallback.PAIR);
    new FlowControlMetrics(meters).of("m", 0).waiting(0);
    new ReplicaMetrics(meters).refused();
    new TracingMetrics(meters).follow(() -> 0, () -> 0);
    var limits = new LimitMetrics(meters);
    limits.refused("user", "concurrency");
    limits.followCounted("user", () -> 0);
    limits.followShared(() -> true);
    new CertificateMetrics(meters).renewed("gateway", Instant.EPOCH);
    var plugins = new PluginMetrics(meters);
    plugins.calls("p", "s").compared(0);
    plugins.calls("p", "s").answered(1);
    plugins.changed("p", PluginMetrics.Change.LOADED);
    plugins.runtime("javascript", "optimised", 1);
    plugins.gauge(PluginHost.ABANDONED_METER, "", this, any -> 0);
    new AdminMetrics(meters).refused();
    var collectors = meters.getPrometheusRegistry();
    collectors.register(new FleetMeters(DocumentationTest::snapshot));
    collectors.register(new HostMeters(DocumentationTest::fleet, model -> 0));

    assertThat(Markdown.page("docs/operations.md").section("Metrics").rows())
        .extracting(row -> row.subList(0, 3))
        .containsExactlyInAnyOrderElementsOf(rowsOf(meters.scrape()));
  }

  /** One model with one endpoint. */
  private static Fleet fleet() {
    var address = List.of(new EndpointAddress("10.0.0.1", "10.0.0.1", 8000));
    return new EndpointRegistry().apply(List.of(new ModelConfig("m", "vllm", address)));
  }

  private static FleetSnapshot snapshot() {
    return new SampleTable().snapshot(fleet(), 0, 0);
  }

  /** Name, type and labels of every meter on a page of metrics. */
  private static List<List<String>> rowsOf(String page) {
    var types = new TreeMap<String, String>();
    var rows = new TreeMap<String, List<String>>();
    page.lines()
        .forEach(line -> {
          if (line.startsWith("# TYPE ")) {
            var words = line.split(" ", -1);
            types.put(words[2], words[3]);
          } else if (!line.startsWith("#")) {
            var name = line.split("[{ ]", 2)[0].replaceFirst("_(count|sum|max)$", "");
            var labels =
                Pattern.compile("([a-z_]+)=\"")
                    .matcher(line)
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.joining(", "));
            rows.put(name, List.of(name, types.getOrDefault(name, "?"), labels));
          }
        });
    return List.copyOf(rows.values());
  }

  // Pages

  @Test
  void theReadmeIsShort() {
    assertThat(README.lines()).hasSizeLessThan(120);
  }

  @Test
  void theReadmeNamesTheCommandThatContinuousIntegrationRuns() throws IOException {
    var script = Files.readAllLines(Markdown.ROOT.resolve(".ci/run"));
    // Options say how much is printed, and what is run besides.
    var command = script.getLast().replaceFirst("^exec ", "").replaceAll(" -\\S+", "");

    assertThat(README.blocks("sh")).contains(command);
  }

  @Test
  void everyFaultOfTheSoakIsExplainedWithTestsThatThereAre() {
    var rows =
        Markdown.page("docs/reliability.md").section("What fails, and what then happens").rows();

    assertThat(rows)
        .extracting(List::getFirst)
        .containsExactlyElementsOf(Stream.of(SoakFault.values()).map(SoakFault::what).toList());
    assertThat(rows.stream().flatMap(row -> Stream.of(row.getLast().split(", ", -1))))
        .allSatisfy(test ->
            assertThat(Class.forName(getClass().getPackageName() + "." + test)).isNotNull());
  }

  static List<Path> pages() throws IOException {
    try (var docs = Files.walk(Markdown.ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md").map(Markdown.ROOT::resolve),
              docs.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) {
    for (var link : Markdown.page(page).links()) {
      if (link.startsWith("https://")) {
        continue;
      }
      int hash = link.indexOf('#');
      var path = hash < 0 ? link : link.substring(0, hash);
      var target = path.isEmpty() ? page : page.resolveSibling(path);

      assertThat(target).as(link).exists();
      if (hash >= 0) {
        assertThat(Markdown.page(target).anchors()).as(link).contains(link.substring(hash + 1));
      }
    }
  }

  private static Path linked(Markdown from, String link) {
    return from.file().resolveSibling(link.replaceFirst("#.*", "")).normalize();
  }

  /** The pages of strategies over the table of chains, which the README links to. */
  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    var linked =
        Stream.of(README, CHAINS)
            .flatMap(page -> page.links().stream().map(link -> linked(page, link)))
            .collect(Collectors.toSet());

    assertThat(README.links()).contains("docs/chains.md#kinds-of-strategies");
    assertThat(pages().stream().skip(1)).allSatisfy(page -> assertThat(linked).contains(page));
  }
}
