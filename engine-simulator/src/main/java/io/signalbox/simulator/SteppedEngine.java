package io.signalbox.simulator;

import io.signalbox.simulator.Parsed.Refused;
import io.signalbox.simulator.Parsed.Valid;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine without sockets and without a clock: whoever owns it says what time it is, so that an
 * hour passes in seconds, on a busy machine as on an idle one, and the same requests at the same
 * times are answered alike. Scheduling, KV cache, latencies, parsing and metrics are those of
 * {@link EngineSimulator}; there are no faults, pairs and KV events.
 *
 * <p>Times are nanoseconds since an origin of the owner's choice, and never go back. Confined to
 * one thread.
 */
public final class SteppedEngine {
  /** No step is under way: nothing will happen until the next request. */
  public static final long IDLE = Scheduler.IDLE;

  private final SimulatorOptions options;
  private final SimulatorMetrics metrics = new SimulatorMetrics();
  private final Scheduler scheduler;
  private final RequestParser parser;

  /** Takes an answer. Called while time passes, and must not call the engine. */
  public interface Listener {
    /** The next token. */
    void token(String text);

    /** The last call. */
    void finished(Usage usage);
  }

  private record Answer(Listener listener, List<Sequence> sequences) implements TokenSink {
    @Override
    public void begin(int choices) {
      // Its status says so.
    }

    @Override
    public void token(int choice, String text) {
      listener.token(text);
    }

    @Override
    public void finished(int choice, FinishReason reason) {
      listener.finished(Usage.of(sequences));
    }
  }

  /** An idle engine; where it would listen does not matter. */
  public SteppedEngine(SimulatorOptions options) {
    this.options = options;
    this.scheduler = new Scheduler(options, metrics);
    this.parser = new RequestParser(options);
  }

  /**
   * Takes a chat completion in.
   *
   * @return the status of the answer; other than 200, the listener is told nothing
   */
  public int chat(Buffer body, Listener listener, long nowNanos) {
    metrics.received();
    return switch (parser.generation(body, AnswerFormat.CHAT)) {
      case Refused<GenerationRequest>(ApiError error) -> error.status();
      case Valid<GenerationRequest>(GenerationRequest generation) -> {
        var sequences = new ArrayList<Sequence>();
        var answer = new Answer(listener, sequences);
        for (var prompt : generation.prompts()) {
          sequences.add(new Sequence(prompt, generation.maxTokens(), sequences.size(), answer));
        }
        yield scheduler.submit(sequences, nowNanos) ? 200 : ApiError.queueFull().status();
      }
    };
  }

  /** When the step under way ends and {@link #advance} is next wanted, or {@link #IDLE}. */
  public long deadline() {
    return scheduler.deadline();
  }

  /** Lets time pass. */
  public void advance(long nowNanos) {
    scheduler.advance(nowNanos);
  }

  /** What {@code /metrics} would answer. */
  public String metricsPage(long nowNanos) {
    return metrics
        .page(options.model(), scheduler.load(), scheduler.busyRatio(nowNanos))
        .toString();
  }
}
