package io.signalbox.host.plugin;

import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin in Java: the strategies that a jar names in {@value #SERVICE}, in a class loader of
 * their own that shows them the Java platform's {@code java.*}, the SDK, and nothing else of the
 * host. That keeps libraries apart; it is no protection from code that means harm.
 *
 * <p>What is loaded is a copy of the jar, since a Java machine may crash when a jar in use is
 * written over.
 */
final class JarPlugin implements AutoCloseable {
  static final String SERVICE = "META-INF/services/io.signalbox.sdk.StrategyFactory";

  private static final Logger LOG = LoggerFactory.getLogger(JarPlugin.class);
  private static final Pattern ID = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");
  private static final int MAX_ID = 64;

  private final Copy copy;
  private final URLClassLoader loader;
  private final List<StrategyFactory> factories;
  private final Map<String, StrategyKind> kinds;

  /** A jar in a folder of its own: a class path in its manifest leads nowhere. */
  private record Copy(Path folder, Path jar) {
    URL url() {
      try {
        return jar.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }

    void delete() {
      try {
        Files.deleteIfExists(jar);
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        LOG.warn("{} could not be deleted: {}", folder, e.toString());
      }
    }
  }

  private JarPlugin(Copy copy) {
    this.copy = copy;
    this.loader = new URLClassLoader(new URL[] {copy.url()}, new SdkClassLoader());
    this.factories = new ArrayList<>();
    this.kinds = new HashMap<>();
  }

  /**
   * Loads a jar, and makes its factories. Blocks.
   *
   * @throws PluginException when that does not work, or the jar is another one by now
   */
  static JarPlugin load(PluginFiles.Jar files) {
    return load(files, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** As {@link #load(PluginFiles.Jar)}, with the copy in a new folder in {@code temporary}. */
  static JarPlugin load(PluginFiles.Jar files, Path temporary) {
    var plugin = new JarPlugin(copy(files, temporary));
    try {
      plugin.makeFactories();
      return plugin;
    } catch (PluginException e) {
      plugin.close();
      throw e;
    }
  }

  /** In the order in which the jar names them; at least one. */
  List<StrategyFactory> factories() {
    return List.copyOf(factories);
  }

  /** The kind of each of them, by id. */
  Map<String, StrategyKind> kinds() {
    return Map.copyOf(kinds);
  }

  private static Copy copy(PluginFiles.Jar files, Path temporary) {
    Copy copy;
    try {
      var folder = Files.createTempDirectory(temporary, "signalbox-plugin-");
      copy = new Copy(folder, folder.resolve(files.name() + FileNames.JAR));
    } catch (IOException e) {
      throw new PluginException("no place for a copy of the jar: " + e, e);
    }
    try {
      fill(copy, files);
      return copy;
    } catch (ZipException e) {
      copy.delete();
      throw new PluginException("it is no jar: " + e.getMessage(), e);
    } catch (IOException e) {
      copy.delete();
      throw new PluginException(PluginBounds.unreadable(files.path().toString(), e), e);
    } catch (PluginException e) {
      copy.delete();
      throw e;
    }
  }

  private static void fill(Copy copy, PluginFiles.Jar files) throws IOException {
    if (!copiedDigest(files.path(), copy.jar()).equals(files.digest())) {
      throw new PluginException("the jar was changed while it was loaded");
    }
    new JarFile(copy.jar().toFile()).close();
  }

  private static String copiedDigest(Path from, Path to) throws IOException {
    var sha = PluginFiles.sha256();
    try (var in = new DigestInputStream(Files.newInputStream(from), sha)) {
      Files.copy(in, to);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Runs the plugin's code, which may throw whatever it likes. */
  private void makeFactories() {
    try {
      ServiceLoader.load(StrategyFactory.class, loader).forEach(this::add);
    } catch (PluginException e) {
      throw e;
    } catch (UnsupportedClassVersionError e) {
      throw new PluginException(
          "it is compiled for a newer Java than "
              + Runtime.version().feature()
              + ": "
              + e.getMessage(),
          e);
    } catch (NoClassDefFoundError e) {
      throw new PluginException(
          "it needs the class "
              + e.getMessage()
              + ", and sees only java.*, io.signalbox.sdk and what is in the jar",
          e);
    } catch (ServiceConfigurationError e) {
      throw new PluginException(reason(e), e);
    } catch (Throwable e) {
      throw new PluginException("its strategies cannot be made: " + e, e);
    }
    if (factories.isEmpty()) {
      throw new PluginException("it names no strategy in " + SERVICE);
    }
  }

  private static String reason(ServiceConfigurationError error) {
    var cause = error.getCause();
    return error.getMessage() + (cause == null ? "" : ": " + cause);
  }

  /**
   * What a factory says of itself is asked once, so that it stays the same. That it makes a
   * strategy is tried here, not on an event loop.
   */
  private void add(StrategyFactory made) {
    var id = made.id();
    if (id == null || id.length() > MAX_ID || !ID.matcher(id).matches()) {
      throw new PluginException(
          made.getClass().getName()
              + " has the id \""
              + id
              + "\": allowed are a-z 0-9 and - between them, at most "
              + MAX_ID
              + " characters");
    }
    if (factories.stream().anyMatch(factory -> factory.id().equals(id))) {
      throw new PluginException("two of its strategies are called \"" + id + "\"");
    }
    var factory = StrategyFactory.of(id, made.needs(), made.parameters(), made::create);
    var strategy = factory.create(context(factory));
    if (strategy == null) {
      throw new PluginException("the factory of \"" + id + "\" makes no strategy");
    }
    kinds.put(id, StrategyKind.of(strategy));
    factories.add(factory);
  }

  /** All defaults. */
  static StrategyContext context(StrategyFactory factory) {
    return StrategyContext.of(
        Parameters.of(factory.parameters(), Map.of()), new SplittableRandom(), System::nanoTime);
  }

  /**
   * Closes the class loader and deletes the copy. Instances that still run may fail from now on,
   * where they need a class that was not needed before.
   */
  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      LOG.warn("{} could not be closed: {}", copy.jar(), e.toString());
    }
    copy.delete();
  }
}
