package io.signalbox.host.cases;

import io.signalbox.host.cases.ScriptSubject.Surroundings;
import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptOutput;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.script.ScriptSource;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts cases to scripts, each on a thread of its own, and stops a script that does not come to an
 * end. What cannot be stopped keeps its thread, which does not keep the process.
 */
public final class WatchedRunner {
  private final ScriptRuntime runtime;
  private final ScriptOutput output;
  private final Duration limit;

  /**
   * A runner that has run nothing.
   *
   * @param runtime makes the scripts; stays open
   * @param output where what they print goes
   * @param limit how long a case may take, loading included
   */
  public WatchedRunner(ScriptRuntime runtime, ScriptOutput output, Duration limit) {
    this.runtime = runtime;
    this.output = output;
    this.limit = limit;
  }

  /**
   * Runs a case on a strategy of a script.
   *
   * @param id the strategy
   * @return what was not as expected, in words for the author of the strategy; empty where all was
   * @throws RuntimeException when the strategy cannot be loaded; the message is for its author
   */
  public List<String> run(ScriptSource source, String id, PluginCase one) {
    var scripts = new ConcurrentLinkedQueue<Script>();
    var surroundings = new Surroundings(runtime, output, scripts::add);
    var runner = new CaseRunner(ScriptSubject.of(surroundings, source, id));
    var task = new FutureTask<>(() -> runner.run(one));
    Thread.ofPlatform().daemon().name("case").start(task);
    return result(task, scripts);
  }

  private List<String> result(FutureTask<List<String>> task, Queue<Script> scripts) {
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      scripts.forEach(Script::close);
      return List.of("took longer than " + limit.toSeconds() + " s, and was stopped");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
