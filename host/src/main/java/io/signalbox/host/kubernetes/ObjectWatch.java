package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the objects of one kind that a selector finds in one namespace, and keeps what each says.
 *
 * <p>The client lists them, watches from the version of the list on, asks for bookmarks, begins
 * where it was when a watch ends, lists again where the server no longer knows that version (410),
 * and waits longer from failure to failure, up to half a minute. What it does not reach stays as it
 * was. Changes come on a thread of the client, one after the other; all else is for any thread.
 *
 * @param <T> the kind
 * @param <R> what one says
 */
final class ObjectWatch<T extends HasMetadata, R> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);

  /** What it may take the client to reach a server again that is there. */
  private static final long RESTART_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String what;
  private final Informable<T> objects;
  private final Function<T, Reading<R>> reader;
  private final Runnable changed;
  private final Map<String, Reading<R>> readings = new ConcurrentSkipListMap<>();
  private volatile SharedIndexInformer<T> informer;
  private volatile boolean listed;
  private volatile Optional<String> error = Optional.empty();
  private long stoodNanos;

  /**
   * Begins to follow.
   *
   * @param what such as {@code pods app=llama in default}, for the log
   * @param changed told that objects say something else
   * @param nowNanos when this is
   */
  ObjectWatch(
      String what,
      Informable<T> objects,
      Function<T, Reading<R>> reader,
      Runnable changed,
      long nowNanos) {
    this.what = what;
    this.objects = objects;
    this.reader = reader;
    this.changed = changed;
    this.stoodNanos = nowNanos;
    this.informer = objects.runnableInformer(0);
    start();
  }

  private void start() {
    var starting = informer;
    var _ =
        starting
            .exceptionHandler((started, failure) -> {
              error = Optional.of(String.valueOf(failure.getMessage()));
              return true;
            })
            .addEventHandler(new Handler(starting))
            .start();
  }

  /** What comes late of an informer that another stands for is not heard. */
  private final class Handler implements ResourceEventHandler<T> {
    private final SharedIndexInformer<T> its;

    Handler(SharedIndexInformer<T> its) {
      this.its = its;
    }

    private boolean counts() {
      return its.equals(informer);
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
      if (counts()) {
        var there = its.getStore().list().stream().map(Addresses::name).collect(Collectors.toSet());
        boolean forgot = readings.keySet().retainAll(there);
        if (forgot || !listed) {
          listed = true;
          changed.run();
        }
      }
    }

    @Override
    public void onAdd(T object) {
      if (counts()) {
        read(object);
      }
    }

    @Override
    public void onUpdate(T before, T object) {
      onAdd(object);
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      if (counts()) {
        readings.remove(Addresses.name(object));
        changed.run();
      }
    }
  }

  private void read(T object) {
    var name = Addresses.name(object);
    var reading = reader.apply(object);
    var before = readings.put(name, reading);
    if (!reading.equals(before)) {
      if (!reading.problems().isEmpty()
          && (before == null || !before.problems().equals(reading.problems()))) {
        LOG.warn("{} of {} cannot be used as it is: {}", name, what, reading.problems());
      }
      changed.run();
    }
  }

  String what() {
    return what;
  }

  /** What each object says, by namespace and name. */
  Map<String, Reading<R>> readings() {
    return readings;
  }

  /** Whether the objects that were there at the start are known. */
  boolean isListed() {
    return listed;
  }

  /** Whether changes arrive. */
  boolean stands() {
    boolean stands = listed && informer.isWatching();
    if (stands) {
      error = Optional.empty();
    }
    return stands;
  }

  /**
   * Begins anew where changes have not arrived for so long that the client may not find back by
   * itself; what is known stays until then. For one thread.
   */
  void check(long nowNanos) {
    if (stands()) {
      stoodNanos = nowNanos;
    } else if (nowNanos - stoodNanos >= RESTART_NANOS) {
      stoodNanos = nowNanos;
      informer.close();
      informer = objects.runnableInformer(0);
      start();
    }
  }

  KubernetesStatus.Watch status() {
    return new KubernetesStatus.Watch(what, stands(), readings.size(), error);
  }

  @Override
  public void close() {
    informer.close();
  }
}
