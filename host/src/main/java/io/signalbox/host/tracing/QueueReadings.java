package io.signalbox.host.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.function.Predicate;

/**
 * What the queue of spans says of itself, which it tells in OpenTelemetry's meters alone. Safe for
 * any thread.
 */
final class QueueReadings implements MetricReader {
  private static final String PROCESSED = "otel.sdk.processor.span.processed";
  private static final String QUEUED = "otel.sdk.processor.span.queue.size";
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final String FULL = "queue_full";

  private volatile CollectionRegistration registration = CollectionRegistration.noop();

  /** Where the queue is to count. */
  MeterProvider meters() {
    return SdkMeterProvider.builder().registerMetricReader(this).build();
  }

  /** Spans that found no room. */
  double dropped() {
    return sum(PROCESSED, point -> FULL.equals(point.getAttributes().get(ERROR)));
  }

  /** Spans that wait. */
  double waiting() {
    return sum(QUEUED, point -> true);
  }

  private double sum(String name, Predicate<LongPointData> which) {
    return registration.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .map(MetricData::getLongSumData)
        .flatMap(data -> data.getPoints().stream())
        .filter(which)
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  @Override
  public void register(CollectionRegistration where) {
    registration = where;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
