package io.signalbox.strategies;

import io.signalbox.sdk.Signal;
import io.signalbox.strategies.Columns.Address;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Candidates and a request that ask something of a strategy. */
record Situation(String name, Requests request, Columns candidates) {
  /** A request of one of many users and sessions. */
  static Requests richRequest(int number) {
    return Requests.of("m")
        .user("user-" + number)
        .header("x-aibrix-session-key", "session-" + number)
        .promptTokens(1_000)
        .expectedOutputTokens(200);
  }

  /** Endpoints with a value of every signal. */
  static Columns filled(int size, IntToDoubleFunction value) {
    var columns = new EnumMap<Signal, double[]>(Signal.class);
    for (var signal : Signal.values()) {
      int shift = signal.ordinal();
      columns.put(
          signal,
          IntStream.range(0, size).mapToDouble(i -> value.applyAsDouble(i + shift)).toArray());
    }
    return new Columns(IntStream.range(0, size).mapToObj(Situation::address).toList(), columns);
  }

  /** Pairs of a prefill and a decode endpoint, and now and then one that does both. */
  private static Address address(int i) {
    var labels =
        i % 7 == 0
            ? Address.SERVES_ALONE
            : Map.of(
                "roleset-name", "set-" + i / 7, "role-name", i % 2 == 0 ? "prefill" : "decode");
    return new Address("10.0.0.1", 1 + i, labels);
  }

  private static double hostile(int i) {
    return switch (i % 8) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> -1;
      case 4 -> -0.0;
      case 5 -> Double.MAX_VALUE;
      case 6 -> Double.MIN_VALUE;
      default -> 0.5;
    };
  }

  /** From the plain to the hostile. */
  static List<Situation> all() {
    var bare = Requests.of("m");
    var rich = richRequest(1);
    return List.of(
        new Situation("one candidate", rich, filled(1, i -> 0.5)),
        new Situation("one candidate, nothing known", bare, filled(1, i -> Double.NaN)),
        new Situation("two candidates", rich, filled(2, i -> 1 / (1.0 + i))),
        new Situation("a thousand candidates", rich, filled(1_000, i -> (i * 37 % 101) / 101.0)),
        new Situation("all signals unknown", rich, filled(17, i -> Double.NaN)),
        new Situation("all equal", rich, filled(17, i -> 0)),
        new Situation("numbers of every kind", rich, filled(64, Situation::hostile)),
        new Situation("the same of a bare request", bare, filled(64, Situation::hostile)),
        new Situation(
            "lengths that are no numbers",
            rich.promptTokens(Double.POSITIVE_INFINITY).expectedOutputTokens(-1),
            filled(8, i -> 0.5)),
        new Situation(
            "an empty user and empty headers",
            bare.user("").header("x-session-id", "").header("x-aibrix-session-key", ""),
            filled(8, i -> 0.5)));
  }

  @Override
  public String toString() {
    return name;
  }
}
