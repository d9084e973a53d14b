package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.telemetry.PluginMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of a host: follows their folder, loads what comes, swaps what changes, ends what
 * goes. Whatever is wrong with a new version, the one before stays.
 *
 * <p>All of a plugin's life happens on one thread, which blocks while a version is loaded; traffic
 * never waits for it. Methods are for any thread.
 */
public final class PluginHost implements AutoCloseable {
  /** The event-bus address at which is told what happens to plugins. */
  public static final String ADDRESS = "signalbox.plugins";

  /** A gauge of script threads that were given up and still run. */
  public static final String ABANDONED_METER = "signalbox.script.threads.abandoned";

  private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);
  private static final long CLOSE_SECONDS = 5;

  private final PluginLifecycle lifecycle;
  private final ScriptSupervisor supervisor = new ScriptSupervisor();
  private final InlineWatch watch = new InlineWatch();
  private final FolderWatcher folder;
  private final HeapWatch heap;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("plugin-host").factory());
  private volatile Chains chains = Chains.NONE;
  private volatile Strategies strategies = new Strategies(List.of(), Set.of());
  private volatile StatusReport report = StatusReport.EMPTY;

  /**
   * What chains can name of plugins.
   *
   * @param departed ids that were there once
   */
  public record Strategies(List<RegisteredStrategy> present, Set<String> departed) {
    public Strategies {
      present = List.copyOf(present);
      departed = Set.copyOf(departed);
    }
  }

  /** The chains that use what plugins bring. Called on the plugin host's thread. */
  public interface Chains {
    /** None yet. */
    Chains NONE =
        new Chains() {
          @Override
          public Optional<String> problemWith(Strategies next) {
            return Optional.empty();
          }

          @Override
          public void use(Strategies next) {}
        };

    /** Why the configured chains could not be made of these; empty where they can. */
    Optional<String> problemWith(Strategies next);

    /** Makes chains of these from now on. */
    void use(Strategies next);
  }

  /**
   * What a plugin host works with.
   *
   * @param endpoints those there are, for rehearsals; asked on the plugin host's thread
   * @param eventLoops how many decide
   */
  public record Parts(
      Vertx vertx,
      ScriptRuntime runtime,
      PluginMetrics metrics,
      Supplier<EndpointTable> endpoints,
      int eventLoops) {}

  /**
   * A plugin host that has not looked into its folder yet.
   *
   * @param folder need not exist
   */
  public PluginHost(PluginsConfig config, Path folder, Parts parts) {
    var loader =
        new VersionLoader(
            new VersionLoader.Parts(
                parts.vertx(),
                parts.runtime(),
                parts.metrics(),
                supervisor,
                watch,
                parts.endpoints(),
                parts.eventLoops()));
    this.lifecycle =
        new PluginLifecycle(
            config,
            new PluginLifecycle.Means(
                new PluginEvents(parts.vertx(), parts.metrics()),
                loader,
                new Services(parts.vertx())),
            new Owner());
    this.folder = new FolderWatcher(folder, this::inFolder);
    this.heap =
        HeapWatch.start(
            new HeapPressure(HeapPressure.DEFAULT_LIMIT_RATIO, HeapPressure.DEFAULT_REST),
            System::nanoTime,
            level ->
                later(() ->
                    lifecycle.quarantineNewest(
                        "the heap is "
                            + Math.round(level.ratio() * 100)
                            + " % full, and this was the last to be loaded")));
    parts
        .metrics()
        .gauge(
            ABANDONED_METER,
            "Script threads that were given up and still run",
            supervisor,
            ScriptSupervisor::abandoned);
  }

  /**
   * Looks into the folder, loads what is there, and follows it from then on.
   *
   * @return succeeds when every plugin that is there now was loaded or rejected
   */
  public Future<Void> start() {
    supervisor.start();
    watch.start();
    return lookNow()
        .compose(looked -> {
          folder.start();
          return Future.succeededFuture();
        });
  }

  /**
   * Looks into the folder without waiting for news of it.
   *
   * @return succeeds when every change that is there now was taken or rejected
   */
  Future<Void> lookNow() {
    return onThread(
            () -> {
              folder.look();
              return null;
            })
        .compose(looked -> onThread(() -> null));
  }

  /** What chains can name now. */
  public Strategies strategies() {
    return strategies;
  }

  /** What there is to say of the plugins now, by name. Does not wait. */
  public List<PluginStatus> status() {
    return report.now();
  }

  /** Script threads that were given up and still run. */
  public int abandonedThreads() {
    return supervisor.abandoned();
  }

  /** From now on, what comes and goes is put to these chains. */
  public void serve(Chains users) {
    chains = users;
  }

  /** Takes another configuration into use; plugins it means are loaded anew. */
  public Future<Void> apply(PluginsConfig next) {
    return run(() -> lifecycle.apply(next));
  }

  /** On the folder's thread, or that of the first look; what happens is up to ours. */
  private void inFolder(List<PluginChange> changes) {
    var _ = run(() -> changes.forEach(lifecycle::changed));
  }

  /**
   * Tries files without taking them into use.
   *
   * @return the ids of its strategies; fails with a {@link PluginException}
   */
  public Future<List<String>> check(PluginFiles files) {
    return onThread(() -> lifecycle.check(files));
  }

  /**
   * Obeys a version of a plugin from now on: one that is tried, or one that was in use before. The
   * folder is not changed: what is saved there next counts again.
   *
   * @return fails with a {@link PluginException} where there is no such version, or it cannot be
   *     used
   */
  public Future<Void> activate(String name, int number) {
    return run(() -> lifecycle.activate(name, number));
  }

  /** Obeys the version before the one that is obeyed now. */
  public Future<Void> rollBack(String name) {
    return run(() -> lifecycle.rollBack(name));
  }

  private void later(Runnable task) {
    var _ = run(task);
  }

  private Future<Void> run(Runnable task) {
    return onThread(() -> {
      task.run();
      return null;
    });
  }

  /** Runs on the plugin host's thread; what it throws fails the future. */
  <T> Future<T> onThread(Callable<T> task) {
    var done = Promise.<T>promise();
    try {
      thread.execute(() -> {
        try {
          done.complete(task.call());
        } catch (Throwable e) {
          if (!(e instanceof PluginException)) {
            LOG.error("a plugin's life took a wrong turn", e);
          }
          done.fail(e);
        }
      });
    } catch (RejectedExecutionException e) {
      done.fail(new PluginException("the host is stopping"));
    }
    return done.future();
  }

  /** Ends every plugin; waits a little for calls that run. */
  @Override
  public void close() {
    folder.close();
    var ended = onThread(lifecycle::endAll).compose(all -> all);
    try {
      var _ = ended.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("plugins did not end in time", e);
    }
    thread.shutdown();
    heap.close();
    supervisor.close();
    watch.close();
  }

  /** What the lifecycle tells, on the thread. */
  private final class Owner implements PluginLifecycle.Owner {
    @Override
    public Chains chains() {
      return chains;
    }

    @Override
    public void strategies(Strategies next) {
      boolean changed = !next.equals(strategies);
      strategies = next;
      if (changed) {
        chains.use(next);
      }
    }

    @Override
    public void report(StatusReport next) {
      report = next;
    }

    @Override
    public void later(Runnable task) {
      PluginHost.this.later(task);
    }
  }
}
