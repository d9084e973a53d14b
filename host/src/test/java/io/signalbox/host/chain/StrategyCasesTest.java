package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases that users of AIBrix know, run against our strategies and chains. {@code
 * strategies.json} holds them as the reference answers them, {@code
 * strategy-cases-differences.yaml} those where ours differs on purpose.
 *
 * <p>Prints one line for each case, and the totals. The system property {@code cases} names another
 * file of cases.
 */
class StrategyCasesTest {
  /** The system property; a relative path starts at the root of the repository. */
  private static final String PROPERTY = "cases";

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path OWN = ROOT.resolve("host/src/test/resources/cases/strategies.json");

  private static final StrategyCaseLists LISTS = StrategyCaseLists.read();
  private static final Map<Verdict, Integer> TOTALS = new EnumMap<>(Verdict.class);

  private enum Verdict {
    PASS("PASS"),
    DIFFERS("DIFFERS"),
    NOT_APPLICABLE("N/A");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }
  }

  static List<StrategyCase> cases() {
    return StrategyCase.read(file());
  }

  private static Path file() {
    var given = System.getProperty(PROPERTY, "");
    if (given.isEmpty()) {
      return OWN;
    }
    var file = ROOT.resolve(given);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("-D" + PROPERTY + ": there is no file " + file);
    }
    return file;
  }

  /** How a unit is asked; null for a unit nobody knows. Units of new strategies come in here. */
  private static @Nullable Consumer<StrategyCase> unit(StrategyCase row) {
    return switch (row.unit()) {
      case "parse" -> CompositionCases::parse;
      case "rank" -> CompositionCases::rank;
      case "normalize" -> CompositionCases::normalize;
      case "validate" -> CompositionCases::validate;
      case "route" ->
          row.strategy().equals("prefix-cache-preble") ? PrefixCases::preble : RoutingCases::route;
      case "score_all" -> RoutingCases::scoreAll;
      case "post_route" -> RoutingCases::postRoute;
      case "rendezvous" -> RoutingCases::rendezvous;
      case "candidates" -> RoutingCases::candidates;
      case "lifecycle" -> RoutingCases::lifecycle;
      case "imbalance_filter" -> PrefixCases::imbalance;
      case "pick_matched", "pick_matched_namespaced", "least_request_pick" ->
          PrefixCases::pickMatched;
      case "prefix_hash" -> PrefixCases::hash;
      case "replica_sync" -> PrefixCases::replicaSync;
      case "prefix_match" -> PrefixCases::match;
      case "prefix_capacity" -> PrefixCases::capacity;
      case "profile_cell" -> SloCases::cell;
      case "consumption" -> SloCases::consumption;
      case "least_load_push", "least_load_pull", "pack_load" -> SloCases::place;
      case "slo" -> SloCases::route;
      default -> pairUnit(row.unit());
    };
  }

  private static @Nullable Consumer<StrategyCase> pairUnit(String unit) {
    return switch (unit) {
      case "pd_select" -> PairCases::select;
      case "pd_eligible" -> PairCases::eligible;
      case "pd_prefill_imbalance" -> PairScoringCases::prefillImbalance;
      case "pd_decode_imbalance" -> PairScoringCases::decodeImbalance;
      case "pd_prefill_score" -> PairScoringCases::prefillScore;
      case "pd_decode_score" -> PairScoringCases::decodeScore;
      case "pd_prefill_formula" -> PairScoringCases::prefillFormula;
      case "pd_decode_formula" -> PairScoringCases::decodeFormula;
      case "pd_policies" -> PairCases::policies;
      case "pd_bucket" -> PairCases::bucket;
      case "pd_config" -> PairCases::config;
      case "pd_pick_combined" -> PairScoringCases::pickCombined;
      case "pd_combined_score" -> PairScoringCases::combinedScore;
      default -> null;
    };
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oursAgreesOrDiffersForAReason(StrategyCase row) {
    var unit = unit(row);
    if (unit == null || LISTS.reasonNotAsked(row).isPresent()) {
      tell(Verdict.NOT_APPLICABLE, row);
      if (file().equals(OWN)) {
        assertThat(LISTS.reasonNotAsked(row)).as("no reason is listed").isPresent();
      }
      return;
    }
    var difference = difference(unit, row);
    tell(difference == null ? Verdict.PASS : Verdict.DIFFERS, row);
    if (LISTS.mustDiffer(row)) {
      assertThat(difference).as("listed as different, but agrees").isNotNull();
    } else if (!LISTS.mayDiffer(row)) {
      assertThat(difference).isNull();
    }
  }

  /** What is different from the case; null where ours agrees. */
  private static @Nullable String difference(Consumer<StrategyCase> unit, StrategyCase row) {
    try {
      unit.accept(row);
      return null;
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      // A strategy that throws differs too; so does a case that does not have what its unit needs.
      return e.toString();
    }
  }

  private static void tell(Verdict verdict, StrategyCase row) {
    TOTALS.merge(verdict, 1, Integer::sum);
    System.out.println(verdict.word + " " + row.id());
  }

  @AfterAll
  static void tellTotals() {
    var text = new StringBuilder("strategy cases:");
    for (var verdict : Verdict.values()) {
      text.append(' ').append(TOTALS.getOrDefault(verdict, 0)).append(' ').append(verdict.word);
    }
    System.out.println(text);
  }

  @Test
  void theListsAreAboutCasesThereAreAndGiveReasons() {
    assertThat(LISTS.problems(StrategyCase.read(OWN))).isEmpty();
  }
}
