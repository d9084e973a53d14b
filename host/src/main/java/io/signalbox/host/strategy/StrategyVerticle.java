package io.signalbox.host.strategy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The life of one version of what brings strategies: a plugin, or the built-in ones. To deploy it
 * is to load them; from then on each is answered for at its {@linkplain StageRecord#address address
 * of the event bus}. To undeploy it is to let go of the addresses, and close.
 */
public final class StrategyVerticle extends VerticleBase {
  private final Life life;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
  private final MalformedQuestions malformed;

  /** What begins when strategies are deployed, and ends when they are not. */
  public interface Life {
    /**
     * Called once, first. None of the strategies may be a {@link BusStrategy}: it would ask itself.
     */
    Future<List<RegisteredStrategy>> load();

    /** Called once, last; also where loading failed. */
    Future<Void> close();

    /** Of strategies that are simply there. */
    static Life of(List<? extends RegisteredStrategy> strategies) {
      var all = List.<RegisteredStrategy>copyOf(strategies);
      return new Life() {
        @Override
        public Future<List<RegisteredStrategy>> load() {
          return Future.succeededFuture(all);
        }

        @Override
        public Future<Void> close() {
          return Future.succeededFuture();
        }
      };
    }
  }

  /**
   * A verticle that is not deployed yet; one instance can be.
   *
   * @param random for strategies that are called; used on the verticle's event loop only
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public StrategyVerticle(Life life, RandomGenerator random, LongSupplier nanoTime) {
    this.life = life;
    this.random = random;
    this.nanoTime = nanoTime;
    this.malformed = new MalformedQuestions(nanoTime);
  }

  /** Fails with the reason where loading or an address fails; everything is closed then. */
  @Override
  public Future<?> start() {
    return life.load()
        .compose(this::serve)
        .recover(problem -> stop().transform(closed -> Future.failedFuture(problem)));
  }

  private Future<?> serve(List<RegisteredStrategy> strategies) {
    for (var strategy : strategies) {
      var served = served(strategy);
      consumers.add(
          vertx
              .eventBus()
              .consumer(StageRecord.address(served.id()), message -> answer(served, message)));
    }
    return Future.join(consumers.stream().map(MessageConsumer::completion).toList());
  }

  private ServedStrategy served(RegisteredStrategy strategy) {
    return switch (strategy) {
      case RegisteredStrategy.Local local ->
          new ServedStrategy.Called(local, new LocalInstances(local.factory(), random, nanoTime));
      case RegisteredStrategy.Remote remote -> new ServedStrategy.Asked(remote.strategy(), vertx);
    };
  }

  private void answer(ServedStrategy served, Message<Object> message) {
    try {
      served.answer(message);
    } catch (RecordException e) {
      malformed.add(message.address(), e);
      message.reply(AnswerRecord.error("bad question: " + e.getMessage()));
    }
  }

  @Override
  public Future<?> stop() {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .transform(unregistered -> life.close());
  }
}
