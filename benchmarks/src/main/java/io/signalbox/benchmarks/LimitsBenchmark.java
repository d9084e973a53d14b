package io.signalbox.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.LimitsConfig;
import io.signalbox.host.config.UserConfig;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.limits.AdmissionResult;
import io.signalbox.host.limits.AdmissionResult.Admitted;
import io.signalbox.host.limits.Identity;
import io.signalbox.host.limits.Limiter;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.LimitMetrics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What limits add to a request, in this process: who it is, and its admission by every limit of its
 * user and its model, up to its end. The prompt is read before.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LimitsBenchmark {
  private static final int MUCH = 1_000_000_000;
  private static final LimitsConfig EVERY_LIMIT =
      new LimitsConfig(MUCH, MUCH, MUCH, MUCH, LimitsConfig.UNLIMITED, LimitsConfig.UNLIMITED);

  /** Users that take turns. */
  @Param({"1", "10000"})
  public int users;

  private final List<InferenceRequest> requests = new ArrayList<>();
  private final List<RequestHeaders> headers = new ArrayList<>();
  private final Limiter limiter =
      new Limiter(
          100_000,
          new Limiter.Surroundings(
              System::nanoTime, Runnable::run, new LimitMetrics(new SimpleMeterRegistry()), null));
  private int turn;
  private @Nullable Admission admission;

  /** Makes users, their keys and a request of each. */
  @Setup
  public void setUp() {
    var configured = new ArrayList<UserConfig>();
    var body = "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(400) + "\"}";
    for (int i = 0; i < users; i++) {
      configured.add(new UserConfig("user-" + i, List.of(sha256("key-" + i)), Optional.empty()));
      headers.add(RequestHeaders.of(Map.of("authorization", "Bearer key-" + i)));
      var request =
          new InferenceRequest(
              new Scanned("m", "user-" + i, false, 20),
              RequestHeaders.of(Map.of()),
              () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
      if (Double.isNaN(request.promptTokens())) {
        throw new IllegalStateException("no prompt");
      }
      requests.add(request);
    }
    limiter.apply(
        new AccessConfig(
            AccessConfig.Identity.KEYS,
            EVERY_LIMIT,
            EVERY_LIMIT,
            LimitsConfig.NONE,
            100_000,
            Optional.empty(),
            configured),
        List.of());
  }

  private static String sha256(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private int next() {
    turn = turn + 1 == users ? 0 : turn + 1;
    return turn;
  }

  /** By its key. */
  @Benchmark
  public Identity identify() {
    return limiter.identify(headers.get(next()));
  }

  /** Without the headers of the answer; all tokens come back, so that there are always enough. */
  @Benchmark
  public void admitAndSettle() {
    admit().settle(0, 0);
  }

  /** With them. */
  @Benchmark
  public Map<String, String> admitTellAndSettle() {
    var admitted = admit();
    var told = admitted.headers();
    admitted.settle(0, 0);
    return told;
  }

  private Admission admit() {
    limiter.admit(requests.get(next()), Optional.empty(), Runnable::run, this::take);
    if (admission == null) {
      throw new IllegalStateException("not admitted");
    }
    return admission;
  }

  private void take(AdmissionResult result) {
    admission = result instanceof Admitted(var with) ? with : null;
  }
}
