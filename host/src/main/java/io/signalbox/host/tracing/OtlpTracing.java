package io.signalbox.host.tracing;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static io.opentelemetry.semconv.ServiceAttributes.SERVICE_INSTANCE_ID;
import static io.opentelemetry.semconv.ServiceAttributes.SERVICE_NAME;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.InternalTelemetryVersion;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.signalbox.host.config.TracingConfig;
import io.signalbox.host.telemetry.TracingMetrics;
import io.signalbox.host.tracing.Arrival.Headers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends spans by OTLP over HTTP, in batches, on a thread of its own. A span that ends costs the
 * event loop a place in a bounded queue; where that is full the span is dropped and counted.
 */
public final class OtlpTracing implements Tracing {
  private static final String SCOPE = "io.signalbox";
  private static final String TRACE_PARENT = "traceparent";
  private static final AttributeKey<String> DOOR = stringKey("signalbox.door");
  private static final AttributeKey<String> REQUEST_ID = stringKey("signalbox.request.id");

  /** Longer than any chain. */
  private static final int LONGEST_ATTRIBUTE = 4_096;

  private static final int LARGEST_BATCH = 512;

  /** How long the host waits for the last spans when it stops. */
  private static final Duration LAST_SPANS = Duration.ofSeconds(3);

  private static final RetryPolicy RETRIES =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofMillis(200))
          .setMaxBackoff(Duration.ofSeconds(1))
          .build();

  /** Says what {@link AnnouncingExporter} says, for each batch. Held, or it would be collected. */
  private static final Logger THEIRS = Logger.getLogger("io.opentelemetry");

  private static final TextMapGetter<Headers> GETTER =
      (headers, name) -> headers == null ? null : headers.first(name);

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final LongSupplier nanoTime;

  private OtlpTracing(SdkTracerProvider provider, LongSupplier nanoTime) {
    this.provider = provider;
    this.tracer = provider.get(SCOPE);
    this.nanoTime = nanoTime;
  }

  /**
   * Begins to send spans.
   *
   * @param authorization the header; empty: the receiver asks for none
   */
  public static OtlpTracing start(
      TracingConfig config, Optional<String> authorization, TracingMetrics metrics) {
    THEIRS.setLevel(Level.OFF);
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.url().toString())
            .setTimeout(config.timeout())
            .setConnectTimeout(config.timeout())
            .setRetryPolicy(RETRIES);
    authorization.ifPresent(value -> exporter.addHeader("authorization", value));
    var readings = new QueueReadings();
    var batches =
        batches(
            config,
            new AnnouncingExporter(exporter.build(), config.url(), readings::dropped, metrics),
            readings);
    metrics.follow(readings::dropped, readings::waiting);
    var provider =
        SdkTracerProvider.builder()
            .setResource(resource(config.serviceName()))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sampledRatio())))
            .setSpanLimits(
                SpanLimits.builder().setMaxAttributeValueLength(LONGEST_ATTRIBUTE).build())
            .addSpanProcessor(batches)
            .build();
    return new OtlpTracing(provider, System::nanoTime);
  }

  private static BatchSpanProcessor batches(
      TracingConfig config, SpanExporter exporter, QueueReadings readings) {
    return BatchSpanProcessor.builder(exporter)
        .setMaxQueueSize(config.queue())
        .setMaxExportBatchSize(Math.min(config.queue(), LARGEST_BATCH))
        .setScheduleDelay(config.interval())
        .setExporterTimeout(config.timeout())
        .setMeterProvider(readings.meters())
        .setInternalTelemetryVersion(InternalTelemetryVersion.LATEST)
        .build();
  }

  private static Resource resource(String serviceName) {
    return Resource.getDefault()
        .merge(
            Resource.create(
                Attributes.of(
                    SERVICE_NAME, serviceName, SERVICE_INSTANCE_ID, UUID.randomUUID().toString())));
  }

  @Override
  public RequestSpan begin(Arrival arrival) {
    boolean proxyTraces = arrival.proxy().first(TRACE_PARENT) != null;
    var parent =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), proxyTraces ? arrival.proxy() : arrival.headers(), GETTER);
    var operation = GenAi.operation(arrival.path());
    var span =
        tracer
            .spanBuilder(operation)
            .setParent(parent)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(GenAi.OPERATION, operation)
            .setAttribute(DOOR, arrival.door().id())
            .setAttribute(REQUEST_ID, arrival.requestId())
            .startSpan();
    return span.isRecording()
        ? new RecordedSpan(span, parent, operation, proxyTraces, nanoTime)
        : new PassingSpan(parent.with(span), proxyTraces);
  }

  @Override
  public void close() {
    var _ = provider.shutdown().join(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS);
  }
}
