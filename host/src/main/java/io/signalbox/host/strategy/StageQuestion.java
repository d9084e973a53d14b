package io.signalbox.host.strategy;

import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;

/**
 * What a strategy is asked. Safe to hand to another thread.
 *
 * @param candidates at least one; nobody changes them any more, and one thread at a time may use
 *     them
 * @param parameters of this use in this chain
 * @param deadline after which nobody waits for the answer, from the moment of asking
 */
public record StageQuestion(
    RouteRequest request, TableCandidates candidates, Parameters parameters, Duration deadline) {}
