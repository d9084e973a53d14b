package io.signalbox.host.chain;

import io.signalbox.host.strategy.RemoteStrategy;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StageQuestion;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.function.Consumer;

/** The use of a strategy that is asked, in one place of one chain. */
record Asked(RemoteStrategy strategy, Parameters parameters) {
  StrategyKind kind() {
    return strategy.description().kind();
  }

  /** A call that is not sent yet. */
  StageCall call(
      RouteRequest request,
      TableCandidates candidates,
      Duration deadline,
      Consumer<StageCall> then) {
    return new StageCall(
        kind(), new StageQuestion(request, candidates, parameters, deadline), then);
  }
}
