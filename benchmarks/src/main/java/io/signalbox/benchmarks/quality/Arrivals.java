package io.signalbox.benchmarks.quality;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Clients that come when they come, however busy the engines are. */
final class Arrivals {
  private final RandomGenerator random;
  private final long endNanos;
  private final List<Client> clients = new ArrayList<>();

  Arrivals(RandomGenerator random, long endNanos) {
    this.random = random;
    this.endNanos = endNanos;
  }

  /** One after the other over the whole time, unconnected. */
  Arrivals every(Duration mean, Supplier<Iterator<Turn>> turns) {
    long at = Distributions.exponentialNanos(random, mean);
    while (at < endNanos) {
      add(at, turns.get());
      at += Distributions.exponentialNanos(random, mean);
    }
    return this;
  }

  /** Many within {@code length}, again and again. */
  Arrivals bursts(Duration every, int clientsEach, Duration length, Supplier<Turn> turn) {
    for (long begin = every.toNanos(); begin < endNanos; begin += every.toNanos()) {
      for (int i = 0; i < clientsEach; i++) {
        add(begin + random.nextLong(length.toNanos()), List.of(turn.get()).iterator());
      }
    }
    return this;
  }

  private void add(long atNanos, Iterator<Turn> turns) {
    clients.add(new Client("client-" + clients.size(), atNanos, turns));
  }

  Traffic traffic() {
    return new Traffic(clients, endNanos);
  }
}
