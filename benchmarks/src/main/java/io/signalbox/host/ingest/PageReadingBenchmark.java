package io.signalbox.host.ingest;

import io.signalbox.benchmarks.MetricsPages;
import io.signalbox.benchmarks.RequestBodies;
import io.signalbox.host.config.Dialects;
import io.signalbox.host.ingest.EnginePages.Subject;
import io.signalbox.host.ingest.PageReading.Scratch;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

/** Reading a metrics page of some 20 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PageReadingBenchmark {
  private final Buffer page = Buffer.buffer(MetricsPages.vllm());
  private final Dialect dialect = new Dialect(Dialects.BUILT_IN.of("vllm").getFirst());
  private final Scratch scratch = new Scratch();
  private final PageReading reading =
      new PageReading(dialect, List.of(RequestBodies.MODEL), Optional.empty(), scratch);
  private final EnginePages pages =
      new EnginePages(
          List.of(dialect),
          new Subject(List.of(RequestBodies.MODEL), Optional.empty()),
          scratch,
          Duration.ofMinutes(1),
          () -> 0);
  private long nowNanos;

  /** The bytes alone. */
  @Benchmark
  public int readBytes() {
    reading.begin();
    reading.feed(page);
    reading.end();
    return reading.matched();
  }

  /** And what they say of signals. */
  @Benchmark
  public Object readSignals() {
    nowNanos += TimeUnit.SECONDS.toNanos(1);
    pages.begin();
    pages.feed(page);
    return pages.end(nowNanos);
  }
}
