package io.signalbox.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The typings for scripts name what the Java SDK names. */
class TypingsTest {
  /**
   * How one language writes down what there is.
   *
   * @param signals finds the text in which all names of signals are listed, between quotes
   * @param endpoint finds the body of the type of endpoints
   * @param measured finds name and unit of a member that is measured
   */
  record Typings(
      String file,
      Function<Signal, String> name,
      Pattern signals,
      Pattern endpoint,
      Pattern measured) {
    String text() {
      try (var resource = Typings.class.getResourceAsStream("typings/" + file)) {
        return new String(
            Objects.requireNonNull(resource, file).readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String only(Pattern part) {
      var found = part.matcher(text()).results().map(match -> match.group(1)).toList();
      assertThat(found).as("%s in %s", part, file).hasSize(1);
      return found.getFirst();
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static List<Typings> typings() {
    return List.of(
        new Typings(
            "signalbox.d.ts",
            Signal::id,
            Pattern.compile("export type Signal =\\s([^;]+);"),
            Pattern.compile("export interface Endpoint \\{(.*?)\\n}", Pattern.DOTALL),
            Pattern.compile("Unit: (?<unit>[\\w/]+)\\. \\*/\\s+readonly (?<name>\\w+): number;")),
        new Typings(
            "signalbox.pyi",
            Signal::pythonId,
            Pattern.compile("Signal: TypeAlias = Literal\\[([^]]+)]"),
            Pattern.compile("\\nclass Endpoint:(.*?)\\nclass ", Pattern.DOTALL),
            Pattern.compile(
                "def (?<name>\\w+)\\(self\\) -> float:\\s+\"\"\"[^\"]*Unit: (?<unit>[\\w/]+)\\.")));
  }

  @ParameterizedTest
  @MethodSource("typings")
  void theNamesInNeedsAreThoseOfTheSignals(Typings typings) {
    var names = Pattern.compile("\"(\\w+)\"").matcher(typings.only(typings.signals())).results();

    assertThat(names.map(match -> match.group(1)))
        .containsExactlyElementsOf(Arrays.stream(Signal.values()).map(typings.name()).toList());
  }

  @ParameterizedTest
  @MethodSource("typings")
  void anEndpointHasEverySignalWithItsUnit(Typings typings) {
    var members = typings.measured().matcher(typings.only(typings.endpoint())).results();

    assertThat(members.map(match -> match.group("name") + " in " + match.group("unit")))
        .containsExactlyElementsOf(
            Arrays.stream(Signal.values())
                .map(signal -> typings.name().apply(signal) + " in " + signal.unit())
                .toList());
  }
}
