package io.signalbox.benchmarks;

import io.signalbox.host.request.BodyScanner;
import io.signalbox.host.request.ScanResult;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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

/** Finding the model in a body whose model comes last. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BodyScannerBenchmark {
  /** Bytes of the body. */
  @Param({"4096", "65536", "1048576"})
  public int bytes;

  private byte[] body = {};

  /** Makes the body. */
  @Setup
  public void setUp() {
    body = RequestBodies.chat(bytes).getBytes(StandardCharsets.UTF_8);
  }

  /** One pass. */
  @Benchmark
  public ScanResult scan() {
    return BodyScanner.scan(new ByteArrayInputStream(body));
  }
}
