package io.signalbox.benchmarks;

import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.AnswerReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading what an answer tells of tokens while it passes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnswerReaderBenchmark {
  private static final AnswerHead STREAM = new AnswerHead(200, "text/event-stream", null);
  private static final AnswerHead JSON = new AnswerHead(200, "application/json", null);

  private static final String EVENT =
      "data: {\"id\":\"chatcmpl-0123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":1763600000,"
          + "\"model\":\"demo-model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},"
          + "\"logprobs\":null,\"finish_reason\":null}]}\n\n";

  private final ByteBuffer event = ByteBuffer.wrap(EVENT.getBytes(StandardCharsets.UTF_8));
  private final ByteBuffer whole = ByteBuffer.wrap(whole().getBytes(StandardCharsets.UTF_8));
  private final AnswerReader stream = AnswerReader.of(STREAM);

  private static String whole() {
    return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + "word ".repeat(750)
        + "\"}}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":750}}";
  }

  /** An event of 230 bytes with one token. */
  @Benchmark
  public long event() {
    stream.read(event);
    return stream.deltas();
  }

  /** A whole answer of 4 KB. */
  @Benchmark
  public double answer() {
    var reader = AnswerReader.of(JSON);
    reader.read(whole);
    return reader.usage().outputTokens();
  }
}
