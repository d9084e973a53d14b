package io.signalbox.strategies.pd;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Endpoints with labels and values, as a test writes them down one after the other. */
final class Fleet implements Candidates {
  /** An endpoint of the model {@code m}, told by its name. */
  record Member(String name, Map<String, String> labels) implements Endpoint {
    @Override
    public String host() {
      return name;
    }

    @Override
    public int port() {
      return 8000;
    }

    @Override
    public String address() {
      return name + ":8000";
    }

    @Override
    public String model() {
      return "m";
    }
  }

  /** A request whose prompt has this many tokens. */
  record Prompt(double promptTokens, double expectedOutputTokens) implements RouteRequest {
    @Override
    public String model() {
      return "m";
    }

    @Override
    public @Nullable String user() {
      return null;
    }

    @Override
    public boolean stream() {
      return false;
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public String prompt() {
      return "";
    }

    @Override
    public ByteBuffer body() {
      return ByteBuffer.allocate(0);
    }
  }

  private final List<Member> members = new ArrayList<>();
  private final Map<Signal, List<Double>> values = new EnumMap<>(Signal.class);

  /** One of a role set, with nothing in flight. */
  Fleet add(String name, String set, String role) {
    return add(name, Map.of("roleset-name", set, "role-name", role));
  }

  /** One that does both parts. */
  Fleet combined(String name) {
    return add(name, Map.of("combined", "true"));
  }

  Fleet add(String name, Map<String, String> labels) {
    members.add(new Member(name, labels));
    for (var signal : Signal.values()) {
      values
          .computeIfAbsent(signal, absent -> new ArrayList<>())
          .add(signal == Signal.IN_FLIGHT ? 0 : Double.NaN);
    }
    return this;
  }

  /** What is known of the one added last. */
  Fleet with(Signal signal, double value) {
    column(signal, members.size() - 1, value);
    return this;
  }

  private void column(Signal signal, int index, double value) {
    values.getOrDefault(signal, List.of()).set(index, value);
  }

  /** A strategy with a fixed seed. */
  static Pd create(Outstanding outstanding, Map<String, String> parameters) {
    var factory = Pd.factory(outstanding);
    return (Pd)
        factory.create(
            StrategyContext.of(
                Parameters.of(factory.parameters(), parameters),
                new SplittableRandom(11),
                () -> 0));
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public Member endpoint(int index) {
    return members.get(index);
  }

  Member endpoint(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public double[] column(Signal signal) {
    var column = values.get(signal);
    if (column == null) {
      var unknown = new double[size()];
      Arrays.fill(unknown, Double.NaN);
      return unknown;
    }
    return column.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
