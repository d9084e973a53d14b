package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.ToyTokenizer.Turn;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToyTokenizerTest {
  @ParameterizedTest(name = "\"{0}\" is {1} tokens")
  @CsvSource(
      textBlock =
          """
          '', 1
          a, 2
          one two, 3
          signal, 2
          signals, 3
          ' a', 2
          'a  b', 4
          """)
  void cutsAtWhiteSpaceAndAfterSixCharacters(String text, int tokens) {
    assertThat(ToyTokenizer.text(text)).hasSize(tokens);
  }

  @Test
  void proseIsAboutFourCharactersAToken() {
    String prose =
        "The signaller sets the points, clears the signal and lets the train pass over the junction.";
    double charsPerToken = (double) prose.length() / ToyTokenizer.text(prose).length;
    assertThat(charsPerToken).isBetween(3.0, 5.0);
  }

  @Test
  void idsAreStableAndInTheVocabulary() {
    int[] ids = ToyTokenizer.text("the same the same");
    assertThat(ids).isEqualTo(ToyTokenizer.text("the same the same"));
    assertThat(ids[4]).isEqualTo(ids[2]);
    assertThat(IntStream.of(ids)).allMatch(id -> id >= 0 && id < ToyTokenizer.VOCABULARY);
  }

  @Test
  void aConversationBeginsLikeItsEarlierTurns() {
    var question = new Turn("user", "Is the line clear?");
    int[] before = ToyTokenizer.conversation(List.of(question));
    int[] after =
        ToyTokenizer.conversation(
            List.of(question, new Turn("assistant", "it is"), new Turn("user", "Thanks")));
    assertThat(after).startsWith(before);
  }

  @Test
  void everyWordIsOneToken() {
    for (int hash = 0; hash < 10_000; hash++) {
      String word = Words.pick((long) hash << 8, 1);
      assertThat(ToyTokenizer.text(word)).hasSize(2);
    }
  }
}
