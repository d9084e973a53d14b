package io.signalbox.host.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Which plugins are used and how.
 *
 * @param enabled whether plugins are loaded at all
 * @param folder where plugins are looked for; a relative path starts at the folder of the
 *     configuration file. It need not exist, and may come later
 * @param loadLimit how long a script may take to be loaded, and a third of it for the calls it is
 *     tried with; the first of its language twice as long
 * @param byName what is configured, by the plugin's name: its file's name without extension, or its
 *     folder's. A plugin that is configured need not be there
 */
public record PluginsConfig(
    boolean enabled, Path folder, Duration loadLimit, Map<String, PluginConfig> byName) {
  /** All defaults. */
  public static final PluginsConfig DEFAULT =
      new PluginsConfig(true, Path.of("plugins"), Duration.ofSeconds(30), Map.of());

  public PluginsConfig {
    byName = Map.copyOf(byName);
  }

  /** The folder, for a configuration file that lies in {@code base}. */
  public Path folderFrom(Path base) {
    return base.resolve(folder).toAbsolutePath().normalize();
  }

  /** What holds for the plugin of this name: the defaults where nothing is configured. */
  public PluginConfig plugin(String name) {
    return byName.getOrDefault(name, PluginConfig.DEFAULT);
  }

  /** Whether everything that is fixed when the host starts is the same. */
  boolean startsLike(PluginsConfig other) {
    return enabled == other.enabled && folder.equals(other.folder);
  }
}
