package io.signalbox.host.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.Traffic;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Signals from our own traffic: endpoints a and b, the default window of a minute. */
class OwnSignalsTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(2);

  private long now = TimeUnit.DAYS.toNanos(3);
  private final SampleTable table = new SampleTable();
  private final EndpointRegistry registry = new EndpointRegistry(() -> now);
  private Fleet fleet = Fleet.EMPTY;

  @BeforeEach
  void begin() {
    apply("m");
    snapshot();
  }

  private void apply(String... models) {
    var endpoints =
        Stream.of("10.0.0.1", "10.0.0.2").map(ip -> new EndpointAddress(ip, ip, 8000)).toList();
    fleet =
        registry.apply(
            Stream.of(models).map(name -> new ModelConfig(name, "vllm", endpoints)).toList());
  }

  private ModelSnapshot snapshot() {
    return table.snapshot(fleet, now, MAX_AGE).models().stream()
        .map(name -> table.snapshot(fleet, now, MAX_AGE).model(name).orElseThrow())
        .findFirst()
        .orElseThrow();
  }

  private double value(Signal signal, int endpoint) {
    return snapshot().value(signal, endpoint);
  }

  private Traffic traffic(int endpoint) {
    return fleet.endpoints().get(endpoint).traffic();
  }

  private void times(int times, int endpoint, Consumer<Traffic> what) {
    for (int i = 0; i < times; i++) {
      what.accept(traffic(endpoint));
    }
  }

  /** Lets time pass, with a snapshot each half second. */
  private void pass(int seconds) {
    for (int i = 0; i < 2 * seconds; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(500);
      snapshot();
    }
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** A signal, and an exchange that gives it a value. */
  record Mean(Signal signal, Consumer<Traffic> exchange, double value) {
    @Override
    public String toString() {
      return signal.id();
    }
  }

  static List<Mean> means() {
    return List.of(
        new Mean(Signal.TTFT_SECONDS, traffic -> traffic.firstToken(millis(200)), 0.2),
        new Mean(Signal.E2E_SECONDS, traffic -> traffic.answered(millis(3_000)), 3),
        new Mean(Signal.ITL_SECONDS, traffic -> traffic.decoded(10, millis(500)), 0.05),
        new Mean(
            Signal.DECODE_SECONDS_PER_TOKEN, traffic -> traffic.decoded(10, millis(500)), 0.05),
        new Mean(
            Signal.PREFILL_SECONDS_PER_TOKEN,
            traffic -> traffic.prefilled(100, millis(200)),
            0.002),
        new Mean(Signal.ERROR_RATIO, Traffic::refused, 0));
  }

  @ParameterizedTest
  @MethodSource("means")
  void aMeanCountsOnceThereAreEnoughSamples(Mean mean) {
    times(4, A, mean.exchange());
    pass(1);
    assertThat(value(mean.signal(), A)).isNaN();
    assertThat(value(mean.signal(), B)).isNaN();

    times(1, A, mean.exchange());
    pass(1);
    assertThat(value(mean.signal(), A)).isEqualTo(mean.value(), within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("means")
  void anEndpointNobodyKnowsCountsAsTheBest(Mean mean) {
    times(5, A, mean.exchange());
    times(4, B, mean.exchange());
    pass(1);

    assertThat(value(mean.signal(), B)).isEqualTo(mean.value(), within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("means")
  void aMeanDoesNotAgeWhileNothingIsSentAnywhere(Mean mean) {
    times(5, A, mean.exchange());
    pass(1);

    pass(600);

    assertThat(value(mean.signal(), A)).isEqualTo(mean.value(), within(1e-12));
  }

  @Test
  void theMeanIsThatOfTheWindow() {
    times(50, A, traffic -> traffic.firstToken(millis(100)));
    pass(30);
    times(50, A, traffic -> traffic.firstToken(millis(300)));
    pass(1);
    assertThat(value(Signal.TTFT_SECONDS, A)).isEqualTo(0.2, within(1e-12));

    pass(31);
    assertThat(value(Signal.TTFT_SECONDS, A)).isEqualTo(0.3, within(1e-12));
  }

  @Test
  void oneThatWasSlowCountsAsTheBestAgainAfterAWindowWithoutTraffic() {
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    times(5, B, traffic -> traffic.firstToken(millis(9_000)));
    for (int second = 0; second < 50; second++) {
      pass(1);
      times(1, A, traffic -> traffic.firstToken(millis(100)));
      assertThat(value(Signal.TTFT_SECONDS, B)).isEqualTo(9);
    }
    for (int second = 0; second < 15; second++) {
      pass(1);
      times(1, A, traffic -> traffic.firstToken(millis(100)));
    }

    assertThat(value(Signal.TTFT_SECONDS, B)).isEqualTo(0.1, within(1e-12));
  }

  @Test
  void oneThatHangsDoesNotCountAsTheBestForIt() {
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    times(5, B, traffic -> traffic.firstToken(millis(9_000)));
    pass(1);
    fleet.endpoints().get(B).reserve();
    for (int second = 0; second < 100; second++) {
      pass(1);
      times(1, A, traffic -> traffic.firstToken(millis(100)));
    }

    assertThat(value(Signal.TTFT_SECONDS, B)).isEqualTo(9);
  }

  @Test
  void oneThatNobodyKnowsIsNotSentMoreThanItsShareBeforeItAnswers() {
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    for (int i = 0; i < 5; i++) {
      fleet.endpoints().get(B).reserve();
    }
    pass(1);
    assertThat(value(Signal.TTFT_SECONDS, B)).isEqualTo(0.1, within(1e-12));

    fleet.endpoints().get(B).reserve();
    pass(1);
    assertThat(value(Signal.TTFT_SECONDS, B)).isNaN();
  }

  @Test
  void oneThatNobodyKnowsAndThatFailsIsUnknown() {
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    times(5, B, Traffic::failed);
    pass(1);

    assertThat(value(Signal.TTFT_SECONDS, B)).isNaN();
    assertThat(value(Signal.ERROR_RATIO, B)).isEqualTo(1);
  }

  @Test
  void theErrorRatioIsOfThoseThatEnded() {
    times(3, A, traffic -> traffic.answered(1));
    times(2, A, Traffic::refused);
    times(15, A, Traffic::failed);
    pass(1);

    assertThat(value(Signal.ERROR_RATIO, A)).isEqualTo(0.75);
  }

  @Test
  void tokenRatesAreOverTheWindowAndFallToZeroWhenNothingIsSent() {
    for (int second = 0; second < 120; second++) {
      times(1, A, traffic -> traffic.servedPrompt(100));
      times(1, A, traffic -> traffic.servedOutput(10));
      pass(1);
    }
    assertThat(value(Signal.PROMPT_TOKENS_PER_SECOND, A)).isEqualTo(100, within(2.0));
    assertThat(value(Signal.OUTPUT_TOKENS_PER_SECOND, A)).isEqualTo(10, within(0.2));

    pass(66);
    assertThat(value(Signal.PROMPT_TOKENS_PER_SECOND, A)).isZero();
  }

  @Test
  void tokenRatesAreUnknownWhereAnswersDoNotTell() {
    times(5, A, traffic -> traffic.answered(1));
    times(5, B, traffic -> traffic.servedOutput(10));
    pass(1);

    assertThat(value(Signal.OUTPUT_TOKENS_PER_SECOND, A)).isNaN();
    assertThat(value(Signal.OUTPUT_TOKENS_PER_SECOND, B)).isPositive();
  }

  /** So many requests in flight for the whole window. */
  @ParameterizedTest
  @EnumSource(Busy.class)
  void theBusyRatioIsWeightedByInFlight(Busy row) {
    for (int i = 0; i < row.inFlight; i++) {
      fleet.endpoints().get(A).reserve();
    }
    pass(12);

    assertThat(value(Signal.BUSY_RATIO, A)).isEqualTo(row.ratio, within(1e-9));
  }

  enum Busy {
    IDLE(0, 0),
    ONE(1, 0.5),
    NINE(9, 0.9);

    private final int inFlight;
    private final double ratio;

    Busy(int inFlight, double ratio) {
      this.inFlight = inFlight;
      this.ratio = ratio;
    }
  }

  @Test
  void theBusyRatioForgetsWhatEnded() {
    var reservation = fleet.endpoints().get(A).reserve();
    pass(5);
    reservation.release();
    pass(5);
    assertThat(value(Signal.BUSY_RATIO, A)).isEqualTo(0.25, within(1e-9));

    pass(6);
    assertThat(value(Signal.BUSY_RATIO, A)).isZero();
  }

  @Test
  void theEngineComesFirstWhereItIsFresh() {
    times(5, A, traffic -> traffic.prefilled(100, millis(200)));
    table.put("10.0.0.1:8000", Signal.PREFILL_SECONDS_PER_TOKEN, new Sample(0.5, now));
    assertThat(value(Signal.PREFILL_SECONDS_PER_TOKEN, A)).isEqualTo(0.5);

    pass(3);
    assertThat(value(Signal.PREFILL_SECONDS_PER_TOKEN, A)).isEqualTo(0.002, within(1e-12));
  }

  @Test
  void anEngineThatHadNothingToMeasureCountsAsTheBest() {
    table.put("10.0.0.1:8000", Signal.QUEUE_SECONDS, new Sample(0.5, now));
    table.quiet(fleet.endpoints().get(1), Signal.QUEUE_SECONDS, now, Duration.ofNanos(MAX_AGE));
    assertThat(value(Signal.QUEUE_SECONDS, B)).isEqualTo(0.5);

    table.quiet(fleet.endpoints().get(0), Signal.QUEUE_SECONDS, now, Duration.ofNanos(MAX_AGE));
    assertThat(value(Signal.QUEUE_SECONDS, A)).isEqualTo(0.5);
    assertThat(value(Signal.QUEUE_SECONDS, B)).isNaN();
  }

  @Test
  void modelsAtOneAddressShareWhatWasMetThere() {
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    pass(1);

    apply("other");

    assertThat(value(Signal.TTFT_SECONDS, A)).isEqualTo(0.1, within(1e-12));
  }

  @Test
  void whatCameBeforeTheFirstSnapshotCounts() {
    apply("m");
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    var late = new SampleTable();

    var value = late.snapshot(fleet, now, MAX_AGE).model("m").orElseThrow();

    assertThat(value.value(Signal.TTFT_SECONDS, A)).isEqualTo(0.1, within(1e-12));
  }

  @Test
  void theAgeIsThatOfTheLastExchange() {
    times(5, A, traffic -> traffic.firstToken(millis(100)));
    pass(1);
    long changed = now - millis(500);
    pass(10);

    assertThat(snapshot().sampledAtNanos(Signal.TTFT_SECONDS, A)).isEqualTo(changed);
    assertThat(snapshot().sampledAtNanos(Signal.TTFT_SECONDS, B)).isEqualTo(ModelSnapshot.NEVER);
  }
}
