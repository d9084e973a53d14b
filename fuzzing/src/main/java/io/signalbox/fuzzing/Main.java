package io.signalbox.fuzzing;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the fuzzer; in the folder of this module. */
@Command(
    name = "fuzzing/run",
    mixinStandardHelpOptions = true,
    description = "Makes up inputs for a target until the time is over or something is found.",
    footer = "  all       Each target, one after the other.")
final class Main implements Callable<Integer> {
  /** Whose branches lead the fuzzer: ours, and the libraries that read for us. */
  private static final String INSTRUMENTED =
      "io.signalbox.**:com.fasterxml.jackson.core.**:org.msgpack.core.**:org.snakeyaml.**";

  /** What watches for injections into things that are not here, and takes seconds to begin. */
  private static final String SANITIZERS =
      Stream.of(
              "BigDecimal",
              "ClojureLangHooks",
              "Deserialization",
              "ExpressionLanguageInjection",
              "FilePathTraversal",
              "LdapInjection",
              "NamingContextLookup",
              "OsCommandInjection",
              "ReflectiveCall",
              "RegexInjection",
              "RegexRoadblocks",
              "ScriptEngineInjection",
              "ServerSideRequestForgery",
              "SqlInjection",
              "TemplateInjection",
              "UnsafeSanitizer",
              "XPathInjection",
              "XmlParserSsrfGuidance")
          .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
          .collect(Collectors.joining(":"));

  /** An input that takes longer hangs, however busy the machine is. */
  private static final int HANGS_AFTER_SECONDS = 60;

  @Parameters(description = "One of: ${COMPLETION-CANDIDATES}.")
  private Target target = Target.BODY;

  @Option(names = "--seconds", description = "How long; ${DEFAULT-VALUE} where not given.")
  private int seconds = 60;

  @Option(
      names = "--seed",
      description = "Makes the same inputs again, as long as the code is the same; 0: others.")
  private int seed;

  @Option(names = "--found", description = "Folder for what is found; ${DEFAULT-VALUE}.")
  private Path found = Path.of("target", "found");

  private Main() {}

  /** Exits with 0 where nothing was found. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    var its = Files.createDirectories(found.resolve(target.id()));
    var arguments =
        List.of(
            "--target_class=" + Fuzzer.class.getName(),
            "--target_args=" + target.id(),
            "--instrumentation_includes=" + INSTRUMENTED,
            "--custom_hook_includes=" + INSTRUMENTED,
            "--disabled_hooks=" + SANITIZERS,
            "--reproducer_path=" + its,
            "-artifact_prefix=" + its + "/",
            "-max_len=" + Fuzzer.MAX_BYTES,
            "-timeout=" + HANGS_AFTER_SECONDS,
            // The heap has a bound of its own.
            "-rss_limit_mb=0",
            "-seed=" + seed,
            "-max_total_time=" + seconds,
            Files.createDirectories(its.resolve("corpus")).toString(),
            Path.of("corpus", target.id()).toString());
    try {
      // Ends the process.
      Jazzer.main(arguments.toArray(String[]::new));
      return CommandLine.ExitCode.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
