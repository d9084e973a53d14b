package io.signalbox.host.script;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptException.Phase;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One version of a plugin in a context of its own: nothing it does is seen by another.
 *
 * <p>Used by one thread at a time, a script in Python by the same thread from {@link #load()} on.
 * {@link #interrupt} and {@link #close} may be called from any thread at any time.
 *
 * <p>Nothing here limits how long a call takes: who calls watches the clock, and interrupts. A
 * single long operation inside the runtime, such as Python's {@code sum(range(10**11))}, cannot be
 * interrupted; its thread must be given up.
 */
public final class Script implements AutoCloseable {
  /** Strategies one plugin may declare. */
  public static final int MAX_STRATEGIES = 64;

  /** Characters of saved state. */
  public static final int MAX_STATE = 1 << 20;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Context context;
  private final ScriptSource source;
  private final GuestServices services;
  private @Nullable Loaded loaded;
  private volatile boolean closing;
  private volatile boolean interrupted;

  /** What is there once the plugin's main file has run. */
  private record Loaded(
      Guest guest,
      GuestFailures failures,
      TableCache tables,
      ParameterCache parameters,
      List<ScriptStrategy> strategies) {}

  Script(Context context, ScriptSource source, GuestServices services) {
    this.context = context;
    this.source = source;
    this.services = services;
  }

  /** What it was made from. */
  public ScriptSource source() {
    return source;
  }

  /**
   * Runs the plugin's main file and looks at what it declares. Once, before anything else.
   *
   * @throws ScriptException when the file does not run, or declares what cannot be used
   */
  public void load() {
    var failures = new GuestFailures();
    enter(failures, Phase.EVALUATE);
    var phase = Phase.EVALUATE;
    try {
      var guest = Guest.start(context, source, services);
      failures.know(guest);
      guest.evaluate();
      phase = Phase.SHAPE;
      var strategies = strategies(guest);
      loaded =
          new Loaded(
              guest,
              failures,
              new TableCache(guest::table, needs(strategies)),
              new ParameterCache(guest::parameters),
              strategies);
    } catch (Throwable e) {
      throw failed(failures, phase, e, null);
    } finally {
      leave();
    }
  }

  private static Stream<Signal> needs(List<ScriptStrategy> strategies) {
    return strategies.stream().flatMap(strategy -> strategy.description().needs().stream());
  }

  private List<ScriptStrategy> strategies(Guest guest) {
    var strategies = new ArrayList<ScriptStrategy>();
    var ids = new HashSet<String>();
    for (var declared : guest.declared()) {
      var description = DeclarationReader.read(source.language(), declared.entry());
      if (!ids.add(description.id())) {
        throw new ShapeException("two strategies are named \"" + description.id() + "\"");
      }
      var functions = StrategyFunctions.of(guest, description, declared);
      strategies.add(new ScriptStrategy(this, description, functions));
    }
    return List.copyOf(strategies);
  }

  /**
   * What the plugin declares, at least one.
   *
   * @throws IllegalStateException when it was not loaded
   */
  public List<ScriptStrategy> strategies() {
    return loaded().strategies();
  }

  /**
   * One of them.
   *
   * @throws IllegalArgumentException when it declares no strategy with this id
   */
  public ScriptStrategy strategy(String id) {
    var all = strategies();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).description().id().equals(id)) {
        return all.get(i);
      }
    }
    throw new IllegalArgumentException("no strategy " + id + " in " + source.plugin());
  }

  /**
   * What the plugin wants its next version to know, as JSON; empty where it saves nothing.
   *
   * @throws ScriptException when its functions fail, or give more than {@link #MAX_STATE}
   *     characters
   */
  public Optional<String> saveState() {
    var text = new String[] {""};
    run(
        Phase.STATE,
        null,
        () -> {
          text[0] = loaded().guest().prelude().invokeMember("save").asString();
          if (text[0].length() > MAX_STATE) {
            throw new ShapeException("the state is longer than " + MAX_STATE + " characters");
          }
        });
    return text[0].isEmpty() ? Optional.empty() : Optional.of(text[0]);
  }

  /**
   * Hands in what an earlier version saved.
   *
   * @throws ScriptException when its functions fail
   */
  public void restoreState(String state) {
    run(
        Phase.STATE,
        null,
        () -> {
          var _ = loaded().guest().prelude().invokeMember("restore", state);
        });
  }

  /**
   * Does what the first question to a strategy would have to: tells the script of these endpoints,
   * and has a router for production-stack made.
   *
   * @param candidates at least one
   * @throws ScriptException when that fails
   */
  public void makeReady(
      ScriptStrategy strategy, TableCandidates candidates, Parameters parameters) {
    int index = strategies().indexOf(strategy);
    run(
        Phase.CALL,
        null,
        () -> {
          var _ = tables().prepare(candidates);
          var _ = guest().prelude().invokeMember("ready", index, parameters(parameters));
        });
  }

  /**
   * Tells the script that it will not be asked again: a router for production-stack is closed.
   *
   * @throws ScriptException when that fails
   */
  public void end() {
    run(
        Phase.END,
        null,
        () -> {
          var _ = loaded().guest().prelude().invokeMember("end");
        });
  }

  /**
   * Stops what runs; the call ends with {@link ScriptException.Kind#INTERRUPTED}, and the script
   * can be called again.
   *
   * @throws TimeoutException when it did not stop in time: its thread is lost
   */
  public void interrupt(Duration limit) throws TimeoutException {
    interrupted = true;
    context.interrupt(limit);
  }

  /**
   * Stops what runs and frees what it holds. Takes a second at most: what does not stop goes on
   * without anybody waiting for it.
   */
  @Override
  public void close() {
    closing = true;
    var closer = Thread.ofPlatform().daemon().name("script-closer").unstarted(this::closeContext);
    closer.start();
    try {
      var _ = closer.join(CLOSE_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeContext() {
    try {
      context.close(true);
    } catch (RuntimeException _) {
      // What ran was cancelled; its caller hears of it.
    }
  }

  TableCache tables() {
    return loaded().tables();
  }

  Value parameters(Parameters parameters) {
    return loaded().parameters().get(parameters);
  }

  Guest guest() {
    return loaded().guest();
  }

  /** Does something in the context; whatever goes wrong becomes a {@link ScriptException}. */
  void run(Phase phase, @Nullable GuestRequest request, Runnable action) {
    var failures = loaded().failures();
    enter(failures, phase);
    interrupted = false;
    try {
      action.run();
    } catch (Throwable e) {
      throw failed(failures, phase, e, request);
    } finally {
      leave();
    }
  }

  private void enter(GuestFailures failures, Phase phase) {
    try {
      context.enter();
    } catch (RuntimeException e) {
      throw failed(failures, phase, e, null);
    }
  }

  /**
   * An interruption or the end of the context that comes at a bad moment looks like a failure of
   * the runtime; what it is is known here.
   */
  private ScriptException failed(
      GuestFailures failures, Phase phase, Throwable thrown, @Nullable GuestRequest request) {
    var failure = closing ? GuestFailures.closed(phase) : failures.of(phase, thrown, request);
    // Until the next call: the failure may be looked at after interrupt() came back.
    if (interrupted && failure.kind() == Kind.INTERNAL) {
      failure = GuestFailures.interrupted(phase, failure.place());
    }
    return failure.in(source.main());
  }

  private void leave() {
    try {
      context.leave();
    } catch (IllegalStateException _) {
      // Closed meanwhile, from another thread.
    }
  }

  private Loaded loaded() {
    var now = loaded;
    if (now == null) {
      throw new IllegalStateException("load() comes first");
    }
    return now;
  }
}
