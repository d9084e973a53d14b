/**
 * Spans: what became of each request, for whoever collects traces, in OpenTelemetry's words for
 * generative AI. Only classes that are loaded where a host sends spans know OpenTelemetry.
 *
 * <p>Start at {@link io.signalbox.host.tracing.RequestSpan}.
 */
@NullMarked
package io.signalbox.host.tracing;

import org.jspecify.annotations.NullMarked;
