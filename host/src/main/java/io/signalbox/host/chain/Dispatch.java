package io.signalbox.host.chain;

import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestIds;

/**
 * What the front doors of one event loop route with.
 *
 * @param decisions where explanations are kept, for all event loops
 * @param lengths of answers that came before, for all event loops
 */
public record Dispatch(
    Router router, RequestIds ids, DecisionLog decisions, OutputLengths lengths) {}
