package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import java.time.Duration;
import java.util.function.Function;

/** Runs scripts on threads and in contexts that are thrown away afterwards. */
record TrialRun(ScriptSupervisor supervisor) {
  /**
   * Opens a script and does something with it; blocks until it is done.
   *
   * @param name the plugin's
   * @param limit how long the task may take before the script is stopped
   * @throws PluginException when the script cannot be opened, or the task fails
   */
  <T> T run(String name, Opening opening, Duration limit, Function<Script, T> task) {
    var worker = new ScriptWorker(name + "-rehearsal", opening, supervisor);
    try {
      VersionLoader.await(worker.start(), opening.patience());
      var job = new TaskJob<>(limit, task);
      if (!worker.offer(job)) {
        throw new PluginException("its script could not be started");
      }
      return VersionLoader.await(job.done(), limit.plus(opening.patience()));
    } finally {
      var _ = worker.close();
    }
  }
}
