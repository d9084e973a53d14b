package io.signalbox.host.strategy;

import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;

/**
 * What a strategy is asked. Safe to hand to another thread.
 *
 * @param candidates at least one; nobody changes them any more, and one thread at a time may use
 *     them
 * @param parameters of this use in this chain
 */
public record StageQuestion(
    RouteRequest request, TableCandidates candidates, Parameters parameters) {}
