package io.signalbox.host.ingest;

import io.signalbox.host.config.Dialects;
import io.signalbox.host.ingest.EnginePages.Subject;
import io.signalbox.host.ingest.PageReading.Scratch;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One engine's pages, given as texts. */
final class Pages {
  static final Dialect VLLM = dialect("vllm");

  private final AtomicLong answers = new AtomicLong();
  private final EnginePages pages;

  private Pages(List<Dialect> dialects, Subject subject) {
    pages = new EnginePages(dialects, subject, new Scratch(), Duration.ofMinutes(1), answers::get);
  }

  static Dialect dialect(String engine) {
    return new Dialect(Dialects.BUILT_IN.of(engine).getFirst());
  }

  static List<Dialect> dialects(String engine) {
    return Dialects.BUILT_IN.of(engine).stream().map(Dialect::new).toList();
  }

  /** Pages of an engine of this kind, or of any where it is {@code auto}. */
  static Pages of(String engine, String... models) {
    return of(dialects(engine), Optional.empty(), models);
  }

  static Pages of(List<Dialect> dialects, Optional<String> rank, String... models) {
    return new Pages(dialects, new Subject(List.of(models), rank));
  }

  /** A page in the folder {@code pages} of the test's resources. */
  static String resource(String name) {
    try (var page = Pages.class.getResourceAsStream("/pages/" + name)) {
      return new String(
          Objects.requireNonNull(page, name).readAllBytes(),
          java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The engine answered so many requests more. */
  void answered(int more) {
    answers.addAndGet(more);
  }

  String path() {
    return pages.path();
  }

  void notThere() {
    pages.notThere();
  }

  /** Reads a page at a time. */
  PageVerdict read(String page, long second) {
    pages.begin();
    pages.feed(Buffer.buffer(page));
    return pages.end(TimeUnit.SECONDS.toNanos(second));
  }

  /** The same, in pieces of so many bytes. */
  PageVerdict inPieces(String page, int pieceBytes) {
    pages.begin();
    var bytes = Buffer.buffer(page);
    for (int at = 0; at < bytes.length(); at += pieceBytes) {
      pages.feed(bytes.getBuffer(at, Math.min(bytes.length(), at + pieceBytes)));
    }
    return pages.end(0);
  }

  /** What a page says of the first model. */
  static Finding finding(PageVerdict verdict) {
    return verdict instanceof PageVerdict.Read read
        ? read.findings().getFirst()
        : new Finding(java.util.Map.of(), java.util.Set.of(), Optional.empty());
  }
}
