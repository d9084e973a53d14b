package io.signalbox.host.script;

import io.signalbox.host.config.Grant;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.random.RandomGenerator;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.io.FileSystem;
import org.graalvm.polyglot.io.IOAccess;

/**
 * The engine of one language and one set of grants: its scripts share compiled code, and nothing
 * else.
 */
final class ScriptEngine implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final ScriptLanguage language;
  private final Grants grants;
  private final Engine engine;

  /** One object for all contexts, as the engine demands. */
  private final HostAccess hostAccess;

  /**
   * A new engine; takes half a second.
   *
   * @throws IllegalArgumentException when the language is not on the class path
   */
  ScriptEngine(ScriptLanguage language, Grants grants) {
    this.language = language;
    this.grants = grants;
    this.engine =
        Engine.newBuilder(language.engineId())
            .sandbox(sandbox())
            .logHandler(new Silence())
            .out(OutputStream.nullOutputStream())
            .err(OutputStream.nullOutputStream())
            .build();
    this.hostAccess = hostAccess();
  }

  private SandboxPolicy sandbox() {
    return grants.granted().isEmpty() ? SandboxPolicy.CONSTRAINED : SandboxPolicy.TRUSTED;
  }

  private HostAccess hostAccess() {
    return grants.has(Grant.HOST_CLASSES)
        ? HostAccess.ALL
        : HostAccess.newBuilder(HostAccess.CONSTRAINED).allowArrayAccess(true).build();
  }

  /** A script that has not run yet. */
  Script prepare(ScriptSource source, BoundedOutput output, RandomGenerator random) {
    var services = new GuestServices(output, random, signal -> Guest.name(language, signal));
    var builder =
        Context.newBuilder(language.engineId())
            .engine(engine)
            .sandbox(sandbox())
            .allowHostAccess(hostAccess)
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowIO(io(source))
            .currentWorkingDirectory(java.nio.file.Path.of(PluginFileSystem.PLUGIN))
            .in(java.io.InputStream.nullInputStream())
            .out(new LineStream(output, org.slf4j.event.Level.INFO))
            .err(new LineStream(output, org.slf4j.event.Level.ERROR));
    options().forEach(builder::option);
    grant(builder);
    return new Script(builder.build(), source, services);
  }

  private Map<String, String> options() {
    return switch (language) {
      case JAVASCRIPT -> Map.of("js.esm-eval-returns-exports", "true");
      case PYTHON -> Map.of();
    };
  }

  private IOAccess io(ScriptSource source) {
    var files = new PluginFileSystem(source, shims());
    var visible = grants.has(Grant.FILES) ? new GrantedFileSystem(files) : files;
    return IOAccess.newBuilder()
        .fileSystem(FileSystem.allowInternalResourceAccess(visible))
        .allowHostSocketAccess(grants.has(Grant.NETWORK))
        .build();
  }

  private Map<String, FileContent> shims() {
    return switch (language) {
      case JAVASCRIPT ->
          Map.of(
              PluginFileSystem.PLUGIN + "/signalbox",
              FileContent.of(ShimFiles.text("signalbox.mjs")));
      case PYTHON -> {
        var shims = new HashMap<String, FileContent>();
        ShimFiles.python()
            .forEach((path, content) -> shims.put(PluginFileSystem.SHIMS + "/" + path, content));
        yield shims;
      }
    };
  }

  private void grant(Context.Builder builder) {
    if (grants.has(Grant.ENVIRONMENT)) {
      builder.allowEnvironmentAccess(EnvironmentAccess.INHERIT);
    }
    if (grants.has(Grant.THREADS)) {
      builder.allowCreateThread(true);
    }
    if (grants.has(Grant.PROCESSES)) {
      builder.allowCreateProcess(true);
    }
    if (grants.has(Grant.HOST_CLASSES)) {
      builder.allowHostClassLookup(_ -> true);
    }
  }

  /** Takes two seconds at most: what does not stop goes on without anybody waiting for it. */
  @Override
  public void close() {
    var closer = Thread.ofPlatform().daemon().name("engine-closer").unstarted(this::closeEngine);
    closer.start();
    try {
      var _ = closer.join(CLOSE_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeEngine() {
    try {
      engine.close(true);
    } catch (RuntimeException _) {
      // What ran was cancelled.
    }
  }

  /** That the interpreter is used is for {@link RuntimeReport} to say, not for a warning. */
  private static final class Silence extends Handler {
    @Override
    public void publish(LogRecord entry) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
