package io.signalbox.host.signals;

import io.signalbox.host.config.GpuProfileConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an endpoint can do, looked up by the size of a request. Immutable.
 *
 * <p>Source: the profiles of AIBrix' GPU optimizer, and how its {@code slo} router reads them.
 */
public final class GpuProfile {
  /*
   * Axes are kept as base-2 logarithms: the nearest number is the one with the smallest ratio. What
   * lies beyond an axis counts as its end, and between two as near the greater, since a request
   * should rather be taken for too large.
   */

  /** Stands for the share of an endpoint that cannot serve a request within its targets. */
  public static final double UNSERVABLE = 1e9;

  private static final double HALF = 0.5;
  private static final double NONE = Double.NaN;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double[] outputTokens;
  private final double[] promptTokens;
  private final double[][] requestsPerSecond;
  private final double[][] e2eSeconds;
  private final double[][] ttftSeconds;
  private final double tpot;
  private final double ttft;
  private final double tpat;
  private final double e2e;

  /** The configured profile, which was checked. */
  public GpuProfile(GpuProfileConfig config) {
    outputTokens = logarithms(config.outputTokens());
    promptTokens = logarithms(config.promptTokens());
    requestsPerSecond = table(config.requestsPerSecond());
    e2eSeconds = table(config.e2eSeconds());
    ttftSeconds = table(config.ttftSeconds());
    tpot = seconds(config.slo().tpot());
    ttft = seconds(config.slo().ttft());
    tpat = seconds(config.slo().tpat());
    e2e = seconds(config.slo().e2e());
  }

  private static double[] logarithms(List<Double> axis) {
    return axis.stream().mapToDouble(GpuProfile::log2).toArray();
  }

  private static double[][] table(List<List<Double>> rows) {
    return rows.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  private static double seconds(Optional<Duration> target) {
    return target.map(time -> time.toNanos() / NANOS_PER_SECOND).orElse(NONE);
  }

  private static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }

  /**
   * The row of a length of answers.
   *
   * @throws IllegalArgumentException when it is negative or not a number
   */
  public int row(double tokens) {
    return nearest(outputTokens, tokens);
  }

  /**
   * The place in a row of a length of prompts.
   *
   * @throws IllegalArgumentException when it is negative or not a number
   */
  public int column(double tokens) {
    return nearest(promptTokens, tokens);
  }

  private static int nearest(double[] axis, double tokens) {
    if (!(tokens >= 0)) {
      throw new IllegalArgumentException("a number of tokens is 0 or more, not " + tokens);
    }
    double at = log2(tokens);
    int next = 0;
    while (next < axis.length && axis[next] < at) {
      next++;
    }
    if (next == 0 || next == axis.length) {
      return Math.min(next, axis.length - 1);
    }
    double share = (at - axis[next - 1]) / (axis[next] - axis[next - 1]);
    return share < HALF ? next - 1 : next;
  }

  /**
   * The share of the endpoint that a request takes, 0 to 1: by Little's law an endpoint that meets
   * its targets at so many requests a second, each of which takes so long, has as many at a time as
   * the product says. {@link #UNSERVABLE} where it never meets them.
   */
  public double consumption(double output, double prompt) {
    int row = row(output);
    int column = column(prompt);
    double concurrency = requestsPerSecond[row][column] * e2eSeconds[row][column];
    return concurrency > 0 ? Math.min(1 / concurrency, 1) : UNSERVABLE;
  }

  /**
   * How much sooner than its target a request is expected to be done, in seconds; {@code NaN} where
   * there is no target, or nothing to compare it with. Of several targets the first counts of: time
   * for each token of the answer, to the first token, for each token, for the whole.
   */
  public double slackSeconds(double output, double prompt) {
    int row = row(output);
    int column = column(prompt);
    double whole = e2eSeconds[row][column];
    if (isSet(tpot)) {
      return tpot * output + (isSet(ttft) ? ttft : 0) - whole;
    }
    if (isSet(ttft)) {
      return ttftSeconds.length == 0 ? Double.NaN : ttft - ttftSeconds[row][column];
    }
    return isSet(tpat) ? tpat * (output + prompt) - whole : e2e - whole;
  }

  private static boolean isSet(double target) {
    return !Double.isNaN(target);
  }
}
