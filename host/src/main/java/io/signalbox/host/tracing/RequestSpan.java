package io.signalbox.host.tracing;

import io.signalbox.host.telemetry.Reason;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one request, from when it came until its exchange is over. Never text of prompts
 * or answers. Belongs to the event loop of the exchange; what is not recorded is told to nobody.
 */
public interface RequestSpan {
  /*
   * asked -> (deciding -> stage* -> chose?)* -> answered -> received* -> used? -> completed -> end
   *
   * refused may come at any time; the first problem stays. A span that ends without a problem before
   * its answer did is marked incomplete.
   */

  /** Of a request that nobody follows: headers about it pass as they came. */
  RequestSpan NONE = new RequestSpan() {};

  /** Whether it is worth to make what only the span is told. */
  default boolean isRecording() {
    return false;
  }

  /** Whether the proxy that asked tells engines of a span of its own. */
  default boolean proxyTraces() {
    return false;
  }

  /** Writes the headers by which an engine makes its spans children of this one. */
  default void writeTo(BiConsumer<String, String> headers) {}

  /** The body was read; from now on the request waits for its decision. */
  default void asked(String model, boolean streams) {}

  /** A chain begins to decide. */
  default void deciding() {}

  /** A stage was applied to this many candidates, and kept so many of them. */
  default void stage(String stage, String outcome, int before, int kept) {}

  /** The chain chose. */
  default void chose(Choice choice) {}

  /**
   * An endpoint that was chosen.
   *
   * @param chain the canonical text of the chain
   * @param profile the model's profile whose chain it is
   * @param engine its kind, such as {@code vllm}; empty where nobody knows
   * @param prefill the address of the endpoint that computes the prompt, where that is another
   */
  record Choice(
      String chain,
      Optional<String> profile,
      Place endpoint,
      String engine,
      Optional<String> prefill) {}

  /** Where an endpoint is; {@code address} has both. */
  record Place(String address, String host, int port) {}

  /** Something of the decision did not go as the chain says. */
  default void degraded(String what) {}

  /** The endpoint failed before it answered, and another is tried. */
  default void failedOver(String address) {}

  /** The proxy went on to this endpoint. */
  default void servedBy(Place endpoint) {}

  /** The head of an answer that is not ours came. */
  default void answered(int status) {}

  /** A piece of the answer's body came. */
  default void received() {}

  /**
   * What the answer said of tokens; {@code NaN} where it did not.
   *
   * @param model that answered; null where it did not say
   */
  default void used(
      double promptTokens, double cachedTokens, double outputTokens, @Nullable String model) {}

  /** The answer came to its end. */
  default void completed() {}

  /** The answer is ours. */
  default void refused(Reason reason, int status) {}

  /** The exchange is over; calls after the first do nothing. */
  default void end() {}
}
