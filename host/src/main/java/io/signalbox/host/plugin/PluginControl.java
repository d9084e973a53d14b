package io.signalbox.host.plugin;

import io.signalbox.host.script.FileContent;
import io.signalbox.host.script.ScriptLanguage;
import io.signalbox.host.script.ScriptRuntime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What operators see of plugins, and do to them from afar. What is uploaded lands in the plugins
 * folder, as if somebody had saved it there, so it is still there after a restart.
 *
 * <p>Methods are for any thread and do not block; futures may complete on any thread, and fail only
 * where something unexpected happened.
 */
public final class PluginControl {
  /** The size of an uploaded script. */
  public static final int MAX_BYTES = 1 << 20;

  private static final String SCRIPTS =
      ScriptLanguage.JAVASCRIPT.extensions().stream().collect(Collectors.joining(", "))
          + ", "
          + String.join(", ", ScriptLanguage.PYTHON.extensions());

  private final Vertx vertx;
  private final PluginHost host;
  private final ScriptRuntime runtime;
  private final Path path;
  private final ScriptFolder folder;
  private final Following following;

  /** Whether plugins are used at all, as the configuration says. */
  public enum Following {
    ENABLED,
    DISABLED
  }

  /** The plugins that are looked after. */
  public record Parts(Vertx vertx, PluginHost host, ScriptRuntime runtime, Path folder) {}

  public PluginControl(Parts parts, Following following) {
    this.vertx = parts.vertx();
    this.host = parts.host();
    this.runtime = parts.runtime();
    this.path = parts.folder();
    this.folder = new ScriptFolder(parts.folder());
    this.following = following;
  }

  /** Where plugins are looked for. */
  public Path folder() {
    return path;
  }

  /** Whether they are. */
  public Following following() {
    return following;
  }

  /** All plugins as they are now, by name; among them entries of the folder that cannot be one. */
  public List<PluginStatus> status() {
    return host.status();
  }

  /** One plugin as it is now. */
  public Optional<PluginStatus> status(String name) {
    return status().stream().filter(plugin -> plugin.name().equals(name)).findFirst();
  }

  /** How scripts run. */
  public Future<ScriptsStatus> scripts() {
    return vertx
        .executeBlocking(runtime::report, false)
        .map(report -> ScriptsStatus.of(Objects.requireNonNull(report), host.abandonedThreads()));
  }

  /**
   * Tries a script of one file: all that is done before a version is taken into use.
   *
   * @param fileName such as {@code cheapest.mjs}
   */
  public Future<ControlAnswer> check(String fileName, byte[] script) {
    return guarded(script(fileName, script), this::check);
  }

  private Future<ControlAnswer> check(PluginFiles.Script files) {
    return host.check(files)
        .<ControlAnswer>map(ControlAnswer.Usable::new)
        .recover(PluginControl::rejected);
  }

  /**
   * Tries a script of one file, and puts it into the folder where it can be used.
   *
   * @param fileName such as {@code cheapest.mjs}
   * @return {@link ControlAnswer.Changed} once it was taken from there
   */
  public Future<ControlAnswer> put(String fileName, byte[] script) {
    return guarded(
        script(fileName, script),
        files ->
            requireFree(files)
                .compose(free -> ifUsable(free, () -> check(files)))
                .compose(usable -> ifUsable(usable, () -> write(files, script))));
  }

  private interface Next {
    Future<ControlAnswer> go();
  }

  private static Future<ControlAnswer> ifUsable(ControlAnswer before, Next next) {
    return before instanceof ControlAnswer.Usable ? next.go() : Future.succeededFuture(before);
  }

  /** Two entries of one name would be one plugin too many. */
  private Future<ControlAnswer> requireFree(PluginFiles.Script files) {
    return onFiles(() ->
        folder.entries(files.name()).stream()
            .map(ScriptFolder::name)
            .filter(name -> !name.equals(files.main()))
            .findFirst()
            .<ControlAnswer>map(other ->
                new ControlAnswer.Impossible(
                    other + " is the plugin " + files.name() + " already: delete it first"))
            .orElse(new ControlAnswer.Usable(List.of())));
  }

  private Future<ControlAnswer> write(PluginFiles.Script files, byte[] script) {
    return onFiles(
            () -> {
              folder.write(files.main(), script);
              return new ControlAnswer.Usable(List.of());
            })
        .compose(written -> ifUsable(written, () -> host.lookNow().map(seen -> now(files.name()))));
  }

