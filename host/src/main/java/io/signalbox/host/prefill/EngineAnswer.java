package io.signalbox.host.prefill;

import io.vertx.core.buffer.Buffer;

/**
 * What an engine answered.
 *
 * @param status the HTTP status
 */
public record EngineAnswer(int status, String contentType, Buffer body) {}
