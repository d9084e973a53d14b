package io.signalbox.host.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.host.telemetry.TracingMetrics;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what becomes of spans, and says when their receiver goes and when it is back. */
final class AnnouncingExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(AnnouncingExporter.class);

  private final SpanExporter exporter;
  private final URI receiver;
  private final TracingMetrics metrics;
  private final Quiet quiet = new Quiet();
  private final AtomicBoolean away = new AtomicBoolean();
  private final AtomicLong lost = new AtomicLong();

  AnnouncingExporter(SpanExporter exporter, URI receiver, TracingMetrics metrics) {
    this.exporter = exporter;
    this.receiver = receiver;
    this.metrics = metrics;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    var result = exporter.export(spans);
    return result.whenComplete(() -> {
      if (result.isSuccess()) {
        sent(count);
      } else {
        failed(count, result.getFailureThrowable());
      }
    });
  }

  private void sent(int spans) {
    metrics.sent(spans);
    if (away.compareAndSet(true, false)) {
      LOG.info("spans are taken by {} again; {} are lost", receiver, lost.getAndSet(0));
    }
  }

  private void failed(int spans, @Nullable Throwable cause) {
    metrics.failed(spans);
    lost.addAndGet(spans);
    if (away.compareAndSet(false, true) && quiet.mayTell()) {
      LOG.warn("spans are not taken by {}, and are lost until they are: {}", receiver, why(cause));
    }
  }

  private static String why(@Nullable Throwable cause) {
    return cause == null ? "it answers with an error" : cause.toString();
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
