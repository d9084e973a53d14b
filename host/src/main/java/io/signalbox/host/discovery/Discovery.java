package io.signalbox.host.discovery;

import io.signalbox.host.config.DiscoveryConfig;
import io.signalbox.host.config.DiscoveryConfig.Dns;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.KubernetesConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.kubernetes.KubernetesStatus;
import io.signalbox.host.kubernetes.KubernetesWatch;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What endpoints there are beside those of the configuration, from everywhere it says. Where a
 * place does not answer, what it said last stays: routing never stops for it.
 *
 * <p>Looks on a thread of its own, names on one virtual thread each; {@link #found} may be called
 * from any.
 */
public final class Discovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final Duration FILE_INTERVAL = Duration.ofMillis(500);

  /** A look costs next to nothing where a cluster did not change. */
  private static final Duration KUBERNETES_INTERVAL = Duration.ofMillis(100);

  /** The place of all that a cluster says. */
  private static final Object KUBERNETES = "kubernetes";

  /** How long a start waits for the first answers. */
  private static final Duration FIRST_ANSWERS = Duration.ofSeconds(3);

  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Places places;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("discovery").factory());
  private final List<ScheduledFuture<?>> looks = new ArrayList<>();
  private final List<DnsLookup> lookups = new ArrayList<>();
  private final Map<Object, List<ModelConfig>> byPlace = new LinkedHashMap<>();
  private DiscoveryConfig config = DiscoveryConfig.DEFAULT;
  private Set<String> engines = Set.of();
  private int generation;
  private volatile @Nullable KubernetesWatch kubernetes;
  private Map<String, Integer> priorities = Map.of();
  private volatile Found found = Found.NOTHING;
  private volatile boolean heard;

  /**
   * What is needed to look.
   *
   * @param base the folder from which a relative path starts
   * @param changed told that others were found; on the thread of the discovery
   */
  public record Places(
      Path base, HostResolver resolver, DiscoveryMetrics metrics, Runnable changed) {}

  /** Looks nowhere yet. */
  public Discovery(Places places) {
    this.places = places;
  }

  /** What was found. */
  public Found found() {
    return found;
  }

  /** Whether a cluster, where one is configured, ever said which endpoints there are. */
  public boolean isHeard() {
    return heard;
  }

  /** How the watching of a cluster goes. */
  public KubernetesStatus kubernetes() {
    var watch = kubernetes;
    return watch == null ? KubernetesStatus.NONE : watch.status();
  }

  /**
   * Looks there from now on, and waits a moment for the first answers; what was found elsewhere is
   * forgotten.
   *
   * @param known the engines that models may name
   */
  public void apply(DiscoveryConfig next, Set<String> known) {
    var first = new CountDownLatch(next.dns().size() + (next.kubernetes().isPresent() ? 1 : 0));
    try {
      thread.submit(() -> look(next, known, first)).get();
      if (!first.await(FIRST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("discovery: not every place answered within {}", FIRST_ANSWERS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("discovery cannot look", e.getCause());
    }
  }

  private void look(DiscoveryConfig next, Set<String> known, CountDownLatch first) {
    if (next.kubernetes().isEmpty()) {
      heard = true;
    }
    if (next.equals(config) && known.equals(engines)) {
      while (first.getCount() > 0) {
        first.countDown();
      }
      return;
    }
    looks.forEach(look -> look.cancel(false));
    looks.clear();
    lookups.forEach(DnsLookup::close);
    lookups.clear();
    config = next;
    engines = Set.copyOf(known);
    generation++;
    byPlace.keySet().removeIf(place -> !isOf(next, place));
    leaveOther(next.kubernetes());
    next.file().ifPresent(this::follow);
    next.dns().forEach(name -> follow(name, first));
    next.kubernetes().ifPresent(cluster -> follow(cluster, first));
    merge();
  }

  private static boolean isOf(DiscoveryConfig config, Object place) {
    return config.dns().contains(place)
        || config.file().filter(place::equals).isPresent()
        || (place.equals(KUBERNETES) && config.kubernetes().isPresent());
  }

  private void follow(Path file) {
    var reader =
        new EndpointsFile(
            places.base().resolve(file).normalize(), engines, places.resolver(), places.metrics());
    reader.first().ifPresent(models -> byPlace.put(file, models));
    every(FILE_INTERVAL, () -> reader.look().ifPresent(models -> tell(file, models)));
  }

  private void follow(Dns name, CountDownLatch first) {
    var lookup = new DnsLookup(name, places.metrics());
    lookups.add(lookup);
    int its = generation;
    every(
        name.interval(),
        () ->
            lookup.start(endpoints ->
                thread.execute(() -> {
                  if (its == generation) {
                    endpoints.ifPresent(models -> tell(name, models));
                  }
                  first.countDown();
                })));
  }

  /** A cluster that is still to be followed goes on being so, whatever else changed. */
  private void leaveOther(Optional<KubernetesConfig> next) {
    var watch = kubernetes;
    if (watch != null && next.filter(its -> watch.follows(its, engines)).isEmpty()) {
      watch.close();
      kubernetes = null;
      if (next.isEmpty()) {
        priorities = Map.of();
      }
    }
  }

  private void follow(KubernetesConfig cluster, CountDownLatch first) {
    var running = kubernetes;
    var watch =
        running == null
            ? new KubernetesWatch(
                cluster,
                new KubernetesWatch.Surroundings(
                    places.base(), engines, places.metrics(), System::nanoTime))
            : running;
    kubernetes = watch;
    var told = new AtomicBoolean();
    every(
        KUBERNETES_INTERVAL,
        () -> {
          watch
              .look()
              .ifPresent(view -> {
                priorities = view.priorities();
                tell(KUBERNETES, view.models());
              });
          if (watch.isHeard()) {
            heard = true;
          }
          if (watch.isComplete() && told.compareAndSet(false, true)) {
            first.countDown();
          }
        });
  }

  private void every(Duration interval, Runnable look) {
    looks.add(
        thread.scheduleWithFixedDelay(
            () -> guarded(look), 0, interval.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Nothing that goes wrong here may end the looking. */
  private static void guarded(Runnable look) {
    try {
      look.run();
    } catch (Throwable e) {
      LOG.error("discovery failed", e);
    }
  }

  private void tell(Object place, List<ModelConfig> models) {
    byPlace.put(place, models);
    if (merge()) {
      places.changed().run();
    }
  }

  private boolean merge() {
    var all = new ArrayList<ModelConfig>();
    byPlace.values().forEach(all::addAll);
    var next = new Found(Models.merged(all), priorities);
    boolean changed = !next.equals(found);
    found = next;
    return changed;
  }

  @Override
  public void close() {
    thread.execute(() -> {
      lookups.forEach(DnsLookup::close);
      leaveOther(Optional.empty());
    });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("discovery is still being looked at");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
