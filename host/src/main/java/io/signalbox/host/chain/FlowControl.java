package io.signalbox.host.chain;

import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.config.ModelRouting;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose requests wait while all endpoints of their model are full, and how. Immutable. */
final class FlowControl {
  private final OfModel others;
  private final Map<String, OfModel> byModel = new HashMap<>();

  /**
   * What holds for the requests of one model.
   *
   * @param fullness of its endpoints
   * @param rule by which they wait; null where nobody does
   */
  record OfModel(Fullness fullness, QueueRule.@Nullable Fair rule) {
    private static OfModel of(FlowControlConfig config, Objectives objectives) {
      var fullness = new Fullness(config.full());
      return new OfModel(
          fullness, config.enabled() ? QueueRule.Fair.of(config, fullness, objectives) : null);
    }

    boolean isOn() {
      return rule != null;
    }

    /** By which rule requests wait for a chain; null where none do. */
    @Nullable QueueRule rule(Chain chain) {
      var own = chain.queueRule();
      if (rule == null) {
        return own;
      }
      return own == null ? rule : own.behind(rule);
    }

    /** Leaves a decision those candidates that are not full; all where it needs pairs of them. */
    void narrow(CandidateSet candidates, Chain chain) {
      if (rule != null && !chain.pairs()) {
        fullness.dropFull(candidates);
      }
    }
  }

  /**
   * Flow control.
   *
   * @param others holds for models that say nothing of it
   */
  FlowControl(FlowControlConfig others, Map<String, ModelRouting> models, Objectives objectives) {
    this.others = OfModel.of(others, objectives);
    models.forEach((name, routing) ->
        routing
            .flowControl()
            .ifPresent(config -> byModel.put(name, OfModel.of(config, objectives))));
  }

  OfModel of(String model) {
    return byModel.getOrDefault(model, others);
  }
}
