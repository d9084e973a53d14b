package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Picker;
import io.signalbox.sdk.StrategyFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundRobinTest {
  private static Picker create(StrategyFactory factory) {
    return (Picker) Columns.create(factory, Map.of());
  }

  private static int pick(Picker picker, String model, int... ports) {
    return ports[picker.pick(Columns.request(model), Columns.ports(ports))];
  }

  /** What one call sees, and the port it must choose. */
  record Call(int expected, List<Integer> ports) {}

  private static Call call(int expected, Integer... ports) {
    return new Call(expected, List.of(ports));
  }

  record Row(String name, List<Call> calls) {
    Row(String name, Call... calls) {
      this(name, List.of(calls));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row(
            "goes round in address order",
            call(1, 1, 2, 3),
            call(2, 1, 2, 3),
            call(3, 1, 2, 3),
            call(1, 1, 2, 3)),
        new Row("one endpoint is always the next", call(5, 5), call(5, 5)),
        new Row(
            "the last one was removed: on to the one after it",
            call(1, 1, 2, 3),
            call(2, 1, 2, 3),
            call(3, 1, 3),
            call(1, 1, 3)),
        new Row(
            "the last one of the order was removed: round to the first",
            call(1, 1, 2),
            call(2, 1, 2),
            call(1, 1)),
        new Row(
            "one was added before the last: it waits its turn",
            call(2, 2, 4),
            call(4, 1, 2, 4),
            call(1, 1, 2, 4)),
        new Row(
            "one was added after the last: it is the next",
            call(2, 2, 4),
            call(3, 2, 3, 4),
            call(4, 2, 3, 4)),
        new Row(
            "narrowed by an earlier stage: the next of those left",
            call(1, 1, 2, 3, 4),
            call(3, 1, 3),
            call(4, 1, 2, 3, 4)),
        new Row("all others: from the first", call(9, 9), call(1, 1, 2), call(2, 1, 2)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theNextAddressAfterTheLast(Row row) {
    var picker = create(RoundRobin.factory());

    for (var call : row.calls()) {
      assertThat(pick(picker, "m", call.ports().stream().mapToInt(Integer::intValue).toArray()))
          .as("among %s", call.ports())
          .isEqualTo(call.expected());
    }
  }

  @Test
  void eachModelHasItsOwnPosition() {
    var picker = create(RoundRobin.factory());

    assertThat(pick(picker, "a", 1, 2)).isEqualTo(1);
    assertThat(pick(picker, "b", 1, 2)).isEqualTo(1);
    assertThat(pick(picker, "a", 1, 2)).isEqualTo(2);
    assertThat(pick(picker, "b", 1, 2)).isEqualTo(2);
  }

  @Test
  void instancesOfOneFactoryShareThePosition() {
    var factory = RoundRobin.factory();
    var one = create(factory);
    var other = create(factory);

    assertThat(pick(one, "m", 1, 2, 3)).isEqualTo(1);
    assertThat(pick(other, "m", 1, 2, 3)).isEqualTo(2);
    assertThat(pick(one, "m", 1, 2, 3)).isEqualTo(3);
    assertThat(pick(create(RoundRobin.factory()), "m", 1, 2, 3)).isEqualTo(1);
  }

  @Test
  void eightThreadsTogetherGoRoundEvenly() throws Exception {
    var factory = RoundRobin.factory();
    Callable<int[]> thread =
        () -> {
          var picker = create(factory);
          return IntStream.range(0, 1_000).map(call -> pick(picker, "m", 1, 2, 3, 4)).toArray();
        };
    var counts = new int[5];
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var ports : threads.invokeAll(Collections.nCopies(8, thread))) {
        IntStream.of(ports.get()).forEach(port -> counts[port]++);
      }
    }

    assertThat(counts).containsExactly(0, 2_000, 2_000, 2_000, 2_000);
  }
}
