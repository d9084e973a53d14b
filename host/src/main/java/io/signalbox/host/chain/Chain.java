package io.signalbox.host.chain;

import io.signalbox.host.telemetry.Quiet;
import io.signalbox.sdk.ExchangeObserver;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A compiled chain; belongs to one event loop. */
final class Chain {
  private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

  private final String text;
  private final Stage[] stages;
  private final List<ExchangeObserver> observers;
  private final Quiet quiet = new Quiet();

  Chain(String text, List<Stage> stages, List<ExchangeObserver> observers) {
    this.text = text;
    this.stages = stages.toArray(Stage[]::new);
    this.observers = List.copyOf(observers);
  }

  /** The canonical text. */
  String text() {
    return text;
  }

  /** How many stages there are. */
  int length() {
    return stages.length;
  }

  Stage stage(int index) {
    return stages[index];
  }

  /** Its strategies that want to know how exchanges end. */
  List<ExchangeObserver> observers() {
    return observers;
  }

  /** Logs a failure of a stage; every failure shows in its answer and in a meter anyway. */
  void failed(Stage stage, Throwable cause) {
    if (quiet.mayTell()) {
      LOG.warn("stage {} failed and was skipped", stage.text(), cause);
    }
  }

  /** The same of a strategy that was asked. */
  void failed(Stage stage, String problem) {
    if (quiet.mayTell()) {
      LOG.warn("stage {} failed and was skipped: {}", stage.text(), problem);
    }
  }
}
