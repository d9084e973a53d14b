package io.signalbox.host.chain;

import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.sdk.QueuePolicy;
import java.util.Optional;

/** By which rule requests of a model wait; those with equal keys share a queue. */
sealed interface QueueRule {
  /** The same for two rules that are the same. */
  String key();

  /**
   * That of a strategy.
   *
   * @param key the strategy as the chain writes it
   * @param policy of the queue, where there is none yet
   * @param behind flow control that bounds the queue too, where that is on
   */
  record OfStrategy(String key, QueuePolicy policy, Optional<Fair> behind) implements QueueRule {
    /** Without flow control. */
    OfStrategy(String key, QueuePolicy policy) {
      this(key, policy, Optional.empty());
    }

    /** The same where flow control is on: nobody goes while endpoints are full. */
    OfStrategy behind(Fair rule) {
      return new OfStrategy(key + rule.key(), policy, Optional.of(rule));
    }
  }

  /** That of flow control: by priority, and then fair to users. */
  record Fair(String key, FlowControlConfig config, Fullness fullness, Objectives objectives)
      implements QueueRule {
    static Fair of(FlowControlConfig config, Fullness fullness, Objectives objectives) {
      // No strategy has a space in its text.
      return new Fair(" " + config + objectives, config, fullness, objectives);
    }
  }
}