  /** Deletes what is the plugin of this name from the folder. */
  public Future<ControlAnswer> delete(String name) {
    if (following == Following.DISABLED) {
      return disabled();
    }
    return onFiles(
            () -> {
              var entries = folder.entries(name);
              for (var entry : entries) {
                ScriptFolder.delete(entry);
              }
              return entries.isEmpty()
                  ? unknown(name)
                  : new ControlAnswer.Deleted(entries.stream().map(ScriptFolder::name).toList());
            })
        .compose(answer -> host.lookNow().map(answer));
  }

  /** Obeys this version from now on; the folder stays as it is. */
  public Future<ControlAnswer> activate(String name, int version) {
    var plugin = status(name);
    if (plugin.isEmpty()) {
      return Future.succeededFuture(unknown(name));
    }
    var numbers = plugin.get().versions().stream().map(PluginStatus.VersionStatus::number).toList();
    if (!numbers.contains(version)) {
      return Future.succeededFuture(
          new ControlAnswer.Unknown(
              "plugin " + name + " has no version " + version + "; it has " + numbers));
    }
    return changed(name, host.activate(name, version));
  }

  /** Obeys the version before from now on; the folder stays as it is. */
  public Future<ControlAnswer> rollBack(String name) {
    return status(name).isEmpty()
        ? Future.succeededFuture(unknown(name))
        : changed(name, host.rollBack(name));
  }

  private Future<ControlAnswer> changed(String name, Future<Void> change) {
    return change
        .map(done -> now(name))
        .recover(cause ->
            cause instanceof PluginException
                ? Future.succeededFuture(
                    new ControlAnswer.Impossible(String.valueOf(cause.getMessage())))
                : Future.failedFuture(cause));
  }

  private ControlAnswer now(String name) {
    return status(name)
        .<ControlAnswer>map(ControlAnswer.Changed::new)
        .orElse(new ControlAnswer.Impossible("plugin " + name + " was taken away meanwhile"));
  }

  /** That there is none. */
  public ControlAnswer.Unknown unknown(String name) {
    return new ControlAnswer.Unknown(
        "there is no plugin \""
            + FileNames.printable(name)
            + "\"; there are: "
            + status().stream().map(PluginStatus::name).collect(Collectors.joining(", ")));
  }

  private static Optional<PluginFiles.Script> script(String fileName, byte[] script) {
    var name = FileNames.pluginOf(fileName).filter(FileNames::isAllowed);
    if (name.isEmpty()
        || FileNames.isIgnored(fileName)
        || ScriptLanguage.ofFile(fileName).isEmpty()) {
      return Optional.empty();
    }
    var files = new TreeMap<>(Map.of(fileName, FileContent.of(script)));
    return Optional.of(PluginFiles.Script.of(name.get(), fileName, files));
  }

  private interface Use {
    Future<ControlAnswer> of(PluginFiles.Script files);
  }

  private Future<ControlAnswer> guarded(Optional<PluginFiles.Script> script, Use use) {
    if (following == Following.DISABLED) {
      return disabled();
    }
    if (script.isEmpty()) {
      return rejected(
          "the name must be that of a script, ending in "
              + SCRIPTS
              + "; before that "
              + FileNames.ALLOWED
              + ", and no . in front");
    }
    var content = script.get().files().get(script.get().main());
    if (content == null || content.size() == 0) {
      return rejected("it is empty");
    }
    return content.size() > MAX_BYTES
        ? rejected("it is larger than " + (MAX_BYTES >> 20) + " MiB")
        : use.of(script.get());
  }

  private static Future<ControlAnswer> rejected(String why) {
    return Future.succeededFuture(new ControlAnswer.Rejected(PluginProblem.of(why)));
  }

  private static Future<ControlAnswer> rejected(Throwable cause) {
    return cause instanceof PluginException e
        ? Future.succeededFuture(new ControlAnswer.Rejected(e.problem()))
        : Future.failedFuture(cause);
  }

  private static Future<ControlAnswer> disabled() {
    return Future.succeededFuture(
        new ControlAnswer.Impossible(
            "the configuration says that no plugins are used: plugins.enabled is false"));
  }

  private interface OnFiles {
    ControlAnswer run() throws IOException;
  }

  private Future<ControlAnswer> onFiles(OnFiles work) {
    return host.onThread(() -> {
      try {
        return work.run();
      } catch (IOException e) {
        return new ControlAnswer.Impossible("the plugins folder cannot be changed: " + e);
      }
    });
  }
}
