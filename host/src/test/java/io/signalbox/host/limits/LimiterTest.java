package io.signalbox.host.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.LimitsConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.config.ModelRouting.Profile;
import io.signalbox.host.config.ModelRouting.TokenRange;
import io.signalbox.host.config.UserConfig;
import io.signalbox.host.limits.AdmissionResult.Admitted;
import io.signalbox.host.limits.AdmissionResult.Refused;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.LimitMetrics;
import io.signalbox.host.telemetry.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The limits of users and models, counted in this process. */
class LimiterTest {
  private static final int UNLIMITED = LimitsConfig.UNLIMITED;

  private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(7));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Limiter limiter =
      new Limiter(
          100_000,
          new Limiter.Surroundings(now::get, Runnable::run, new LimitMetrics(meters), null));

  static String sha256(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static UserConfig user(String name, String... keys) {
    return new UserConfig(
        name, List.of(keys).stream().map(LimiterTest::sha256).toList(), Optional.empty());
  }

  private static AccessConfig access(
      AccessConfig.Identity identity,
      LimitsConfig perUser,
      LimitsConfig perModel,
      List<UserConfig> users) {
    return new AccessConfig(
        identity, perUser, perModel, LimitsConfig.NONE, 1000, Optional.empty(), users);
  }

  private void limitUsers(LimitsConfig perUser) {
    limiter.apply(
        access(AccessConfig.Identity.USER_HEADER, perUser, LimitsConfig.NONE, List.of()),
        List.of());
  }

  /** A prompt of 100 tokens by the rule of thumb, and an answer of 20 at the most. */
  private static InferenceRequest request(@Nullable String user) {
    var body = "{\"model\":\"m\",\"prompt\":\"%s\"}".formatted("x".repeat(400));
    return new InferenceRequest(
        new Scanned("m", user, false, 20),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        OutputLengths.NONE);
  }

  private AdmissionResult ask(@Nullable String user) {
    return ask(user, Optional.empty());
  }

  private AdmissionResult ask(@Nullable String user, Optional<String> profile) {
    var results = new ArrayList<AdmissionResult>();
    limiter.admit(request(user), profile, Runnable::run, results::add);
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  private Admission admit(String user) {
    return ((Admitted) ask(user)).admission();
  }

  private Refusal refuse(String user) {
    return ((Refused) ask(user)).refusal();
  }

  private void pass(long amount, TimeUnit unit) {
    now.addAndGet(unit.toNanos(amount));
  }

  // Who it is

  /** What headers say of who it is. */
  record Who(
      String name,
      AccessConfig.Identity identity,
      List<UserConfig> users,
      Map<String, String> headers,
      String expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Who> who() {
    var keys = AccessConfig.Identity.KEYS;
    var header = AccessConfig.Identity.USER_HEADER;
    var users = List.of(user("ann", "k1", "k2"), user("bob", "k3"));
    return List.of(
        new Who("no users", keys, List.of(), Map.of("authorization", "Bearer x"), "unasked"),
        new Who("a key", keys, users, Map.of("authorization", "Bearer k1"), "ann by authorization"),
        new Who(
            "another", keys, users, Map.of("authorization", "bEARER  k2 "), "ann by authorization"),
        new Who("somebody else's", keys, users, Map.of("x-api-key", "k3"), "bob by x-api-key"),
        new Who(
            "both, and the first counts",
            keys,
            users,
            Map.of("authorization", "Bearer k1", "x-api-key", "k3"),
            "ann by authorization"),
        new Who(
            "another scheme",
            keys,
            users,
            Map.of("authorization", "Basic abc", "x-api-key", "k3"),
            "bob by x-api-key"),
        new Who("none", keys, users, Map.of(), "invalid-api-key"),
        new Who("an unknown one", keys, users, Map.of("x-api-key", "k4"), "invalid-api-key"),
        new Who("an empty one", keys, users, Map.of("authorization", "Bearer "), "invalid-api-key"),
        new Who(
            "a hash is no key", keys, users, Map.of("x-api-key", sha256("k1")), "invalid-api-key"),
        new Who(
            "a huge one", keys, users, Map.of("x-api-key", "k".repeat(2000)), "invalid-api-key"),
        new Who("a user's name is no key", keys, users, Map.of("user", "ann"), "invalid-api-key"),
        new Who("a header that is believed", header, List.of(), Map.of("user", " cid "), "cid"),
        new Who("no such header", header, List.of(), Map.of(), "anonymous"),
        new Who("a blank one", header, List.of(), Map.of("user", " "), "anonymous"),
        new Who(
            "too long a name", header, List.of(), Map.of("user", "u".repeat(257)), "unknown-user"));
  }

  @ParameterizedTest
  @MethodSource("who")
  void headersSayWhoItIs(Who row) {
    limiter.apply(
        access(row.identity(), LimitsConfig.NONE, LimitsConfig.NONE, row.users()), List.of());

    assertThat(text(limiter.identify(RequestHeaders.of(row.headers())))).isEqualTo(row.expected());
  }

  private static String text(Identity identity) {
    return switch (identity) {
      case Identity.Unasked _ -> "unasked";
      case Identity.Anonymous _ -> "anonymous";
      case Identity.Known(var user, var header) -> user + header.map(" by "::concat).orElse("");
      case Identity.Stranger(var refusal) -> refusal.reason().id();
    };
  }

  @Test
  void theUserThatTheBodyNamesCountsOnlyWhereNobodyIsAsked() {
    var body = new Scanned("m", "ann", false);

    assertThat(new Identity.Unasked().of(body).user()).isEqualTo("ann");
    assertThat(new Identity.Known("bob", Optional.empty()).of(body).user()).isEqualTo("bob");
    assertThat(new Identity.Anonymous().of(body).user()).isNull();
  }

  @Test
  void whatIsRefusedDoesNotTellTheKey() {
    limiter.apply(
        access(
            AccessConfig.Identity.KEYS, LimitsConfig.NONE, LimitsConfig.NONE, List.of(user("a"))),
        List.of());
    var refusal =
        ((Identity.Stranger) limiter.identify(RequestHeaders.of(Map.of("x-api-key", "sesame"))))
            .refusal();

    assertThat(refusal.status()).isEqualTo(401);
    assertThat(refusal.toString()).doesNotContain("sesame");
    assertThat(refusal.headers()).containsEntry("www-authenticate", "Bearer");
  }

  // What may be taken

  @Test
  void withoutLimitsNobodyIsAsked() {
    assertThat(limiter.limits("m")).isFalse();
    assertThat(limiter.endpoints("m")).isNull();
    assertThat(admit("ann")).isSameAs(Admission.NONE);
  }

  @Test
  void requestsPerMinuteAreLimitedForEachUser() {
    limitUsers(LimitsConfig.perMinute(2, UNLIMITED));
    admit("ann");
    admit("ann");
    admit("bob");

    var refusal = refuse("ann");

    assertThat(refusal.reason()).isEqualTo(Reason.REQUEST_LIMIT);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.headers())
        .isEqualTo(
            Map.of(
                "retry-after", "30",
                "x-ratelimit-limit-requests", "2",
                "x-ratelimit-remaining-requests", "0",
                "x-ratelimit-reset-requests", "1m0s"));
    assertThat(refusal.message())
        .isEqualTo("user ann may take 2 requests per minute; try again in 30s");
    assertThat(ask(null)).isInstanceOf(Admitted.class);
    pass(30, TimeUnit.SECONDS);
    admit("ann");
  }

  @Test
  void requestsPerSecondAreLimited() {
    limitUsers(new LimitsConfig(UNLIMITED, 2, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED));
    admit("ann");
    admit("ann");

    assertThat(refuse("ann").headers()).containsEntry("retry-after", "1");
    pass(500, TimeUnit.MILLISECONDS);
    admit("ann");
  }

  @Test
  void requestsAtATimeAreLimited() {
    limitUsers(new LimitsConfig(UNLIMITED, UNLIMITED, UNLIMITED, 1, UNLIMITED, UNLIMITED));
    var first = admit("ann");

    assertThat(refuse("ann").reason()).isEqualTo(Reason.CONCURRENCY_LIMIT);
    assertThat(refuse("ann").headers()).isEqualTo(Map.of("retry-after", "1"));
    first.settle(Double.NaN, Double.NaN);
    admit("ann");
  }

  @Test
  void expectedTokensAreReservedAndPutRight() {
    limitUsers(LimitsConfig.perMinute(UNLIMITED, 300));
    var first = admit("ann");
    assertThat(first.headers()).containsEntry("x-ratelimit-remaining-tokens", "180");
    var second = admit("ann");

    assertThat(refuse("ann").reason()).isEqualTo(Reason.TOKEN_LIMIT);
    // 120 were expected.
    first.settle(10, 2);
    second.settle(100, 10);

    assertThat(admit("ann").headers())
        .containsEntry("x-ratelimit-remaining-tokens", String.valueOf(300 - 12 - 110 - 120));
  }

  @Test
  void whoTookMoreThanExpectedWaitsLonger() {
    limitUsers(LimitsConfig.perMinute(UNLIMITED, 300));
    admit("ann").settle(100, 400);

    assertThat(refuse("ann").headers()).containsEntry("retry-after", "64");
  }

  @Test
  void aRequestThatIsLargerThanTheBurstNeedNotTryAgain() {
    limitUsers(LimitsConfig.perMinute(UNLIMITED, 119));
    var refusal = refuse("ann");

    assertThat(refusal.headers()).doesNotContainKey("retry-after");
    assertThat(refusal.message())
        .isEqualTo("the request is expected to take 120 tokens, and user ann may take 119 at once");
  }

  /** How an exchange ends, and how many of 300 tokens are left. */
  record End(String name, Consumer<Admission> end, int left) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<End> ends() {
    double unknown = Double.NaN;
    return List.of(
        new End("usage is told", admission -> admission.settle(90, 30), 180),
        new End("usage is not told", admission -> admission.settle(unknown, unknown), 180),
        new End("the answer's length is known", admission -> admission.settle(unknown, 7), 193),
        new End("there is no answer to count", admission -> admission.settle(80, unknown), 220),
        new End("the engine refused", Admission::settleUnserved, 300),
        new End("no engine was reached", Admission::giveBack, 300));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void theFirstEndCounts(End row) {
    limitUsers(LimitsConfig.perMinute(UNLIMITED, 300));
    var admission = admit("ann");

    row.end().accept(admission);
    ends().forEach(other -> other.end().accept(admission));

    assertThat(admit("ann").headers())
        .containsEntry("x-ratelimit-remaining-tokens", String.valueOf(row.left() - 120));
  }

  @Test
  void whatReachedNoEngineIsNoRequestEither() {
    limitUsers(LimitsConfig.perMinute(1, UNLIMITED));
    admit("ann").giveBack();
    admit("ann").settleUnserved();

    assertThat(refuse("ann").reason()).isEqualTo(Reason.REQUEST_LIMIT);
  }

  @Test
  void whatTheModelDoesNotAllowCostsTheUserNothing() {
    limiter.apply(
        access(
            AccessConfig.Identity.USER_HEADER,
            LimitsConfig.perMinute(2, 1000),
            LimitsConfig.perMinute(1, UNLIMITED),
            List.of()),
        List.of(new ModelConfig("m", "auto", List.of())));
    admit("bob");

    assertThat(refuse("ann").message()).startsWith("model m may take 1 requests per minute");
    limiter.apply(
        access(
            AccessConfig.Identity.USER_HEADER,
            LimitsConfig.perMinute(2, 1000),
            LimitsConfig.NONE,
            List.of()),
        List.of());
    assertThat(admit("ann").headers())
        .containsEntry("x-ratelimit-remaining-requests", "1")
        .containsEntry("x-ratelimit-remaining-tokens", "880");
  }

  @Test
  void profilesHaveLimitsOfTheirOwn() {
    var brief =
        new Profile(
            Optional.empty(),
            TokenRange.ALL,
            TokenRange.ALL,
            Map.of(),
            Optional.of(LimitsConfig.perMinute(1, UNLIMITED)));
    var routing =
        new ModelRouting(Optional.empty(), Optional.empty(), new TreeMap<>(Map.of("brief", brief)));
    limiter.apply(
        AccessConfig.DEFAULT,
        List.of(
            new ModelConfig("m", "auto", List.of(), routing, Optional.empty(), Map.of()),
            new ModelConfig("n", "auto", List.of())));

    assertThat(limiter.limits("m")).isTrue();
    assertThat(limiter.limits("n")).isFalse();
    assertThat(ask(null, Optional.of("brief"))).isInstanceOf(Admitted.class);
    assertThat(((Refused) ask(null, Optional.of("brief"))).refusal().message())
        .startsWith("profile brief of model m may take 1 requests per minute");
    assertThat(ask(null, Optional.of("long"))).isInstanceOf(Admitted.class);
    assertThat(ask(null)).isInstanceOf(Admitted.class);
  }

  @Test
  void aReloadForgetsNothing() {
    limitUsers(LimitsConfig.perMinute(2, UNLIMITED));
    admit("ann");
    admit("ann");
    limitUsers(LimitsConfig.perMinute(2, UNLIMITED));

    assertThat(refuse("ann").reason()).isEqualTo(Reason.REQUEST_LIMIT);
  }

  @Test
  void refusalsAreCounted() {
    limitUsers(LimitsConfig.perMinute(1, UNLIMITED));
    admit("ann");
    refuse("ann");

    assertThat(
            meters
                .get("signalbox.limit.refusals")
                .tags("scope", "user", "limit", "requests-per-minute")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(meters.get("signalbox.limit.counted").tags("scope", "user").gauge().value())
        .isEqualTo(1);
  }

  @Test
  void tenThousandUsersHaveTheirKeysAndTheirLimits() {
    var users = IntStream.range(0, 10_000).mapToObj(i -> user("user-" + i, "key-" + i)).toList();
    limiter.apply(
        access(
            AccessConfig.Identity.KEYS,
            LimitsConfig.perMinute(1, UNLIMITED),
            LimitsConfig.NONE,
            users),
        List.of());

    for (int i = 0; i < users.size(); i++) {
      var identity = limiter.identify(RequestHeaders.of(Map.of("x-api-key", "key-" + i)));
      assertThat(text(identity)).isEqualTo("user-" + i + " by x-api-key");
      admit("user-" + i).settleUnserved();
    }
    assertThat(refuse("user-77").reason()).isEqualTo(Reason.REQUEST_LIMIT);
  }

  /** Ends come in any order, some twice, and what is left in the end is what was not used. */
  @Test
  void everyReservationIsSettledOnce() {
    for (long seed : LongStream.range(0, 200).toArray()) {
      var random = new SplittableRandom(seed);
      var name = "user-" + seed;
      limitUsers(new LimitsConfig(1000, UNLIMITED, 100_000, 40, UNLIMITED, UNLIMITED));
      var open = new ArrayList<Admission>();
      var ended = new ArrayList<Admission>();
      long used = 0;
      int requests = 0;
      for (int step = 0; step < 200; step++) {
        if (open.isEmpty() || random.nextBoolean()) {
          if (ask(name) instanceof Admitted(var admission)) {
            open.add(admission);
            requests++;
          } else {
            assertThat(open).as("seed %d", seed).hasSize(40);
          }
        } else {
          var admission = open.remove(random.nextInt(open.size()));
          switch (random.nextInt(3)) {
            case 0 -> {
              admission.settle(50, 25);
              used += 75;
            }
            case 1 -> admission.settleUnserved();
            default -> {
              admission.giveBack();
              requests--;
            }
          }
          ended.add(admission);
          if (random.nextBoolean()) {
            ended.get(random.nextInt(ended.size())).settle(1000, 1000);
            ended.get(random.nextInt(ended.size())).giveBack();
          }
        }
      }
      open.forEach(Admission::giveBack);
      requests -= open.size();

      assertThat(admit(name).headers())
          .as("seed %d", seed)
          .containsEntry("x-ratelimit-remaining-tokens", "" + (100_000 - used - 120))
          .containsEntry("x-ratelimit-remaining-requests", "" + (1000 - requests - 1));
    }
  }
}
