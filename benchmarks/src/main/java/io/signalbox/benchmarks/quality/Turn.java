package io.signalbox.benchmarks.quality;

import java.util.Optional;

/**
 * What a client says next.
 *
 * @param pauseNanos from the end of the answer before, or from the client's start
 * @param opening where a conversation begins: its system prompt, which may have no text; empty
 *     where the one before goes on
 * @param said what the user says
 * @param outputTokens of the answer
 */
record Turn(long pauseNanos, Optional<String> opening, String said, int outputTokens) {}
