package io.signalbox.benchmarks.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares chains under traffics. */
@Command(
    name = "quality",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Which chain serves which traffic best, over simulated engines in simulated time.")
public final class QualityCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--traffic",
      split = ",",
      paramLabel = "NAME",
      description = "Which of chat, documents, bursts, mixed, uneven; all where none is named.")
  private List<String> traffics = List.of();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "The requests of this file instead: JSON lines in Mooncake's format.")
  private @Nullable Path trace;

  @Option(
      names = "--chain",
      paramLabel = "CHAIN",
      description = "Only this chain; may be repeated.")
  private List<String> chains = List.of();

  @Option(names = "--engines", paramLabel = "N", description = "How many, 1 to 200.")
  private int engines = 8;

  @Option(
      names = "--kv-blocks",
      paramLabel = "N",
      description = "KV blocks of 16 tokens of each engine, 64 to 1048576.")
  private int kvBlocks = 8_192;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long requests are sent, in simulated time, 1 to 86400.")
  private int seconds = 120;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How often each traffic is made anew, 1 to 20.")
  private int seeds = 3;

  @Option(names = "--out", paramLabel = "FOLDER", description = "Where results are written.")
  private Path out = Path.of("benchmarks", "target", "quality");

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    require("--engines", engines, 1, 200);
    require("--kv-blocks", kvBlocks, 64, 1 << 20);
    require("--seconds", seconds, 1, 86_400);
    require("--seeds", seeds, 1, 20);
    var results =
        new ChainComparison(scenarios(), contenders(), seeds)
            .run(Runtime.getRuntime().availableProcessors());
    results.forEach(this::requireAnswers);
    var report = new Report(commandLine(), results);
    report.write(out);
    System.out.println(report.markdown());
    System.err.println("quality: charts and figures are in " + out);
    return 0;
  }

  private void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw problem("%s must be from %d to %d: %d".formatted(option, least, most, value));
    }
  }

  /** Of nothing there are no percentiles. */
  private void requireAnswers(ScenarioResult result) {
    for (var row : result.rows()) {
      if (row.sum(Outcome::answers) == 0) {
        throw problem(
            "%s: no request was answered by %s; are --seconds or --kv-blocks too few?"
                .formatted(result.scenario().name(), row.contender().name()));
      }
    }
  }

  private ParameterException problem(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  private String commandLine() {
    return "benchmarks/run quality "
        + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private List<Contender> contenders() {
    for (var chain : chains) {
      try {
        var _ = SimulatedRouter.plan(chain);
      } catch (IllegalArgumentException e) {
        throw problem("--chain %s: %s".formatted(chain, e.getMessage()));
      }
    }
    return chains.isEmpty()
        ? Contender.all()
        : chains.stream().distinct().map(Contender::of).toList();
  }

  private List<Scenario> scenarios() throws IOException {
    if (trace != null && !traffics.isEmpty()) {
      throw problem("--trace and --traffic exclude each other");
    }
    var length = Duration.ofSeconds(seconds);
    var scenarios = new ArrayList<Scenario>();
    if (trace == null) {
      var all = Scenario.all(engines, length);
      var names = all.stream().map(Scenario::name).toList();
      traffics.stream()
          .filter(name -> !names.contains(name))
          .findFirst()
          .ifPresent(name -> {
            throw problem("--traffic knows no " + name + ", only " + String.join(", ", names));
          });
      all.stream()
          .filter(scenario -> traffics.isEmpty() || traffics.contains(scenario.name()))
          .forEach(scenarios::add);
    } else {
      scenarios.add(traced(trace, length));
    }
    return scenarios.stream().map(scenario -> scenario.withKvBlocks(kvBlocks)).toList();
  }

  private Scenario traced(Path file, Duration length) throws IOException {
    if (!Files.isReadable(file)) {
      throw problem("--trace: " + file + " cannot be read");
    }
    try {
      return Scenario.of(TraceRequest.read(file), engines, length);
    } catch (TraceException e) {
      throw problem("--trace: " + e.getMessage());
    }
  }
}
