package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestIds;
import io.signalbox.host.tracing.Tracing;

/**
 * What the front doors of one event loop route with.
 *
 * @param decisions where explanations are kept, for all event loops
 * @param feed tells others of a share of decisions
 * @param lengths of answers that came before, for all event loops
 * @param tracing begins spans, for all event loops
 */
public record Dispatch(
    Router router,
    RequestIds ids,
    DecisionLog decisions,
    DecisionFeed feed,
    OutputLengths lengths,
    Tracing tracing) {
  /** Keeps why an endpoint was chosen, and tells it, where either is wanted. */
  public void tell(String requestId, Picked choice) {
    choice.explanation().ifPresent(why -> decisions.add(requestId, why));
    choice.sample().ifPresent(why -> feed.tell(requestId, why));
  }
}
