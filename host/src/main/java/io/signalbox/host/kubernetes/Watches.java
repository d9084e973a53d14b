package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.signalbox.host.config.KubernetesConfig;
import io.signalbox.host.config.KubernetesConfig.Served;
import io.signalbox.host.kubernetes.CustomObjects.Adapter;
import io.signalbox.host.kubernetes.CustomObjects.Objective;
import io.signalbox.host.kubernetes.CustomObjects.Pool;
import io.signalbox.host.kubernetes.KubernetesStatus.Problem;
import io.signalbox.host.kubernetes.PodReader.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that is watched in a cluster, over one client: one watch for each kind, selector and
 * namespace. For one thread.
 */
final class Watches implements AutoCloseable {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private static final ResourceDefinitionContext POOLS =
      CustomObjects.kind("inference.networking.k8s.io", "v1", "InferencePool");
  private static final ResourceDefinitionContext ADAPTERS =
      CustomObjects.kind("model.aibrix.ai", "v1alpha1", "ModelAdapter");

  private final KubernetesClient client;
  private final KubernetesConfig config;
  private final Set<String> engines;
  private final LongSupplier nanoTime;
  private final AtomicBoolean changed = new AtomicBoolean();
  private final List<ObjectWatch<?, Serving>> pods = new ArrayList<>();
  private final List<ObjectWatch<?, Serving>> slices = new ArrayList<>();
  private final List<ObjectWatch<?, Pool>> pools = new ArrayList<>();
  private final List<ObjectWatch<?, Adapter>> adapters = new ArrayList<>();
  private final List<ObjectWatch<?, Objective>> objectives = new ArrayList<>();
  private final Map<String, PoolPods> podsOfPools = new TreeMap<>();

  /** Begins to watch. */
  Watches(
      KubernetesClient client,
      KubernetesConfig config,
      Set<String> engines,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.client = client;
    this.config = config;
    this.engines = engines;
    // As kubectl has it.
    var own = Objects.requireNonNullElse(client.getNamespace(), "default");
    for (var namespace : config.namespaces().isEmpty() ? List.of(own) : config.namespaces()) {
      watch(namespace);
    }
  }

  private void watch(String namespace) {
    for (var selected : config.pods()) {
      var reader = new PodReader(selected.served(), new Ports.Labelled(selected.port()), engines);
      pods.add(pods(namespace, selected.selector(), reader));
    }
    for (var service : config.slices()) {
      var found =
          client
              .resources(EndpointSlice.class)
              .inNamespace(namespace)
              .withLabel(SERVICE_LABEL, service.service());
      slices.add(
          new ObjectWatch<EndpointSlice, Serving>(
              "EndpointSlices of " + service.service() + " in " + namespace,
              found,
              new SliceReader(service)::read,
              this::mark,
              nanoTime.getAsLong()));
    }
    if (!config.pools().isEmpty()) {
      pools.add(custom(POOLS, namespace, CustomObjects::pool));
    }
    if (config.modelAdapters()) {
      adapters.add(custom(ADAPTERS, namespace, CustomObjects::adapter));
    }
    config
        .objectives()
        .map(group -> CustomObjects.kind(group, "v1alpha2", "InferenceObjective"))
        .ifPresent(kind -> objectives.add(custom(kind, namespace, CustomObjects::objective)));
  }

  private void mark() {
    changed.set(true);
  }

  private ObjectWatch<Pod, Serving> pods(String namespace, String selector, PodReader reader) {
    return new ObjectWatch<>(
        "pods " + selector + " in " + namespace,
        client.pods().inNamespace(namespace).withLabelSelector(selector),
        reader::read,
        this::mark,
        nanoTime.getAsLong());
  }

  private <R> ObjectWatch<GenericKubernetesResource, R> custom(
      ResourceDefinitionContext kind,
      String namespace,
      Function<GenericKubernetesResource, Reading<R>> reader) {
    return new ObjectWatch<>(
        kind.getKind() + "s in " + namespace,
        client.genericKubernetesResources(kind).inNamespace(namespace),
        reader,
        this::mark,
        nanoTime.getAsLong());
  }

