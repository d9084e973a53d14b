package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.telemetry.Reason;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChainParserTest {
  private static ParsedChain narrowed(String text) {
    return ChainParser.parse(text, ListReading.NARROW);
  }

  record Row(String text, String canonical) {
    @Override
    public String toString() {
      return '"' + text + '"';
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("a", "a"),
        new Row("A-1_b.c", "A-1_b.c"),
        new Row("a,b", "a,b"),
        new Row("a+b", "a+b"),
        new Row("a+b,c", "a+b,c"),
        new Row("a,b+c,d", "a,b+c,d"),
        new Row(" a ,\tb ", "a,b"),
        new Row(" a : 2 + b ; k = v ; l ", "a:2+b;k=v;l"),
        new Row("a:1", "a"),
        new Row("a:7", "a"),
        new Row("a:1,b", "a+b"),
        new Row("a:2,b", "a:2+b"),
        new Row("a,b:3,c", "a+b:3+c"),
        new Row("a:2,b+c", "a,b+c"),
        new Row("a:007+b", "a:7+b"),
        new Row("a:1000000+b", "a:1000000+b"),
        new Row("a:000000002+b", "a:2+b"),
        new Row("a:0,b", "b"),
        new Row("a:0,b:0,c", "c"),
        new Row("a:0+b,c", "b,c"),
        new Row("a+b:0,c+d", "a,c+d"),
        new Row("a:0+b:0,c+d", "c+d"),
        new Row("a,a", "a,a"),
        new Row("a;z;y=1;x=true", "a;x;y=1;z"),
        new Row("a;band=5%", "a;band=5%"),
        new Row("a;band=0.02,b", "a;band=0.02,b"),
        new Row("a;k=!\"#$%&'()*-./<>?@[\\]^_`{|}~", "a;k=!\"#$%&'()*-./<>?@[\\]^_`{|}~"),
        new Row("a:2;k=v,b;k", "a:2;k=v+b;k"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void hasOneSpelling(Row row) {
    assertThat(narrowed(row.text()).canonical()).isEqualTo(row.canonical());
    assertThat(narrowed(row.canonical()).canonical()).isEqualTo(row.canonical());
  }

  static List<Row> weightedLists() {
    return List.of(
        new Row("a", "a"),
        new Row("a,b", "a+b"),
        new Row("a,b:2", "a+b:2"),
        new Row("a+b,c+d", "a+b,c+d"));
  }

  @ParameterizedTest
  @MethodSource("weightedLists")
  void listsCanBeReadAsOneWeightedStage(Row row) {
    assertThat(ChainParser.parse(row.text(), ListReading.WEIGHTED).canonical())
        .isEqualTo(row.canonical());
  }

  @Test
  void aTermSaysWhereItStandsAndWhatItCarries() {
    var terms = narrowed(" a, bc:0 ,  d:3;k;l=x").stages().getFirst().terms();

    assertThat(terms).extracting(ParsedTerm::name).containsExactly("a", "d");
    assertThat(terms).extracting(ParsedTerm::weight).containsExactly(1, 3);
    assertThat(terms).extracting(ParsedTerm::position).containsExactly(2, 13);
    assertThat(terms.getFirst().parameters()).isEmpty();
    assertThat(terms.getLast().parameters()).containsEntry("k", "true").containsEntry("l", "x");
  }

  @Test
  void theLongestTextAndTheMostTermsAreRead() {
    assertThat(narrowed("a".repeat(2_048)).canonical()).hasSize(2_048);
    assertThat(narrowed(list(32)).stages()).hasSize(32);
  }

  private static String list(int terms) {
    return String.join(",", Collections.nCopies(terms, "a"));
  }

  record Bad(String name, String text, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Bad name(String text, int position, String found) {
    return new Bad(
        "no name in \"" + text + '"',
        text,
        "position " + position + ": expected the name of a strategy or chain, found " + found);
  }

  private static Bad weight(String text, int position, String found) {
    return new Bad(
        "the weight in \"" + text + '"',
        text,
        "position "
            + position
            + ": a weight must be an integer from 0 to 1000000, not \""
            + found
            + '"');
  }

  private static Bad separator(String text, int position, String found) {
    return new Bad(
        "no separator in \"" + text + '"',
        text,
        "position " + position + ": expected \",\", \"+\", \":\" or \";\", found \"" + found + '"');
  }

  static List<Bad> bad() {
    return List.of(
        name("", 1, "the end"),
        name("  ", 3, "the end"),
        name("a,", 3, "the end"),
        name("a+ ", 4, "the end"),
        name(",a", 1, "\",\""),
        name("a,,b", 3, "\",\""),
        name("a+,b", 3, "\",\""),
        name(":3", 1, "\":\""),
        name(";k", 1, "\";\""),
        name("(a)", 1, "\"(\""),
        name("a,\u00e9", 3, "\"\u00e9\""),
        name("a,\ud83d\ude80", 3, "\"\ud83d\ude80\""),
        name("a\t,\n", 4, "\"\n\""),
        separator("a b", 3, "b"),
        separator("a=1", 2, "="),
        separator("a/b", 2, "/"),
        separator("a;k=v w", 7, "w"),
        separator("a:1 2", 5, "2"),
        separator("a\u00a0", 2, "\u00a0"),
        separator("a\ud83d\ude80", 2, "\ud83d\ude80"),
        weight("a:", 3, ""),
        weight("a:1000001", 3, "1000001"),
        weight("a:9999999999", 3, "9999999999"),
        weight("a:99999999999999999999", 3, "99999999999999999999"),
        weight("a:0000000001", 3, "0000000001"),
        weight("a: 0.5", 4, "0.5"),
        weight("a:-1", 3, "-1"),
        weight("a:1e3", 3, "1e3"),
        weight("a:x", 3, "x"),
        weight("a:+1", 3, ""),
        weight("b,a:;k", 5, ""),
        weight("a:\u0663", 3, ""),
        new Bad("all weights 0", "a:0", "position 1: every weight is 0, so no strategy is left"),
        new Bad(
            "all weights of all stages 0",
            "a:0+b:0,c:0",
            "position 1: every weight is 0, so no strategy is left"),
        new Bad(
            "two weights",
            "a:1:2",
            "position 4: expected \",\", \"+\", \":\" or \";\", found \":\""),
        new Bad(
            "a weight after a parameter",
            "a;k:2",
            "position 4: expected \",\", \"+\", \":\" or \";\", found \":\""),
        new Bad(
            "no parameter after ;",
            "a;",
            "position 3: expected the name of a parameter, found the end"),
        new Bad("two ;", "a;;k", "position 3: expected the name of a parameter, found \";\""),
        new Bad("no value after =", "a;k=", "position 5: a value is missing after \"=\""),
        new Bad("no value before the next", "a;k=;l", "position 5: a value is missing after \"=\""),
        new Bad(
            "two =", "a;k=v=w", "position 6: expected \",\", \"+\", \":\" or \";\", found \"=\""),
        new Bad("a parameter twice", "a;k=1; k=1", "position 8: parameter \"k\" is given twice"),
        new Bad("33 terms", list(33), "position 65: a chain has at most 32 strategies"),
        new Bad(
            "33 terms, one of weight 0",
            list(32) + ",b:0",
            "position 65: a chain has at most 32 strategies"),
        new Bad(
            "2,049 characters",
            "a".repeat(2_049),
            "position 2049: a chain has at most 2048 characters, this one 2049"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void saysWhereAndWhatIsAllowed(Bad row) {
    assertThatExceptionOfType(ChainException.class)
        .isThrownBy(() -> narrowed(row.text()))
        .withMessage(row.message())
        .satisfies(problem -> assertThat(problem.reason()).isEqualTo(Reason.INVALID_CHAIN));
  }

  @Test
  void theCanonicalFormReadsBackToItself() {
    var random = new SplittableRandom(1);
    for (int run = 0; run < 20_000; run++) {
      var text = randomChain(random);
      var canonical = narrowed(text).canonical();

      assertThat(narrowed(canonical).canonical()).as(text).isEqualTo(canonical);
    }
  }

  /** A chain that reads: the first term always has a weight above 0. */
  private static String randomChain(SplittableRandom random) {
    var text = new StringBuilder();
    int terms = 1 + random.nextInt(8);
    for (int i = 0; i < terms; i++) {
      text.append(i == 0 ? "" : random.nextBoolean() ? "," : "+");
      text.append(" ".repeat(random.nextInt(2))).append((char) ('a' + random.nextInt(4)));
      if (random.nextInt(3) == 0) {
        text.append(" : ").append(i == 0 ? 1 + random.nextInt(3) : random.nextInt(3));
      }
      for (int k = random.nextInt(3); k > 0; k--) {
        text.append(';').append((char) ('k' + k)).append(random.nextBoolean() ? "" : " =true");
      }
      text.append(random.nextInt(4) == 0 ? ";k=0.5%" : "");
    }
    return text.toString();
  }

  @Test
  void noTextMakesItFail() {
    var random = new SplittableRandom(2);
    var telling = "ab01,+:;= \t\n.%-_\u0000\u00e9\ud83d\ude80";
    for (int run = 0; run < 50_000; run++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(24); length > 0; length--) {
        text.append(telling.charAt(random.nextInt(telling.length())));
      }
      try {
        var parsed = narrowed(text.toString());
        assertThat(parsed.stages()).as(text.toString()).isNotEmpty();
      } catch (ChainException e) {
        assertThat(e).as(text.toString()).hasMessageMatching("(?s)position \\d+: .+");
      }
    }
  }
}
