package io.signalbox.host.chain;

import io.signalbox.host.telemetry.Quiet;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.ResponseHeaderSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A compiled chain; belongs to one event loop. */
final class Chain {
  private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

  private final String text;
  private final Stage[] stages;
  private final List<ExchangeObserver> observers;
  private final List<ResponseHeaderSource> headerSources;
  private final Quiet quiet = new Quiet();

  Chain(String text, List<Stage> stages, List<Use> uses) {
    this.text = text;
    this.stages = stages.toArray(Stage[]::new);
    this.observers = uses.stream().flatMap(use -> use.observer().stream()).toList();
    this.headerSources = uses.stream().flatMap(use -> use.headerSource().stream()).toList();
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

  /** Its strategies that add headers to answers, in the order of the chain. */
  List<ResponseHeaderSource> headerSources() {
    return headerSources;
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

  /** Logs that a strategy could not say which headers to add; the answer goes without them. */
  void failed(ResponseHeaderSource source, Throwable cause) {
    if (quiet.mayTell()) {
      LOG.warn("{} gave no response headers", source.getClass().getSimpleName(), cause);
    }
  }
}
