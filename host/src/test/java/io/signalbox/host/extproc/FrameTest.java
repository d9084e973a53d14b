package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.chain.Observation;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.extproc.Destination.Rewritten;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";

  private static Picked picked(String chain) {
    var model =
        new ModelConfig(
            "m", ModelConfig.DEFAULT_ENGINE, List.of(new EndpointAddress("a", "192.0.2.1", 8000)));
    var endpoint = new EndpointRegistry().apply(List.of(model)).endpoints().getFirst();
    return new Picked(
        endpoint,
        Optional.empty(),
        endpoint.reserve(),
        Observation.NONE,
        chain,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** What was made before says the same as what is made for the request. */
  @ParameterizedTest
  @EnumSource(Dialect.class)
  void templatesSayWhatIsSaidWithoutThem(Dialect dialect) {
    var marks = new Marks(dialect);
    for (var chain : List.of("random", "least-request;band=2, random", "random")) {
      var picked = picked(chain);
      assertThat(Messages.of(marks.of(picked).atBody().with(ID)))
          .isEqualTo(
              Answers.routeByBody(
                  Destination.of(picked, marks, ControlHeaders.NOTHING, Rewritten.NOT, ID)));
      assertThat(Messages.of(marks.of(picked).atAnswer().with(ID)))
          .isEqualTo(
              Answers.answerHead(
                  AnswerMarks.of(picked, picked.endpoint(), marks, ID).build(), false));
    }
  }

  @Test
  void framesOfATemplateAreIndependent() {
    var template = new Marks(Dialect.BOTH).of(picked("random")).atBody();
    var first = template.with(ID);
    var words = Messages.of(first).toString();
    var _ = template.with("f".repeat(ID.length()));
    assertThat(Messages.of(first)).hasToString(words);
  }

  @Test
  void anIdOfAnotherLengthDoesNotFit() {
    var template = new Marks(Dialect.BOTH).of(picked("random")).atBody();
    assertThatThrownBy(() -> template.with("short")).isInstanceOf(IllegalArgumentException.class);
  }
}
