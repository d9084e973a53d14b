package io.signalbox.host;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the host on a configuration, and follows the changes of the file.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration.")
  private Path config;

  @Override
  public Integer call() throws InterruptedException {
    var file = ConfigFile.read(config);
    var program = new Program(file.configuration(), file.folder());
    program.startPlugins();
    var surroundings = program.surroundings();
    var loaded = file.load(surroundings);
    loaded.warnings().forEach(warning -> LOG.warn("{}: {}", config, warning));
    var reloader = new ConfigReloader(file.path(), file.text(), surroundings);
    var host = program.host(loaded, reloader);
    Program.await(host.start());
    reloader.start(host::apply);
    var sinceStart = ManagementFactory.getRuntimeMXBean().getUptime();
    LOG.info("ready after {} ms, on {}", sinceStart, config);
    Program.runUntilTold(() -> {
      reloader.close();
      host.stop();
    });
    return 0;
  }
}
