package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.AccessConfig.Identity;
import io.signalbox.host.config.AccessConfig.Redis;
import io.signalbox.host.config.AccessConfig.WhenAway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsReaderTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final int NO = LimitsConfig.UNLIMITED;

  private static Configuration read(String yaml) {
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(yaml, Optional::of, problems);
    problems.throwIfAny();
    return configuration;
  }

  private static List<String> problems(String yaml) {
    var problems = new ConfigProblems();
    var _ = ConfigReader.read("models: [{name: m}]\n" + yaml, Optional::of, problems);
    try {
      problems.throwIfAny();
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream()
          .map(problem -> problem.path() + ": " + problem.problem())
          .toList();
    }
  }

  @Test
  void everyKeyIsRead() {
    var configuration =
        read(
            """
            models:
              - name: m
                limits: {requests-per-second: 7}
                endpoint-limits: {concurrency: 32}
              - name: n
            limits:
              identity: aibrix
              user: {requests-per-minute: 60, tokens-per-minute: 9000, request-burst: 6, token-burst: 900}
              model: {tokens-per-minute: 1000000}
              endpoint: {concurrency: 64}
              max-users: 5000
              redis: {server: "redis:6380", password-file: p.txt, database: 2, prefix: a, timeout: 20ms, when-away: refuse}
            users:
              - {name: ann, keys: ["%s"], limits: {requests-per-minute: 6}}
              - {name: bob, limits: {}}
              - {name: cid}
            """
                .formatted(HASH));

    assertThat(configuration.models().getFirst().limits())
        .isEqualTo(
            new ModelLimits(
                Optional.of(new LimitsConfig(NO, 7, NO, NO, NO, NO)),
                Optional.of(new LimitsConfig(NO, NO, NO, 32, NO, NO))));
    assertThat(configuration.models().getLast().limits()).isEqualTo(ModelLimits.NONE);
    assertThat(configuration.access())
        .isEqualTo(
            new AccessConfig(
                Identity.AIBRIX,
                new LimitsConfig(60, NO, 9000, NO, 6, 900),
                new LimitsConfig(NO, NO, 1_000_000, NO, NO, NO),
                new LimitsConfig(NO, NO, NO, 64, NO, NO),
                5000,
                Optional.of(
                    new Redis(
                        "redis:6380",
                        Optional.of(Path.of("p.txt")),
                        2,
                        "a",
                        Duration.ofMillis(20),
                        WhenAway.REFUSE)),
                List.of(
                    new UserConfig(
                        "ann", List.of(HASH), Optional.of(LimitsConfig.perMinute(6, NO))),
                    new UserConfig("bob", List.of(), Optional.of(LimitsConfig.NONE)),
                    new UserConfig("cid", List.of(), Optional.empty()))));
  }

  @Test
  void withoutTheSectionsNothingIsLimited() {
    assertThat(read("models: [{name: m}]").access()).isEqualTo(AccessConfig.DEFAULT);
  }

  @Test
  void hashesAreNotShown() {
    assertThat(new UserConfig("ann", List.of(HASH), Optional.empty()).toString())
        .contains("ann")
        .doesNotContain(HASH);
  }

  record Row(String yaml, String problem) {}

  static List<Row> wrong() {
    return List.of(
        new Row(
            "limits: {user: {requests-per-minute: 0}}",
            "limits.user.requests-per-minute: must be an integer from 1 to 1000000000, not \"0\""),
        new Row(
            "limits: {user: {request-burst: 5}}",
            "limits.user.request-burst: needs requests-per-minute"),
        new Row(
            "limits: {user: {tokens-per-minute: 5, token-burst: 6}}",
            "limits.user.token-burst: must be at most tokens-per-minute, which is 5"),
        new Row(
            "limits: {identity: aibrix}",
            "limits.identity: aibrix needs limits.redis, where users' records are"),
        new Row(
            "limits: {redis: {}}",
            "limits.redis.server: must be host:port with a port from 1 to 65535, and is missing"),
        new Row(
            "limits: {redis: {server: r, prefix: \"a b\"}}",
            "limits.redis.prefix: must have 1 to 64 letters, digits, \":\", \"-\", \"_\" and \".\""),
        new Row(
            "users: [{keys: []}]",
            "users[0].name: must be what the user is called, and is missing"),
        new Row(
            "users: [{name: \"\"}]",
            "users[0].name: must have 1 to 256 characters that can be printed"),
        new Row("users: [{name: a}, {name: a}]", "users[1].name: \"a\" is there twice"),
        new Row(
            "users: [{name: a, keys: [sesame]}]",
            "users[0].keys[0]: must be the SHA-256 of a key, in 64 hexadecimal digits"),
        new Row(
            "users: [{name: a, keys: [\"%s\"]}, {name: b, keys: [\"%s\"]}]"
                .formatted(HASH, HASH.toUpperCase(java.util.Locale.ROOT)),
            "users[1].keys[0]: is there twice, here or with another user"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsSaid(Row row) {
    assertThat(problems(row.yaml())).containsExactly(row.problem());
  }
}
