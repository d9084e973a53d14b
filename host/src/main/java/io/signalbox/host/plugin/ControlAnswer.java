package io.signalbox.host.plugin;

import java.util.List;

/** What became of something an operator wanted done to a plugin. */
public sealed interface ControlAnswer {
  /**
   * It was only tried, and could be used.
   *
   * @param strategies their ids
   */
  record Usable(List<String> strategies) implements ControlAnswer {
    public Usable {
      strategies = List.copyOf(strategies);
    }
  }

  /** It is done; the plugin is now so. */
  record Changed(PluginStatus status) implements ControlAnswer {}

  /**
   * The plugin was taken away.
   *
   * @param files what was deleted, by its name in the plugins folder
   */
  record Deleted(List<String> files) implements ControlAnswer {
    public Deleted {
      files = List.copyOf(files);
    }
  }

  /** The script cannot be used; nothing was changed. */
  record Rejected(PluginProblem problem) implements ControlAnswer {}

  /** There is no such plugin, or no such version of it. */
  record Unknown(String text) implements ControlAnswer {}

  /** It cannot be done now; nothing was changed. */
  record Impossible(String text) implements ControlAnswer {}
}
