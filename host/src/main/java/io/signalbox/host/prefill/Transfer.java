package io.signalbox.host.prefill;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** A dialect in which the engines of a pair hand over what was computed of a prompt. */
sealed interface Transfer {
  /** The members of requests that are the dialect's own: what clients say in them is dropped. */
  Set<String> members();

  /** Decode needs what prefill answers, so it comes after it. */
  non-sealed interface InTurn extends Transfer {
    /** What prefill is told. */
    Terms terms();

    /**
     * What decode is told; nothing where the answer says nothing, and decode computes the prompt
     * itself.
     *
     * @param path of the request
     * @throws IOException where the answer is not what the dialect has
     */
    Map<String, String> handedOver(Buffer answer, RegisteredEndpoint prefill, String path)
        throws IOException;
  }

  /** The engines find each other, so both are sent their requests at the same time. */
  non-sealed interface AtOnce extends Transfer {
    /** What both are told; may ask the prefill engine something. */
    Future<Terms> terms(RegisteredEndpoint prefill);

    /**
     * Whether prefill ends only once decode has come for what it computed; else decode may also
     * come after that.
     */
    boolean prefillWaits();
  }
}
