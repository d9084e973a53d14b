package io.signalbox.host.plugin;

import io.signalbox.host.strategy.RegisteredStrategy;
import io.vertx.core.Future;
import java.util.List;

/** A version of a plugin that is loaded. */
sealed interface RunningVersion permits ScriptVersion, InlineVersion, JarVersion {
  /** Its strategies, reached without the plugin's other versions; in the order of declaration. */
  List<RegisteredStrategy> strategies();

  /** Lets what runs finish, and frees what it holds; may take a while. */
  Future<Void> close();
}
