package io.signalbox.host.tracing;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.host.telemetry.TracingMetrics;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what becomes of spans, and says when their receiver goes, when it is back, and when the
 * queue before it is full.
 */
final class AnnouncingExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(AnnouncingExporter.class);

  private final SpanExporter exporter;
  private final URI receiver;
  private final DoubleSupplier dropped;
  private final TracingMetrics metrics;
  private final Quiet quiet = new Quiet();
  private final AtomicBoolean away = new AtomicBoolean();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong droppedBefore = new AtomicLong();

  /**
   * Announces what becomes of the spans given to an exporter.
   *
   * @param dropped how many spans found no room in the queue before it
   */
  AnnouncingExporter(
      SpanExporter exporter, URI receiver, DoubleSupplier dropped, TracingMetrics metrics) {
    this.exporter = exporter;
    this.receiver = receiver;
    this.dropped = dropped;
    this.metrics = metrics;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    var result = exporter.export(spans);
    return result.whenComplete(() -> {
      tellOfDropped();
      if (result.isSuccess()) {
        sent(count);
      } else {
        failed(count, result.getFailureThrowable());
      }
    });
  }

  private void tellOfDropped() {
    long now = (long) dropped.getAsDouble();
    if (now > droppedBefore.get() && quiet.mayTell()) {
      LOG.warn(
          "{} spans found no room among those that wait, and are lost",
          now - droppedBefore.getAndSet(now));
    }
  }

  private void sent(int spans) {
    if (away.compareAndSet(true, false)) {
      LOG.info("spans are taken by {} again; {} are lost", receiver, lost.getAndSet(0));
    }
    metrics.sent(spans);
  }

  private void failed(int spans, @Nullable Throwable cause) {
    lost.addAndGet(spans);
    if (away.compareAndSet(false, true)) {
      LOG.warn("spans are not taken by {}, and are lost until they are: {}", receiver, why(cause));
    }
    metrics.failed(spans);
  }

  private static String why(@Nullable Throwable cause) {
    // An internal class, and the only place where the status is told.
    if (cause instanceof HttpExportException http && http.getResponse() != null) {
      return "it answers with status " + http.getResponse().getStatusCode();
    }
    return cause == null || cause.getCause() == null
        ? "for no known reason"
        : cause.getCause().toString();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
