package io.signalbox.benchmarks;

import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.PromptBlocks;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading the prompt from a body, with and without hashing its blocks of 128 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PromptBenchmark {
  private final BlockHashing hashing = new BlockHashing(128, 0);

  /** Bytes of the body. */
  @Param({"4096", "102400"})
  public int bytes;

  private byte[] body = {};

  /** Makes the body. */
  @Setup
  public void setUp() {
    body = RequestBodies.chat(bytes).getBytes(StandardCharsets.UTF_8);
  }

  private InferenceRequest request() {
    return new InferenceRequest(
        new Scanned(RequestBodies.MODEL, null, true),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body));
  }

  /** The text alone. */
  @Benchmark
  public String read() {
    return request().prompt();
  }

  /** The text and its hashes. */
  @Benchmark
  public PromptBlocks readAndHash() {
    return request().blocks(hashing);
  }
}
