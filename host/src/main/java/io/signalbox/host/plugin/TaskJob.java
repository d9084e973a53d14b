package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Function;

/** Something the host itself wants of a script, and waits for. */
final class TaskJob<T> implements Job {
  private final Function<Script, T> task;
  private final Duration limit;
  private final Promise<T> done = Promise.promise();

  TaskJob(Duration limit, Function<Script, T> task) {
    this.limit = limit;
    this.task = task;
  }

  /** What the task returns; fails with what it throws. */
  Future<T> done() {
    return done.future();
  }

  @Override
  public void run(Script script) {
    try {
      done.tryComplete(task.apply(script));
    } catch (RuntimeException e) {
      done.tryFail(e);
    }
  }

  @Override
  public Duration limit() {
    return limit;
  }

  @Override
  public void cancelled(String why) {
    done.tryFail(new PluginException(why));
  }
}
