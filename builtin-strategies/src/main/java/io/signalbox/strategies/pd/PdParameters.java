package io.signalbox.strategies.pd;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import java.util.List;

/** The parameters of {@code pd}; defaults are AIBrix'. */
record PdParameters(PrefillScoring prefill, DecodeScoring decode, Buckets buckets) {
  /** Whether endpoints are chosen by the length of the prompt. */
  enum Buckets {
    ON,
    OFF
  }

  private static final Parameter PREFILL_POLICY =
      new Parameter.Text(
          "prefill-policy",
          "prefix-cache",
          "how prefill endpoints are compared: prefix-cache, least-request or conductor");
  private static final Parameter DECODE_POLICY =
      new Parameter.Text(
          "decode-policy",
          "load-balancing",
          "how decode endpoints are compared: load-balancing, least-request or conductor");
  private static final Parameter PREFILL_SPREAD =
      new Parameter.Numeric(
          "prefill-spread",
          16,
          0,
          1_000_000,
          "requests",
          "prefills outstanding by which endpoints may differ; beyond, the fewest win");
  private static final Parameter PREFILL_DEVIATIONS =
      new Parameter.Numeric(
          "prefill-deviations",
          1,
          0,
          1_000,
          "",
          "standard deviations above the mean of prefills outstanding that leave an endpoint out");
  private static final Parameter DECODE_SPREAD =
      new Parameter.Numeric(
          "decode-spread",
          16,
          1,
          1_000_000,
          "requests",
          "requests in flight by which decode endpoints must differ for the fewest to win");
  private static final Parameter RATE_SPREAD =
      new Parameter.Numeric(
          "decode-rate-spread",
          2_048,
          0,
          1e9,
          "tokens/s",
          "output tokens per second by which they may differ; beyond, the lowest wins");
  private static final Parameter DRAIN_RATIO =
      new Parameter.Numeric(
          "decode-drain-ratio",
          1.5,
          1,
          1_000_000,
          "",
          "times to drain may differ by this factor; beyond, the shortest wins");
  private static final Parameter RUNNING_WEIGHT =
      new Parameter.Numeric(
          "running-weight", 1, 0, 1_000, "", "what requests in flight count in load-balancing");
  private static final Parameter THROUGHPUT_WEIGHT =
      new Parameter.Numeric(
          "throughput-weight", 1, 0, 1_000, "", "what tokens per second count in load-balancing");
  private static final Parameter BUCKETS =
      new Parameter.Text(
          "prompt-buckets",
          "off",
          "on: endpoints take only prompts of the lengths in their labels");

  /** All of them. */
  static final List<Parameter> DECLARED =
      List.of(
          PREFILL_POLICY,
          DECODE_POLICY,
          PREFILL_SPREAD,
          PREFILL_DEVIATIONS,
          DECODE_SPREAD,
          RATE_SPREAD,
          DRAIN_RATIO,
          RUNNING_WEIGHT,
          THROUGHPUT_WEIGHT,
          BUCKETS);

  /**
   * Those of one use.
   *
   * @throws IllegalArgumentException for a policy that nobody knows
   */
  static PdParameters read(Parameters parameters) {
    var prefill =
        new PrefillScoring(
            PrefillPolicy.of(parameters.text(PREFILL_POLICY.name())),
            parameters.number(PREFILL_SPREAD.name()),
            parameters.number(PREFILL_DEVIATIONS.name()));
    var imbalance =
        new DecodeScoring.Imbalance(
            parameters.number(DECODE_SPREAD.name()),
            parameters.number(RATE_SPREAD.name()),
            parameters.number(DRAIN_RATIO.name()));
    var weights =
        new DecodeScoring.Weights(
            parameters.number(RUNNING_WEIGHT.name()), parameters.number(THROUGHPUT_WEIGHT.name()));
    var decode =
        new DecodeScoring(
            DecodePolicy.of(parameters.text(DECODE_POLICY.name())), imbalance, weights);
    return new PdParameters(prefill, decode, buckets(parameters.text(BUCKETS.name())));
  }

  private static Buckets buckets(String text) {
    return switch (text) {
      case "on" -> Buckets.ON;
      case "off" -> Buckets.OFF;
      default ->
          throw new IllegalArgumentException(
              "\"prompt-buckets\" must be on or off, not \"" + text + "\"");
    };
  }
}
