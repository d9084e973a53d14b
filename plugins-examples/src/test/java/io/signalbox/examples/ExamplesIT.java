package io.signalbox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import io.signalbox.testkit.PluginTestKit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each example answers as its cases say, in each language it is written in, and is as the README
 * says.
 */
class ExamplesIT {
  private static final List<PluginTestKit> PLUGINS =
      Stream.of("javascript", "python")
          .flatMap(folder -> scripts(Path.of(folder)))
          .map(PluginTestKit::load)
          .toList();

  private static final String README = read(Path.of("README.md"));

  private static Stream<Path> scripts(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(mjs|py)"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every strategy has its cases, whatever languages it is written in. */
  @TestFactory
  Stream<DynamicTest> answersAsItsCasesSay() {
    return PLUGINS.stream()
        .flatMap(plugin ->
            plugin.strategies().stream()
                .flatMap(strategy -> plugin.run(Path.of("cases", strategy.id() + ".json"))));
  }

  /** A strategy in one language. */
  record Declared(StrategyDescription description) {
    @Override
    public String toString() {
      return description.id();
    }
  }

  static Stream<Declared> strategies() {
    return PLUGINS.stream().flatMap(plugin -> plugin.strategies().stream()).map(Declared::new);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void theReadmeTellsOfItWithItsParameters(Declared strategy) {
    var id = strategy.description().id();
    var paragraph =
        Stream.of(README.split("\n## ", -1))
            .filter(part -> part.lines().findFirst().orElse("").matches("(.*, )?" + id + "(,.*)?"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no head of the README names " + id));

    assertThat(strategy.description().parameters())
        .allSatisfy(parameter ->
            assertThat(paragraph).contains("`" + parameter.name() + "` (" + shown(parameter)));
  }

  /** A default as the README shows it. */
  private static String shown(Parameter parameter) {
    return switch (parameter) {
      case Parameter.Numeric number -> "" + (long) number.defaultValue();
      case Parameter.Text text -> "`" + text.defaultValue() + "`";
    };
  }

  static Stream<String> chains() {
    return Stream.of(README.split("```chain\n", -1))
        .skip(1)
        .flatMap(block -> block.substring(0, block.indexOf("```")).lines());
  }

  @ParameterizedTest
  @MethodSource("chains")
  void aChainOfTheReadmeCanBeUsed(String chain) {
    var described = strategies().map(Declared::description);
    var inJava = PluginTestKit.of(LeastFilledFactory::new).strategies().stream();
    var plugins =
        Stream.concat(described, inJava)
            .collect(Collectors.toMap(StrategyDescription::id, Named::new, (one, _) -> one));
    var factories = new ArrayList<StrategyFactory>(BuiltinStrategies.create());
    factories.addAll(plugins.values());
    var problems = new ArrayList<String>();
    var _ =
        RoutingPlan.read(
            StrategyRegistry.local(factories),
            Set.of(Signal.values()),
            new ChainTexts(chain, Map.of(), Map.of(), ListReading.NARROW),
            (_, problem) -> problems.add(problem));

    assertThat(problems).isEmpty();
  }

  /** A strategy of which nothing counts but what it says of itself. */
  private record Named(StrategyDescription description) implements StrategyFactory {
    @Override
    public String id() {
      return description.id();
    }

    @Override
    public Set<Signal> needs() {
      return description.needs();
    }

    @Override
    public List<Parameter> parameters() {
      return description.parameters();
    }

    @Override
    public Strategy create(StrategyContext context) {
      return switch (description.kind()) {
        case SCORER -> new Scored(description.prefers());
        case FILTER -> (Filter) (_, _, _) -> {};
        case PICKER -> (Picker) (_, _) -> Picker.NO_CHOICE;
      };
    }
  }

  private record Scored(Direction prefers) implements Scorer {
    @Override
    public void score(RouteRequest request, Candidates candidates, double[] scores) {}
  }
}
