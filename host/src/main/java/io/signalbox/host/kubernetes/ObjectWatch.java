package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
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

  private final String what;
  private final Function<T, Reading<R>> reader;
  private final Runnable changed;
  private final Map<String, Reading<R>> readings = new ConcurrentSkipListMap<>();
  private final SharedIndexInformer<T> informer;
  private volatile boolean listed;
  private volatile Optional<String> error = Optional.empty();

  /**
   * Begins to follow.
   *
   * @param what such as {@code pods app=llama in default}, for the log
   * @param changed told that objects say something else
   */
  ObjectWatch(
      String what, Informable<T> objects, Function<T, Reading<R>> reader, Runnable changed) {
    this.what = what;
    this.reader = reader;
    this.changed = changed;
    this.informer = objects.runnableInformer(0);
    var _ =
        informer
            .exceptionHandler((started, failure) -> {
              error = Optional.of(String.valueOf(failure.getMessage()));
              return true;
            })
            .addEventHandler(new Handler())
            .start();
  }

  private final class Handler implements ResourceEventHandler<T> {
    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
      if (!listed) {
        listed = true;
        changed.run();
      }
    }

    @Override
    public void onAdd(T object) {
      read(object);
    }

    @Override
    public void onUpdate(T before, T object) {
      read(object);
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      readings.remove(Addresses.name(object));
      changed.run();
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

  KubernetesStatus.Watch status() {
    return new KubernetesStatus.Watch(what, stands(), readings.size(), error);
  }

  @Override
  public void close() {
    informer.close();
  }
}
