package io.signalbox.host.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;

/**
 * The span of a request that is not sampled: engines are told so.
 *
 * @param context with the span
 */
record PassingSpan(Context context, boolean proxyTraces) implements RequestSpan {
  @Override
  public void writeTo(BiConsumer<String, String> headers) {
    write(context, headers);
  }

  static void write(Context context, BiConsumer<String, String> headers) {
    W3CTraceContextPropagator.getInstance()
        .inject(
            context,
            headers,
            (to, name, value) -> {
              if (to != null) {
                to.accept(name, value);
              }
            });
  }
}