  /** Watches the pods that the configured pools select now. */
  void followPools() {
    if (pools.isEmpty()) {
      return;
    }
    var found = new HashMap<String, Pool>();
    said(pools).forEach(found::put);
    found.keySet().removeIf(name -> served(name).isEmpty());
    podsOfPools.entrySet().removeIf(entry -> isGone(entry, found.keySet()));
    found.forEach((name, pool) -> {
      var pods = podsOfPools.get(name);
      if (pods == null) {
        podsOfPools.put(name, new PoolPods(pool, pods(name, pool)));
      } else if (!pods.areOf(pool)) {
        pods.become(pool, pods(name, pool));
      }
    });
  }

  private boolean isGone(Map.Entry<String, PoolPods> entry, Set<String> found) {
    boolean gone = !found.contains(entry.getKey());
    if (gone) {
      entry.getValue().close();
      mark();
    }
    return gone;
  }

  private ObjectWatch<Pod, Serving> pods(String name, Pool pool) {
    var reader = new PodReader(served(name).orElseThrow(), new Ports.Fixed(pool.ports()), engines);
    return pods(name.substring(0, name.indexOf('/')), pool.selector(), reader);
  }

  /** What the configuration says of a pool; empty where it does not name it. */
  private Optional<Served> served(String name) {
    return config.pools().stream()
        .filter(pool -> name.endsWith("/" + pool.name()))
        .map(KubernetesConfig.Pool::served)
        .findFirst();
  }

  private Stream<ObjectWatch<?, ?>> all() {
    return Stream.of(naming(), adapters.stream(), objectives.stream()).flatMap(watches -> watches);
  }

  /** Those that name endpoints. */
  private Stream<ObjectWatch<?, ?>> naming() {
    return Stream.of(
            pods.stream(),
            slices.stream(),
            pools.stream(),
            podsOfPools.values().stream().map(PoolPods::watch))
        .flatMap(watches -> watches);
  }

  /** Whether all that names endpoints is known. */
  boolean nameEndpoints() {
    return naming().allMatch(ObjectWatch::isListed);
  }

  /** Whether all of it is known. */
  boolean areListed() {
    return all().allMatch(ObjectWatch::isListed);
  }

  /** Begins anew with what does not find back by itself. */
  void check() {
    all().forEach(watch -> watch.check(nanoTime.getAsLong()));
  }

  /** Whether anything changed since this was asked last. */
  boolean changed() {
    return changed.getAndSet(false);
  }

  KubernetesView view() {
    var byPod = said(pods);
    podsOfPools
        .values()
        .forEach(pods ->
            pods.readings()
                .forEach((name, reading) ->
                    reading.said().ifPresent(serving -> byPod.putIfAbsent(name, serving))));
    var all = new ArrayList<>(byPod.values());
    all.addAll(said(slices).values());
    said(adapters)
        .forEach((name, adapter) -> {
          var namespace = name.substring(0, name.indexOf('/') + 1);
          adapter.pods().stream()
              .map(pod -> byPod.get(namespace + pod))
              .filter(Objects::nonNull)
              .forEach(serving -> all.add(serving.as(adapter.name())));
        });
    return new KubernetesView(ModelAssembly.models(all), priorities());
  }

  private Map<String, Integer> priorities() {
    var configured =
        config.pools().stream().map(KubernetesConfig.Pool::name).collect(Collectors.toSet());
    return said(objectives).values().stream()
        .filter(objective -> configured.isEmpty() || configured.contains(objective.pool()))
        .collect(Collectors.toMap(Objective::name, Objective::priority, (first, second) -> first));
  }

  private static <R> Map<String, R> said(List<ObjectWatch<?, R>> watches) {
    var said = new TreeMap<String, R>();
    for (var watch : watches) {
      watch
          .readings()
          .forEach((name, reading) -> reading.said().ifPresent(its -> said.putIfAbsent(name, its)));
    }
    return said;
  }

  KubernetesStatus status() {
    var problems = new ArrayList<Problem>();
    all()
        .forEach(watch ->
            watch
                .readings()
                .forEach((name, reading) ->
                    reading
                        .problems()
                        .forEach(problem -> problems.add(new Problem(name, problem)))));
    return new KubernetesStatus(all().map(ObjectWatch::status).toList(), problems);
  }

  @Override
  public void close() {
    all().forEach(ObjectWatch::close);
    podsOfPools.values().forEach(PoolPods::close);
    client.close();
  }
}
