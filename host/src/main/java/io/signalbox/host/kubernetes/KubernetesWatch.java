package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder.ExecutorSupplier;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.signalbox.host.config.KubernetesConfig;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import io.signalbox.host.telemetry.DiscoveryMetrics.Source;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a cluster. It is asked again and again what there is; between two looks any number of
 * changes is one. A server that is lost takes nothing away: what it said last stays.
 *
 * <p>For one thread, but for {@link #status}.
 */
public final class KubernetesWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesWatch.class);

  /** How long a cluster may take to say everything once, before a part of it counts. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A fleet of a thousand endpoints takes milliseconds to change. */
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Watches end and begin again every few minutes, which takes a moment. */
  private static final int CHECKS = 3;

  private final KubernetesConfig config;
  private final Surroundings surroundings;
  private @Nullable Watches watches;
  private boolean complete;
  private boolean heard;
  private long openedNanos;
  private long checkedNanos;
  private long toldNanos;
  private final Set<String> fallen = new HashSet<>();
  private int failedChecks;
  private volatile KubernetesStatus status = KubernetesStatus.NONE;

  /**
   * What is needed to look.
   *
   * @param base the folder from which a relative path starts
   * @param engines those that pods may name
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public record Surroundings(
      Path base, Set<String> engines, DiscoveryMetrics metrics, LongSupplier nanoTime) {}

  /** Follows nothing yet: the first look begins. */
  public KubernetesWatch(KubernetesConfig config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
    this.openedNanos = surroundings.nanoTime().getAsLong();
    this.checkedNanos = openedNanos - CHECK_NANOS;
    this.toldNanos = openedNanos - BETWEEN_NANOS;
  }

  /** Whether this follows the same in the same way. */
  public boolean follows(KubernetesConfig other, Set<String> engines) {
    return config.equals(other) && surroundings.engines().equals(engines);
  }

  /**
   * What there is, where that may be something else than what was told last, twice a second at the
   * most; the first time not before all of it is known, or that takes too long. Does not block but
   * for the reading of a file when it begins.
   */
  public Optional<KubernetesView> look() {
    long now = surroundings.nanoTime().getAsLong();
    boolean due = now - checkedNanos >= CHECK_NANOS;
    if (due) {
      checkedNanos = now;
    }
    if (watches == null && due) {
      open(now);
    }
    var open = watches;
    if (open == null) {
      return Optional.empty();
    }
    open.followPools();
    if (due) {
      check(open);
    }
    if (!complete && (open.areListed() || now - openedNanos >= PATIENCE_NANOS)) {
      complete = true;
    }
    // Before it is asked for changes: what comes then is told at the next look.
    boolean named = open.nameEndpoints();
    if (!complete || now - toldNanos < BETWEEN_NANOS || !open.changed()) {
      return Optional.empty();
    }
    toldNanos = now;
    heard |= named;
    return Optional.of(view(open));
  }

  private KubernetesView view(Watches open) {
    show(open);
    return open.view();
  }

  private void show(Watches open) {
    status = open.status();
    surroundings.metrics().problemsOfObjects(status.problems().size());
  }

  /** Whether everything was told once, as far as it can be. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether all endpoints that there were at one time have been told. */
  public boolean isHeard() {
    return heard;
  }

  /** How it goes. For any thread. */
  public KubernetesStatus status() {
    return status;
  }

  private void open(long now) {
    try {
      watches = new Watches(client(), config, surroundings.engines(), surroundings.nanoTime());
      openedNanos = now;
    } catch (KubernetesClientException e) {
      surroundings.metrics().failed(Source.KUBERNETES);
      var why = String.valueOf(e.getMessage());
      if (fallen.add(why)) {
        LOG.warn("the Kubernetes API cannot be watched: {}", why);
      }
      status =
          new KubernetesStatus(
              List.of(new KubernetesStatus.Watch("the API", false, 0, Optional.of(why))),
              List.of());
    }
  }

  private KubernetesClient client() {
    var file = config.kubeconfig().map(path -> surroundings.base().resolve(path).normalize());
    return new KubernetesClientBuilder()
        .withConfig(
            file.map(path -> Config.fromKubeconfig(path.toFile()))
                .orElseGet(() -> Config.autoConfigure(null)))
        .withTaskExecutorSupplier(new OneThread())
        .withKubernetesSerialization(new WatchedFields())
        .build();
  }

  /**
   * All that is heard goes through one thread: handed on between several, as the client does by
   * itself, a change wakes three of them.
   */
  private static final class OneThread implements ExecutorSupplier {
    @Override
    public Executor get() {
      return Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("kubernetes").factory());
    }

    @Override
    public void onClose(Executor thread) {
      ((ExecutorService) thread).shutdownNow();
    }
  }

  /** Counts whether all watches stand, and says once of each that it does not any more. */
  private void check(Watches open) {
    open.check();
    show(open);
    var down = status.watches().stream().filter(watch -> !watch.stands()).toList();
    if (down.isEmpty()) {
      failedChecks = 0;
      surroundings.metrics().succeeded(Source.KUBERNETES);
    } else if (++failedChecks < CHECKS) {
      return;
    } else {
      surroundings.metrics().failed(Source.KUBERNETES);
    }
    for (var watch : status.watches()) {
      if (watch.stands() && fallen.remove(watch.what())) {
        LOG.info("{} are followed again", watch.what());
      } else if (!watch.stands() && fallen.add(watch.what())) {
        LOG.warn(
            "{} cannot be followed, what is known of them stays: {}",
            watch.what(),
            watch.error().orElse("nothing is heard of them"));
      }
    }
  }

  @Override
  public void close() {
    if (watches != null) {
      watches.close();
    }
  }
}
