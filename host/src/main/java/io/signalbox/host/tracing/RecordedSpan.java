package io.signalbox.host.tracing;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static io.opentelemetry.semconv.ErrorAttributes.ERROR_TYPE;
import static io.opentelemetry.semconv.HttpAttributes.HTTP_RESPONSE_STATUS_CODE;
import static io.opentelemetry.semconv.ServerAttributes.SERVER_ADDRESS;
import static io.opentelemetry.semconv.ServerAttributes.SERVER_PORT;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.signalbox.host.telemetry.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The span of a request that is recorded. */
final class RecordedSpan implements RequestSpan {
  static final String DECISION = "signalbox.decision";
  static final String FAILOVER = "signalbox.failover";
  static final AttributeKey<String> DEGRADED = stringKey("signalbox.degraded");
  static final AttributeKey<String> CHAIN = stringKey("signalbox.chain");
  static final AttributeKey<String> PROFILE = stringKey("signalbox.profile");
  static final AttributeKey<List<String>> STAGES = stringArrayKey("signalbox.stages");
  static final AttributeKey<String> ENDPOINT = stringKey("signalbox.endpoint");
  static final AttributeKey<String> PREFILL = stringKey("signalbox.prefill.endpoint");
  static final AttributeKey<Double> WAIT = doubleKey("signalbox.wait.seconds");
  static final AttributeKey<Double> DURATION = doubleKey("signalbox.decision.seconds");

  /** The exchange was over before its answer. */
  static final String INCOMPLETE = "incomplete";

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Span span;
  private final Context context;
  private final String operation;
  private final boolean proxyTraces;
  private final LongSupplier nanoTime;
  private final long beganNanos;
  private final List<String> stages = new ArrayList<>(4);
  private String model = "";
  private long askedNanos;
  private long decidingNanos;
  private long firstPieceNanos;
  private int pieces;
  private boolean streams;
  private boolean completed;
  private boolean failed;
  private boolean over;

  /**
   * A span that has begun.
   *
   * @param parent what it is a child of
   * @param operation what the request asks for, which is the span's name
   */
  RecordedSpan(
      Span span, Context parent, String operation, boolean proxyTraces, LongSupplier nanoTime) {
    this.span = span;
    this.context = parent.with(span);
    this.operation = operation;
    this.proxyTraces = proxyTraces;
    this.nanoTime = nanoTime;
    this.beganNanos = nanoTime.getAsLong();
    this.askedNanos = beganNanos;
    this.decidingNanos = beganNanos;
  }

  @Override
  public boolean isRecording() {
    return true;
  }

  @Override
  public boolean proxyTraces() {
    return proxyTraces;
  }

  @Override
  public void writeTo(BiConsumer<String, String> headers) {
    PassingSpan.write(context, headers);
  }

  @Override
  public void asked(String requested, boolean streamed) {
    model = requested;
    streams = streamed;
    askedNanos = nanoTime.getAsLong();
    span.setAttribute(GenAi.REQUEST_MODEL, requested);
    if (streamed) {
      span.setAttribute(GenAi.STREAM, true);
    }
  }

  @Override
  public void deciding() {
    decidingNanos = nanoTime.getAsLong();
    stages.clear();
  }

  @Override
  public void stage(String stage, String outcome, int before, int kept) {
    var what = outcome.equals("applied") ? "" : " " + outcome;
    stages.add(stage + what + " " + before + ">" + kept);
  }

  @Override
  public void chose(Choice choice) {
    // Not before: a name that clients choose freely would be one name for each of them.
    span.updateName(operation + " " + model);
    servedBy(choice.endpoint());
    if (!choice.engine().isEmpty()) {
      span.setAttribute(GenAi.PROVIDER, choice.engine());
    }
    var event = decision().put(CHAIN, choice.chain()).put(ENDPOINT, choice.endpoint().address());
    choice.profile().ifPresent(name -> event.put(PROFILE, name));
    choice.prefill().ifPresent(address -> event.put(PREFILL, address));
    span.addEvent(DECISION, event.build());
    stages.clear();
  }

  private AttributesBuilder decision() {
    return Attributes.builder()
        .put(STAGES, List.copyOf(stages))
        .put(WAIT, seconds(decidingNanos - askedNanos))
        .put(DURATION, seconds(nanoTime.getAsLong() - decidingNanos));
  }

  @Override
  public void degraded(String what) {
    span.setAttribute(DEGRADED, what);
  }

  @Override
  public void failedOver(String address) {
    span.addEvent(FAILOVER, Attributes.of(ENDPOINT, address));
  }

  @Override
  public void servedBy(Place endpoint) {
    span.setAttribute(SERVER_ADDRESS, endpoint.host());
    span.setAttribute(SERVER_PORT, (long) endpoint.port());
  }

  @Override
  public void answered(int status) {
    if (failed) {
      return;
    }
    span.setAttribute(HTTP_RESPONSE_STATUS_CODE, (long) status);
    if (status >= 400) {
      fail(String.valueOf(status));
    }
  }

  @Override
  public void received() {
    if (++pieces == 1) {
      firstPieceNanos = nanoTime.getAsLong();
    }
  }

  @Override
  public void used(
      double promptTokens, double cachedTokens, double outputTokens, @Nullable String answering) {
    set(GenAi.INPUT_TOKENS, promptTokens);
    set(GenAi.CACHED_TOKENS, cachedTokens);
    set(GenAi.OUTPUT_TOKENS, outputTokens);
    if (answering != null) {
      span.setAttribute(GenAi.RESPONSE_MODEL, answering);
    }
  }

  private void set(AttributeKey<Long> key, double tokens) {
    if (!Double.isNaN(tokens)) {
      span.setAttribute(key, (long) tokens);
    }
  }

  @Override
  public void completed() {
    completed = true;
  }

  @Override
  public void refused(Reason reason, int status) {
    if (!stages.isEmpty()) {
      // The decision ended with nobody.
      span.addEvent(DECISION, decision().build());
      stages.clear();
    }
    if (!failed) {
      span.setAttribute(HTTP_RESPONSE_STATUS_CODE, (long) status);
    }
    fail(reason.id());
  }

  private void fail(String type) {
    if (!failed) {
      failed = true;
      span.setAttribute(ERROR_TYPE, type);
      span.setStatus(StatusCode.ERROR);
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    over = true;
    // A stream that came in one piece was held back on its way, and does not tell when it began.
    if (streams && pieces > 1) {
      span.setAttribute(GenAi.TIME_TO_FIRST_CHUNK, seconds(firstPieceNanos - beganNanos));
    }
    if (!completed) {
      fail(INCOMPLETE);
    }
    span.end();
  }

  private static double seconds(long nanos) {
    return nanos / NANOS_PER_SECOND;
  }
}
