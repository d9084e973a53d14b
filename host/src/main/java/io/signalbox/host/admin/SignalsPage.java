package io.signalbox.host.admin;

import io.signalbox.host.signals.SignalRecord;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Objects;

/**
 * Takes signals from whoever speaks HTTP and nothing else: one record or a list of them, as they
 * are published on the event bus. Not from web pages: a browser on the operator's machine reaches
 * loopback too, on behalf of any site.
 */
final class SignalsPage {
  static final int MAX_BYTES = 2 * 1024 * 1024;
  private static final long ANSWER_MILLIS = 5_000;

  private final Vertx vertx;

  SignalsPage(Vertx vertx) {
    this.vertx = vertx;
  }

  void addTo(Router router) {
    router.post("/signals").handler(SignalsPage::notFromPages);
    router
        .post("/signals")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BYTES))
        .handler(this::take)
        .failureHandler(SignalsPage::tooLarge);
  }

  private static void notFromPages(RoutingContext page) {
    if (page.request().getHeader("origin") != null) {
      error(page, 403, "signals are not taken from web pages: leave the header origin out");
    } else {
      page.next();
    }
  }

  private static void tooLarge(RoutingContext page) {
    if (page.statusCode() == 413) {
      error(page, 413, "a body has at most " + (MAX_BYTES >> 20) + " MiB");
    } else {
      page.next();
    }
  }

  private void take(RoutingContext page) {
    var body = page.body().asString();
    vertx
        .eventBus()
        .<JsonObject>request(
            SignalRecord.ADDRESS,
            body == null ? "" : body,
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(ANSWER_MILLIS))
        .map(Message::body)
        .onSuccess(answer -> answer(page, Objects.requireNonNull(answer)))
        .onFailure(cause -> error(page, 503, "signals are not taken now: " + cause.getMessage()));
  }

  private static void answer(RoutingContext page, JsonObject answer) {
    AdminVerticle.json(page, answer.getInteger("refused", 0) == 0 ? 200 : 400, answer);
  }

  private static void error(RoutingContext page, int status, String text) {
    AdminVerticle.json(page, status, new JsonObject().put("error", text));
  }
}
