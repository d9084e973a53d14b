package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SteppedEngineTest {
  private static final LatencyModel TEN_MILLIS =
      new LatencyModel(Duration.ZERO, Duration.ofMillis(10), Duration.ZERO);
  private static final long STEP_NANOS = Duration.ofMillis(10).toNanos();

  private final SteppedEngine engine =
      new SteppedEngine(SimulatorOptions.defaults().withLatency(TEN_MILLIS));
  private final Answer answer = new Answer();

  private static final class Answer implements SteppedEngine.Listener {
    private final List<String> tokens = new ArrayList<>();
    private @Nullable Usage usage;

    @Override
    public void token(String text) {
      tokens.add(text);
    }

    @Override
    public void finished(Usage used) {
      usage = used;
    }
  }

  private int chat(String model, long nowNanos) {
    var body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "Which way?"}], "max_tokens": 3}
        """
            .formatted(model);
    return engine.chat(Buffer.buffer(body), answer, nowNanos);
  }

  @Test
  void answersStepByStepAsTimePasses() {
    assertThat(chat("demo-model", STEP_NANOS)).isEqualTo(200);
    assertThat(engine.deadline()).isEqualTo(2 * STEP_NANOS);

    engine.advance(2 * STEP_NANOS - 1);
    assertThat(answer.tokens).isEmpty();
    engine.advance(2 * STEP_NANOS);
    assertThat(answer.tokens).hasSize(1);
    engine.advance(4 * STEP_NANOS);

    assertThat(answer.tokens).hasSize(3);
    assertThat(answer.usage).extracting(Usage::completionTokens).isEqualTo(3);
    assertThat(engine.deadline()).isEqualTo(SteppedEngine.IDLE);
    assertThat(engine.metricsPage(4 * STEP_NANOS))
        .contains("vllm:generation_tokens_total{engine=\"0\",model_name=\"demo-model\"} 3.0");
  }

  @Test
  void whatItRefusesHasTheStatusOfTheAnswer() {
    assertThat(chat("other-model", 0)).isEqualTo(404);
    assertThat(engine.deadline()).isEqualTo(SteppedEngine.IDLE);
    assertThat(answer.usage).isNull();
  }
}
