package io.signalbox.host.plugin;

/** What is known of one name in the folder. */
sealed interface Finding {
  /** Nothing is there. */
  record Absent() implements Finding {}

  /** A plugin, read whole. */
  record Present(PluginFiles files) implements Finding {}

  /** Something that cannot be taken as a plugin. */
  record Faulty(String problem) implements Finding {}
}
