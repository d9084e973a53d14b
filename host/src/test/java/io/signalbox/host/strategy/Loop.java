package io.signalbox.host.strategy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks strategies from one event loop, and waits for what takes a while. */
final class Loop {
  private final Context context;

  Loop(Vertx vertx) {
    context = vertx.getOrCreateContext();
  }

  /** The call once it ended; fails the test where it ended on another thread than it began on. */
  StageCall ask(RemoteStrategy strategy, JsonObject question) {
    return result(asked(strategy, question));
  }

  Future<StageCall> asked(RemoteStrategy strategy, JsonObject question) {
    var promise = Promise.<StageCall>promise();
    context.runOnContext(run -> {
      long asking = Thread.currentThread().threadId();
      strategy.ask(
          new StageCall(
              strategy.description().kind(),
              Questions.read(question),
              ended -> {
                if (Thread.currentThread().threadId() == asking) {
                  promise.complete(ended);
                } else {
                  promise.fail("it ended on " + Thread.currentThread());
                }
              }));
    });
    return promise.future();
  }

  static <T> T result(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within 30 s", e);
    }
  }
}
