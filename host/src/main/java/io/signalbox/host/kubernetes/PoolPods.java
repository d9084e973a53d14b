package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pods of one InferencePool. Where the pool selects others, those it had stay until the others
 * are known. For one thread.
 */
final class PoolPods implements AutoCloseable {
  private CustomObjects.Pool pool;
  private ObjectWatch<Pod, Serving> pods;
  private @Nullable ObjectWatch<Pod, Serving> before;

  PoolPods(CustomObjects.Pool pool, ObjectWatch<Pod, Serving> pods) {
    this.pool = pool;
    this.pods = pods;
  }

  /** Whether these are the pods of a pool like that. */
  boolean areOf(CustomObjects.Pool other) {
    return pool.equals(other);
  }

  /** They are these from now on. */
  void become(CustomObjects.Pool next, ObjectWatch<Pod, Serving> others) {
    if (before == null) {
      before = pods;
    } else {
      pods.close();
    }
    pool = next;
    pods = others;
  }

  /** What the pods say. */
  Map<String, Reading<Serving>> readings() {
    if (before != null && pods.isListed()) {
      before.close();
      before = null;
    }
    return before == null ? pods.readings() : before.readings();
  }

  /** The watch of those that the pool selects now. */
  ObjectWatch<Pod, Serving> watch() {
    return pods;
  }

  @Override
  public void close() {
    pods.close();
    if (before != null) {
      before.close();
    }
  }
}
