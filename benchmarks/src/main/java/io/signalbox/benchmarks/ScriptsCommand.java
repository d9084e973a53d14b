package io.signalbox.benchmarks;

import io.signalbox.host.script.ScriptLanguage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "scripts",
    mixinStandardHelpOptions = true,
    description = "Script plugins: their calls beside Java, reloads, memory, first loads.")
final class ScriptsCommand implements Callable<Integer> {
  /** As in {@code ./signalbox}; the order matters. */
  private static final List<String> COMPILER_FLAGS =
      List.of(
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:+EnableJVMCI",
          "--upgrade-module-path=" + Path.of("host", "target", "lib", "jit"));

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    table("inline, 64 endpoints", "CPU ns each", "above Java", "failed");
    run(InlineCalls.class, options.rounds(), options.seconds());
    table("worker, 1 each ms", "p50 us", "p99 us", "p50 above Java", "p99 above Java", "failed");
    run(WorkerCalls.class, options.rounds(), options.seconds());
    table("from save to decision", "median ms", "slowest ms", "reloads");
    run(PluginReloads.class, ScriptLanguage.JAVASCRIPT, 20);
    run(PluginReloads.class, ScriptLanguage.PYTHON, 10);
    table("memory", "MiB of heap for each further plugin", "with one", "further");
    run(PluginMemory.class, ScriptLanguage.JAVASCRIPT, 40);
    run(PluginMemory.class, ScriptLanguage.PYTHON, 8);
    table("first load in a process", "s");
    run(FirstLoad.class, ScriptLanguage.JAVASCRIPT);
    run(FirstLoad.class, ScriptLanguage.PYTHON);
    return 0;
  }

  private static void table(String... heads) {
    System.out.println(
        "\n| " + String.join(" | ", heads) + " |\n" + "|---".repeat(heads.length) + "|");
  }

  /** Runs a main class of this module in a process of its own; it prints rows. */
  private static void run(Class<?> part, Object... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(COMPILER_FLAGS);
    command.addAll(ServerProcess.JVM_FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), part.getName()));
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    try {
      var process = new ProcessBuilder(command).inheritIO().start();
      // Also when the harness is interrupted, nothing it started stays.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      if (process.waitFor() != 0) {
        throw new IllegalStateException(part.getSimpleName() + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(part.getSimpleName() + " cannot be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
