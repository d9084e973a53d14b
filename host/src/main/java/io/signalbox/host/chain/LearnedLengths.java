package io.signalbox.host.chain;

import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;

/** Learns how long a model's answers are from those that came. Safe for any thread. */
public record LearnedLengths(OutputLengths lengths) implements ExchangeListener {
  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    boolean succeeded = completion.status() >= 200 && completion.status() < 300;
    if (succeeded && !Double.isNaN(completion.outputTokens())) {
      lengths.add(endpoint.model(), (long) completion.outputTokens());
    }
  }
}
