package io.signalbox.host.plugin;

import io.signalbox.host.strategy.RegisteredStrategy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** A version of a script whose calls run on the event loops themselves. */
final class InlineVersion implements RunningVersion {
  private final Vertx vertx;
  private final InlineScripts scripts;
  private final InlineWatch watch;
  private final List<InlineStrategy> strategies;

  InlineVersion(
      Vertx vertx, InlineScripts scripts, InlineWatch watch, List<InlineStrategy> strategies) {
    this.vertx = vertx;
    this.scripts = scripts;
    this.watch = watch;
    this.strategies = List.copyOf(strategies);
  }

  List<InlineStrategy> members() {
    return strategies;
  }

  @Override
  public List<RegisteredStrategy> strategies() {
    return strategies.stream().<RegisteredStrategy>map(RegisteredStrategy.Local::new).toList();
  }

  @Override
  public Future<Void> close() {
    return RunningVersion.closeLater(
        vertx,
        () -> {
          watch.remove(scripts);
          scripts.all().forEach(seat -> seat.script().close());
        });
  }
}
