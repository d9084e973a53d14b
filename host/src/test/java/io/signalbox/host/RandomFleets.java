package io.signalbox.host;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Fleets of one model {@code m} with labels, ties and unknown values, the same for a seed. */
final class RandomFleets {
  private static final int LARGE = 700;

  private final RandomGenerator random;

  RandomFleets(long seed) {
    random = new SplittableRandom(seed);
  }

  FleetSnapshot next() {
    int size = random.nextInt(8) == 0 ? LARGE : 1 + random.nextInt(12);
    return fleet(size);
  }

  FleetSnapshot fleet(int size) {
    var endpoints = IntStream.range(0, size).mapToObj(this::address).toList();
    var fleet = new EndpointRegistry().apply(List.of(new ModelConfig("m", "vllm", endpoints)));
    var samples = new SampleTable();
    for (var endpoint : fleet.endpoints()) {
      for (int i = random.nextInt(4); i > 0; i--) {
        endpoint.reserve();
      }
      for (var signal : Signal.values()) {
        if (random.nextInt(10) < 7) {
          samples.put(endpoint.address(), signal, new Sample(value(signal), 0));
        }
      }
    }
    return samples.snapshot(fleet, 0, 0);
  }

  private EndpointAddress address(int index) {
    var ip =
        index % 3 == 2
            ? "2001:db8::" + (1 + index)
            : "10.0.%d.%d".formatted(index / 200, index % 200);
    return new EndpointAddress(
        ip,
        ip,
        8000 + random.nextInt(3),
        random.nextBoolean() ? Map.of() : Map.of("price", "" + random.nextInt(1, 9)));
  }

  /** Few values, so that there are ties; ratios have more digits than print well. */
  private double value(Signal signal) {
    return signal.unit().equals("ratio") ? random.nextInt(5) / 7.0 : random.nextInt(6);
  }
}
