package io.signalbox.host.plugin;

/** Something that changed in the plugins folder. */
public sealed interface PluginChange {
  /** The name of a {@link Problem} that is the folder's own, not that of a plugin in it. */
  String FOLDER = ".";

  /**
   * The plugin's name. Of an entry that cannot be a plugin (its name is not allowed, or another
   * entry has it already) the file name; of a problem with the folder itself {@link #FOLDER}.
   */
  String name();

  /** A plugin that was not there before. */
  record Added(PluginFiles files) implements PluginChange {
    @Override
    public String name() {
      return files.name();
    }
  }

  /**
   * A plugin that was there has other files. After a {@link Problem} they may be those of the last
   * good version, which the digest tells: then the problem is over, and that is all.
   */
  record Changed(PluginFiles files) implements PluginChange {
    @Override
    public String name() {
      return files.name();
    }
  }

  /** What had this name is gone: a plugin, a problem, or a plugin with a problem. */
  record Removed(String name) implements PluginChange {}

  /**
   * Something is there that cannot be taken. A plugin of this name that was there before counts as
   * it was.
   *
   * @param text what is wrong, and what is allowed; one printable line
   */
  record Problem(String name, String text) implements PluginChange {}
}
