package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CounterGrowthTest {
  private static final String QUEUE = "vllm:request_queue_time_seconds_sum";
  private static final String QUEUED = "vllm:request_queue_time_seconds_count";
  private static final String PREFILL = "vllm:request_prefill_time_seconds_sum";
  private static final String PROMPTS = "vllm:request_prompt_tokens_sum";
  private static final String PROMPT_TOKENS = "vllm:prompt_tokens_total";

  private final CounterGrowth growth = new CounterGrowth(Pages.VLLM, Duration.ofMinutes(1));

  private CounterGrowth.Told note(long second, Map<String, Double> totals) {
    var bySelector = new double[Pages.VLLM.size()];
    Arrays.fill(bySelector, Double.NaN);
    totals.forEach((name, total) -> bySelector[Pages.VLLM.number(name)] = total);
    return growth.note(bySelector, TimeUnit.SECONDS.toNanos(second));
  }

  private static Map<String, Double> queue(double seconds, double requests) {
    return Map.of(QUEUE, seconds, QUEUED, requests);
  }

  @Test
  void aMeanIsThatOfTheWindowNotOfTheEnginesLife() {
    assertThat(note(0, queue(1_000, 10)).quiet()).containsExactly(Signal.QUEUE_SECONDS);

    assertThat(note(1, queue(1_003, 16)).values())
        .containsExactly(Map.entry(Signal.QUEUE_SECONDS, 0.5));
  }

  @Test
  void whereNothingHappenedThereIsNothingToTell() {
    note(0, queue(1_000, 10));

    var told = note(1, queue(1_000, 10));

    assertThat(told.values()).isEmpty();
    assertThat(told.quiet()).containsExactly(Signal.QUEUE_SECONDS);
  }

  @Test
  void whatHappenedBeforeTheWindowIsForgotten() {
    note(0, queue(0, 0));
    for (int second = 1; second < 100; second++) {
      note(second, queue(40, 10));
    }

    assertThat(note(100, queue(41, 11)).values())
        .containsExactly(Map.entry(Signal.QUEUE_SECONDS, 1.0));
  }

  @Test
  void anEngineThatBeganAnewGoesOn() {
    note(0, queue(1_000, 10));
    note(1, queue(1_001, 11));
    note(2, queue(0, 0));

    assertThat(note(3, queue(5, 2)).values()).containsExactly(Map.entry(Signal.QUEUE_SECONDS, 2.0));
  }

  @Test
  void theFirstOfTwoWaysCountsWhereItIsOnThePage() {
    var totals = new HashMap<>(Map.of(PREFILL, 0.0, PROMPTS, 0.0, PROMPT_TOKENS, 0.0));
    note(0, totals);
    totals.putAll(Map.of(PREFILL, 8.0, PROMPTS, 100.0, PROMPT_TOKENS, 400.0));

    assertThat(note(1, totals).values())
        .containsEntry(Signal.PREFILL_SECONDS_PER_TOKEN, 0.08)
        .containsEntry(Signal.PROMPT_TOKENS_PER_SECOND, 400.0);

    totals.remove(PROMPTS);
    note(2, totals);
    totals.putAll(Map.of(PREFILL, 16.0, PROMPT_TOKENS, 800.0));
    assertThat(note(3, totals).values()).containsEntry(Signal.PREFILL_SECONDS_PER_TOKEN, 0.02);
  }

  @Test
  void ratesFallToZero() {
    note(0, Map.of(PROMPT_TOKENS, 500.0));
    for (int second = 1; second < 100; second++) {
      note(second, Map.of(PROMPT_TOKENS, 500.0));
    }

    assertThat(note(100, Map.of(PROMPT_TOKENS, 500.0)).values())
        .containsExactly(Map.entry(Signal.PROMPT_TOKENS_PER_SECOND, 0.0));
  }

  @Test
  void countersThatAreNotOnThePageTellNothing() {
    note(0, Map.of());

    var told = note(1, Map.of(QUEUE, 5.0));

    assertThat(told.values()).isEmpty();
    assertThat(told.quiet()).isEmpty();
  }

  @Test
  void aCounterThatAppearsHasNotGrownYet() {
    note(0, Map.of());
    note(1, queue(1_000, 10));

    assertThat(note(2, queue(1_001, 12)).values())
        .containsExactly(Map.entry(Signal.QUEUE_SECONDS, 0.5));
  }
}
