package io.signalbox.host.admin;

import io.signalbox.host.plugin.ControlAnswer;
import io.signalbox.host.plugin.PluginControl;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators see of plugins, and do to them. Changes are taken on loopback, or of callers who
 * proved who they are, and none from a web page: a browser on the operator's machine reaches
 * loopback too, on behalf of any site.
 *
 * <p>Belongs to the admin's event loop.
 */
final class PluginPages {
  /** Changes that wait or run; each may take seconds of the plugin host's thread. */
  static final int MAX_CHANGES = 8;

  private static final Logger LOG = LoggerFactory.getLogger(PluginPages.class);

  private final Context context;
  private final PluginControl plugins;
  private final Callers callers;
  private int changes;

  PluginPages(Context context, PluginControl plugins, Callers callers) {
    this.context = context;
    this.plugins = plugins;
    this.callers = callers;
  }

  void addTo(Router router) {
    router.get("/plugins").handler(this::all);
    router.get("/plugins/:plugin").handler(this::one);
    router.route("/plugins/*").handler(this::mayChange);
    router
        .route("/plugins/*")
        .handler(BodyHandler.create(false).setBodyLimit(PluginControl.MAX_BYTES))
        .failureHandler(PluginPages::tooLarge);
    router
        .put("/plugins/:file")
        .handler(page -> change(page, name -> plugins.put(name, body(page)), "file"));
    router
        .post("/plugins/:file/check")
        .handler(page -> change(page, name -> plugins.check(name, body(page)), "file"));
    router.delete("/plugins/:plugin").handler(page -> change(page, plugins::delete, "plugin"));
    router.post("/plugins/:plugin/activate").handler(this::activate);
    router
        .post("/plugins/:plugin/roll-back")
        .handler(page -> change(page, plugins::rollBack, "plugin"));
  }

  private void all(RoutingContext page) {
    plugins
        .scripts()
        .onSuccess(scripts -> AdminVerticle.json(page, 200, PluginsView.of(plugins, scripts)))
        .onFailure(page::fail);
  }

  private void one(RoutingContext page) {
    var name = parameter(page, "plugin");
    plugins
        .status(name)
        .ifPresentOrElse(
            plugin -> AdminVerticle.json(page, 200, PluginsView.of(plugin)),
            () -> answer(page, plugins.unknown(name)));
  }

  /** A part of the path, which the route says is there. */
  private static String parameter(RoutingContext page, String name) {
    return Objects.requireNonNull(page.pathParam(name));
  }

  private void mayChange(RoutingContext page) {
    if (callers == Callers.ANYBODY) {
      error(
          page,
          403,
          "plugins are changed only where admin listens on a loopback address (admin.host), or asks"
              + " who calls (admin.token, admin.tls.client-ca): use the plugins folder");
    } else if (page.request().getHeader("origin") != null) {
      error(page, 403, "plugins are not changed by web pages: leave the header origin out");
    } else {
      page.next();
    }
  }

  private static void tooLarge(RoutingContext page) {
    if (page.statusCode() == 413) {
      error(page, 413, "a script has at most " + (PluginControl.MAX_BYTES >> 20) + " MiB");
    } else {
      page.next();
    }
  }

  private static byte[] body(RoutingContext page) {
    var body = page.body().buffer();
    return (body == null ? Buffer.buffer() : body).getBytes();
  }

  private void activate(RoutingContext page) {
    var version = version(page.request().getParam("version"));
    if (version.isEmpty()) {
      error(page, 400, "which version? Add ?version= and its number");
    } else {
      change(page, name -> plugins.activate(name, version.getAsInt()), "plugin");
    }
  }

  private static OptionalInt version(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  private void change(
      RoutingContext page, Function<String, Future<ControlAnswer>> change, String parameter) {
    if (changes == MAX_CHANGES) {
      error(page, 503, "too many changes of plugins are under way: try again");
      return;
    }
    changes++;
    change
        .apply(parameter(page, parameter))
        .onComplete(result ->
            context.runOnContext(back -> {
              changes--;
              if (result.succeeded()) {
                answer(page, result.result());
              } else {
                LOG.error("a plugin could not be changed", result.cause());
                error(page, 500, "the host failed; its log says how");
              }
            }));
  }

  private static void answer(RoutingContext page, ControlAnswer answer) {
    switch (answer) {
      case ControlAnswer.Usable(var strategies) ->
          AdminVerticle.json(page, 200, new JsonObject().put("strategies", strategies));
      case ControlAnswer.Changed(var status) ->
          AdminVerticle.json(page, 200, PluginsView.of(status));
      case ControlAnswer.Deleted(var files) ->
          AdminVerticle.json(page, 200, new JsonObject().put("deleted", files));
      case ControlAnswer.Rejected(var problem) ->
          AdminVerticle.json(
              page,
              422,
              new JsonObject()
                  .put("error", "the plugin cannot be used: " + problem)
                  .put("problem", PluginsView.problem(problem)));
      case ControlAnswer.Unknown(var text) -> error(page, 404, text);
      case ControlAnswer.Impossible(var text) -> error(page, 409, text);
    }
  }

  private static void error(RoutingContext page, int status, String text) {
    AdminVerticle.json(page, status, new JsonObject().put("error", text));
  }
}
