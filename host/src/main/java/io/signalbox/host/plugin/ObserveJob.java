package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.signalbox.sdk.ExchangeObserver;
import java.util.function.Consumer;

/**
 * Tells a script how an exchange goes.
 *
 * @param strategy its id
 * @param failed told when the script fails, on its thread
 */
record ObserveJob(
    String strategy, Consumer<ExchangeObserver> news, Consumer<ScriptException> failed)
    implements Job {
  @Override
  public void run(Script script) {
    try {
      news.accept(script.strategy(strategy));
    } catch (ScriptException e) {
      failed.accept(e);
    }
  }

  @Override
  public void cancelled(String why) {}
}
