package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exchanges that other routers are known by: those of an endpoint picker in {@code extproc.json},
 * those of AIBrix' gateway in {@code extproc-aibrix.json}. {@code extproc-differences.yaml} lists
 * where ours differs on purpose, {@code extproc-names.yaml} what their plugins are called here.
 *
 * <p>Prints one line for each case, and the totals. The system property {@code cases} names another
 * file of cases.
 */
class ExtProcCasesTest {
  /** The system property; a relative path starts at the root of the repository. */
  private static final String PROPERTY = "cases";

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path OWN = ROOT.resolve("host/src/test/resources/cases");

  private static final ExtProcCaseLists LISTS = ExtProcCaseLists.read();
  private static final Map<Verdict, Integer> TOTALS = new EnumMap<>(Verdict.class);
  private static final Vertx VERTX = Vertx.vertx();

  private enum Verdict {
    PASS("PASS"),
    DIFFERS("DIFFERS"),
    NOT_APPLICABLE("N/A");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }
  }

  static List<ExtProcCase> cases() {
    var given = System.getProperty(PROPERTY, "");
    if (given.isEmpty()) {
      return own();
    }
    var file = ROOT.resolve(given);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("-D" + PROPERTY + ": there is no file " + file);
    }
    return ExtProcCase.read(file);
  }

  private static List<ExtProcCase> own() {
    return Stream.of("extproc.json", "extproc-aibrix.json")
        .flatMap(file -> ExtProcCase.read(OWN.resolve(file)).stream())
        .toList();
  }

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
    var text = new StringBuilder("ext_proc cases:");
    for (var verdict : Verdict.values()) {
      text.append(' ').append(TOTALS.getOrDefault(verdict, 0)).append(' ').append(verdict.word);
    }
    System.out.println(text);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oursAgreesOrDiffersForAReason(ExtProcCase row) {
    var chain = row.chain().isEmpty() ? LISTS.chain(row.config()) : row.chain();
    if (LISTS.notApplicable().containsKey(row.name())) {
      tell(Verdict.NOT_APPLICABLE, row);
      return;
    }
    assertThat(chain).as("no counterpart, and no reason is listed").isNotEmpty();
    var difference = difference(row, chain);
    tell(difference == null ? Verdict.PASS : Verdict.DIFFERS, row);
    if (LISTS.differs().containsKey(row.name())) {
      assertThat(difference).as("listed as different, but agrees").isNotNull();
    } else {
      assertThat(difference).isNull();
    }
  }

  /** What is different from the case; null where ours agrees. */
  private static @Nullable String difference(ExtProcCase row, String chain) {
    try {
      new ExtProcCaseCheck(row, new ExtProcCaseRun(VERTX, row, chain).run()).check();
      return null;
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      // A case that does not have what its messages need differs too.
      return e.toString();
    }
  }

  private static void tell(Verdict verdict, ExtProcCase row) {
    TOTALS.merge(verdict, 1, Integer::sum);
    System.out.println(verdict.word + " " + row.name());
  }

  @Test
  void theListsAreAboutCasesThereAreAndGiveReasons() {
    var names = own().stream().map(ExtProcCase::name).toList();
    assertThat(names).doesNotHaveDuplicates();
    for (var list : List.of(LISTS.notApplicable(), LISTS.differs())) {
      assertThat(names).containsAll(list.keySet());
      assertThat(list.values()).noneMatch(String::isBlank);
    }
  }
}
