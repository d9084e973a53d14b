package io.signalbox.host.prefill;

import io.signalbox.host.request.AnswerHead;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What an engine answered, whole.
 *
 * @param status the HTTP status
 * @param headers without those that belong to the connection, or are ours to say, and without the
 *     body's length; {@code content-type} is always there
 */
public record EngineAnswer(int status, MultiMap headers, Buffer body) {
  AnswerHead head() {
    return AnswerHead.of(status, headers);
  }
}
