package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
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
        max-body-size: 1MiB
        max-buffered-size: 8MiB
        max-header-size: 16KiB
        connect-timeout: 250ms
        idle-timeout: 10m
        max-connections: 100
      ext-proc:
        enabled: false
        host: "::1"
        port: 50053
        max-body-size: 4096
      admin:
        enabled: true
        host: 0.0.0.0
        port: 0
      models:
        - name: llama
          engine: vllm
          endpoints: ["10.0.0.1:8001", "[::1]:8002", engine.local]
        - name: "7"
      routing:
        default: least-request, least-kv-cache
        chains:
          fast: least-request
          even: round-robin
        unweighted-lists: weighted
      signals:
        scrape-interval: 1s
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
                    1024 * 1024,
                    8 * 1024 * 1024,
                    16 * 1024,
                    Duration.ofMillis(250),
                    Duration.ofMinutes(10),
                    100),
                new ExtProcConfig(new ListenConfig(false, "::1", 50_053), 4096),
                new AdminConfig(new ListenConfig(true, "0.0.0.0", 0)),
                List.of(
                    new ModelConfig(
                        "llama",
                        "vllm",
                        List.of(
                            new EndpointAddress("10.0.0.1:8001", "10.0.0.1", 8001),
                            new EndpointAddress("[::1]:8002", "::1", 8002),
                            new EndpointAddress("engine.local", "10.0.0.9", 8000))),
                    new ModelConfig("7", "vllm", List.of())),
                new RoutingConfig(
                    "least-request, least-kv-cache",
                    Map.of("fast", "least-request", "even", "round-robin"),
                    ListReading.WEIGHTED),
                new SignalsConfig(Duration.ofSeconds(1))));
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
            "gateway:\next-proc: {}\nadmin:\nrouting: null\nsignals: {}\n"),
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
                List.of(new ModelConfig("m", "vllm", List.of())),
                RoutingConfig.DEFAULT,
                SignalsConfig.DEFAULT));
  }

  @Test
  void zeroTurnsScrapingOff() {
    assertThat(read(SMALLEST + "signals: {scrape-interval: 0}").signals().scrapes()).isFalse();
    assertThat(read(SMALLEST).signals().scrapes()).isTrue();
    assertThat(read(SMALLEST).signals().maxAge()).isEqualTo(Duration.ofMillis(3 * 500 + 1000));
  }

  @Test
  void onlyWhatListensIsFixed() {
    var before = read(EVERYTHING);

    assertThat(before.listensLike(read(EVERYTHING.replace("least-request,", "random,")))).isTrue();
    assertThat(before.listensLike(read(EVERYTHING.replace("8081", "8082")))).isFalse();
    assertThat(before.listensLike(read(EVERYTHING.replace("50053", "50054")))).isFalse();
    assertThat(before.listensLike(read(EVERYTHING.replace("port: 0", "port: 1")))).isFalse();
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
            "limits: {}",
            "limits: is unknown (known here: admin, ext-proc, gateway, models, routing, signals)"),
        second(
            "a misspelt section",
            "gatway: {}",
            "gatway: is unknown, did you mean \"gateway\"? (known here: admin, ext-proc, gateway,"
                + " models, routing, signals)"),
        second(
            "a misspelt key",
            "admin: {prot: 1}",
            "admin.prot: is unknown, did you mean \"port\"? (known here: enabled, host, port)"),
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
            "line 1: models[0].engine: must be vllm, not \"hal\""),
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

  @ParameterizedTest
  @MethodSource({"files", "keys", "values", "models"})
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
