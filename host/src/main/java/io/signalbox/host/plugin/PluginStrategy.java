package io.signalbox.host.plugin;

import io.signalbox.host.config.Rollout;
import io.signalbox.host.strategy.RemoteStrategy;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A strategy of a plugin as chains see it: the same object while the plugin's versions come and go
 * behind it, so a swap is the change of one reference.
 */
final class PluginStrategy implements RemoteStrategy {
  private final StrategyDescription description;
  private final Duration budget;
  private final DoubleSupplier chance;
  private final Optional<ExchangeObserver> observer;
  private volatile Lineup lineup = Lineup.EMPTY;

  /**
   * The versions of one strategy that are at work.
   *
   * @param stable the one that is obeyed; null where there is none
   * @param trial the newest, while it is only tried; null where none is
   * @param rollout how it is tried
   */
  record Lineup(@Nullable ScriptService stable, @Nullable ScriptService trial, Rollout rollout) {
    static final Lineup EMPTY = new Lineup(null, null, new Rollout.Full());
  }

  /**
   * A strategy without a version.
   *
   * @param budget how long a chain that says nothing waits
   * @param chance from 0 to 1, for any thread; says who is part of a canary's share
   */
  PluginStrategy(
      StrategyDescription description,
      Duration budget,
      Observing observing,
      DoubleSupplier chance) {
    this.description = description;
    this.budget = budget;
    this.chance = chance;
    this.observer = observing == Observing.YES ? Optional.of(new Observer()) : Optional.empty();
  }

  /** Whether a script wants to know how exchanges end. */
  enum Observing {
    YES,
    NO
  }

  /** Takes these versions into use. */
  void use(Lineup next) {
    lineup = next;
  }

  Lineup lineup() {
    return lineup;
  }

  @Override
  public StrategyDescription description() {
    return description;
  }

  @Override
  public Duration deadline() {
    return budget;
  }

  @Override
  public Optional<ExchangeObserver> observer() {
    return observer;
  }

  @Override
  public void ask(StageCall call) {
    var now = lineup;
    if (now.trial() == null) {
      askStable(now.stable(), call);
      return;
    }
    switch (now.rollout()) {
      case Rollout.Full _ -> now.trial().ask(call);
      case Rollout.Canary(var ratio) -> {
        if (chance.getAsDouble() < ratio) {
          now.trial().ask(call);
        } else {
          passOrAsk(now.stable(), call);
        }
      }
      case Rollout.Shadow _ -> {
        new Shadow(description, now.trial()).ask(call);
        passOrAsk(now.stable(), call);
      }
    }
  }

  private static void askStable(@Nullable ScriptService stable, StageCall call) {
    if (stable == null) {
      call.failed("no version of it is loaded");
    } else {
      stable.ask(call);
    }
  }

  private static void passOrAsk(@Nullable ScriptService stable, StageCall call) {
    if (stable == null) {
      call.passed();
    } else {
      stable.ask(call);
    }
  }

  /** Tells all versions at work. */
  private final class Observer implements ExchangeObserver {
    private void tell(Consumer<ExchangeObserver> news) {
      var now = lineup;
      if (now.stable() != null) {
        now.stable().observe(news);
      }
      if (now.trial() != null) {
        now.trial().observe(news);
      }
    }

    @Override
    public void onReserved(RouteRequest request, Endpoint endpoint) {
      tell(script -> script.onReserved(request, endpoint));
    }

    @Override
    public void onFirstToken(RouteRequest request, Endpoint endpoint, double seconds) {
      tell(script -> script.onFirstToken(request, endpoint, seconds));
    }

    @Override
    public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
      tell(script -> script.onCompleted(request, endpoint, completion));
    }

    @Override
    public void onFailed(RouteRequest request, Endpoint endpoint) {
      tell(script -> script.onFailed(request, endpoint));
    }

    @Override
    public void onCancelled(RouteRequest request, Endpoint endpoint) {
      tell(script -> script.onCancelled(request, endpoint));
    }
  }
}
