package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.RemoteStrategy;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A fleet of one model {@code m}, strategies and named chains, from which a test makes routers. */
final class Bench {
  /** Enough decisions that every endpoint of a small fleet is chosen if it can be. */
  private static final int DECISIONS = 64;

  private final EndpointRegistry registry = new EndpointRegistry();
  private final SampleTable samples = new SampleTable();
  private final List<StrategyFactory> builtIn = BuiltinStrategies.create();
  private final List<StrategyFactory> strategies = new ArrayList<>(builtIn);
  private final List<RegisteredStrategy> asked = new ArrayList<>();
  private final Set<String> departed = new TreeSet<>();
  private final Map<String, String> named = new TreeMap<>();
  private Set<Signal> supplied = Set.of(Signal.values());
  private final Map<String, Map<String, String>> parameters = new TreeMap<>();
  private ModelRouting routing = ModelRouting.NONE;
  private Map<String, Integer> priorities = Map.of();
  private FlowControlConfig flowControl = FlowControlConfig.DEFAULT;
  private ListReading listReading = ListReading.NARROW;
  private final ManualTimers timers = new ManualTimers();
  private Fleet fleet;

  /** A fleet with one endpoint, at port 8000, for each host. */
  Bench(String... hosts) {
    this(Stream.of(hosts).map(host -> new EndpointAddress(host, host, 8000)).toList());
  }

  /** A fleet with these endpoints. */
  Bench(List<EndpointAddress> endpoints) {
    fleet = registry.apply(List.of(new ModelConfig("m", "vllm", endpoints)));
  }

  Bench with(StrategyFactory... more) {
    strategies.addAll(List.of(more));
    return this;
  }

  Bench asking(RemoteStrategy... more) {
    for (var strategy : more) {
      asked.add(new RegisteredStrategy.Remote(strategy));
    }
    return this;
  }

  Bench departed(String id) {
    departed.add(id);
    return this;
  }

  Bench named(String name, String chain) {
    named.put(name, chain);
    return this;
  }

  /** What the configuration says of a strategy's parameters. */
  Bench configured(String strategy, Map<String, String> values) {
    parameters.put(strategy, values);
    return this;
  }

  /** What the configuration says of the model. */
  Bench routing(ModelRouting ofModel) {
    routing = ofModel;
    return this;
  }

  /** What requests are worth, by their objective. */
  Bench prioritised(Map<String, Integer> byObjective) {
    priorities = byObjective;
    return this;
  }

  /** How requests wait while endpoints are full. */
  Bench flowControl(FlowControlConfig config) {
    flowControl = config;
    return this;
  }

  Bench reading(ListReading reading) {
    listReading = reading;
    return this;
  }

  /** The factory of a built-in strategy, the one whose instances the routers use. */
  StrategyFactory builtIn(String id) {
    return builtIn.stream().filter(factory -> factory.id().equals(id)).findFirst().orElseThrow();
  }

  ManualTimers timers() {
    return timers;
  }

  Bench supplied(Signal... signals) {
    supplied = Set.of(signals);
    return this;
  }

  Bench inFlight(String host, int requests) {
    for (int i = 0; i < requests; i++) {
      endpoint(host).reserve();
    }
    return this;
  }

  Bench sample(String host, Signal signal, double value) {
    sample(endpoint(host), signal, value);
    return this;
  }

  void sample(RegisteredEndpoint endpoint, Signal signal, double value) {
    samples.put(endpoint.address(), signal, new Sample(value, 0));
  }

  List<RegisteredEndpoint> endpoints() {
    return fleet.endpoints();
  }

  RegisteredEndpoint endpoint(String host) {
    return fleet.endpoints().stream()
        .filter(endpoint -> endpoint.host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  int inFlight() {
    return fleet.endpoints().stream().mapToInt(RegisteredEndpoint::inFlight).sum();
  }

  FleetSnapshot snapshot() {
    return samples.snapshot(fleet, 0, 0);
  }

  /** When all samples are too old. */
  FleetSnapshot staleSnapshot() {
    return samples.snapshot(fleet, 1, 0);
  }

  /** Problems of the plan with this default chain, by chain. */
  Map<String, String> problems(String defaultChain) {
    var problems = new TreeMap<String, String>();
    var _ = plan(defaultChain, problems);
    return problems;
  }

  RoutingPlan plan(String defaultChain) {
    var problems = new TreeMap<String, String>();
    var plan = plan(defaultChain, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
    return plan;
  }

  private RoutingPlan plan(String defaultChain, Map<String, String> problems) {
    return RoutingPlan.read(
        StrategyRegistry.local(strategies).with(asked, departed),
        supplied,
        new ChainTexts(
            defaultChain,
            named,
            parameters,
            listReading,
            Map.of("m", routing),
            priorities,
            flowControl),
        (source, problem) -> problems.put(key(source), problem));
  }

  private static String key(ChainSource source) {
    return switch (source) {
      case ChainSource.Default _ -> "";
      case ChainSource.Named(var name) -> name;
      case ChainSource.OfModel(var model, var key) -> model + "." + key;
    };
  }

  Router router() {
    return router("least-request");
  }

  Router router(String defaultChain) {
    return router(defaultChain, 1);
  }

  Router router(String defaultChain, long seed) {
    return new Router(
        plan(defaultChain),
        snapshot(),
        new Router.Surroundings(new SplittableRandom(seed), System::nanoTime, timers));
  }

  /** A router that shares queues with others. */
  Router router(String defaultChain, Queues queues) {
    return router(defaultChain, new Router.Shared(RequestSignals.UNKNOWN, List.of(), queues));
  }

  /** A router that shares this with others. */
  Router router(String defaultChain, Router.Shared shared) {
    return new Router(
        plan(defaultChain),
        snapshot(),
        new Router.Surroundings(
            new SplittableRandom(1), System::nanoTime, timers, Runnable::run, shared));
  }

  /** What a router says at once. */
  static RoutingResult route(Router router, RouteRequest request) {
    var results = new ArrayList<RoutingResult>();
    router.route(request, results::add);
    return results.getFirst();
  }

  /** The same without an address. */
  static RoutingResult routeAround(Router router, RouteRequest request, String unreachable) {
    var results = new ArrayList<RoutingResult>();
    router.routeAround(request, Detour.around(unreachable), results::add);
    return results.getFirst();
  }

  /** A request for model {@code m} that asks for a chain, or for none. */
  static RouteRequest request(@Nullable String chain) {
    return request(chain == null ? Map.of() : Map.of(Router.HEADER, chain), "");
  }

  /** A request for model {@code m}. */
  static RouteRequest request(Map<String, String> headers, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return new InferenceRequest(
        new Scanned("m", null, false), RequestHeaders.of(headers), () -> ByteBuffer.wrap(bytes));
  }

  /** The hosts that a chain leaves: those it chooses when it decides often, each time afresh. */
  Set<String> left(String chain) {
    var router = router();
    var hosts = new TreeSet<String>();
    for (int i = 0; i < DECISIONS; i++) {
      var picked = (Picked) route(router, request(chain));
      hosts.add(picked.endpoint().host());
      picked.reservation().release();
    }
    return hosts;
  }

  /** What one decision says about parts of the chain that did not work; empty where all did. */
  String degraded(String chain) {
    var picked = (Picked) route(router(), request(chain));
    picked.reservation().release();
    return picked.degraded().orElse("");
  }
}
