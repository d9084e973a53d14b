package io.signalbox.host.request;

import io.signalbox.host.telemetry.Reason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a method and a path ask for. The same at both front doors. */
public sealed interface ApiCall {
  /** A body that names a model: the engine answers. */
  record Inference() implements ApiCall {}

  /** {@code GET /v1/models}: we answer. */
  record ListModels() implements ApiCall {}

  /** {@code GET /v1/models/NAME}: we answer. */
  record DescribeModel(String name) implements ApiCall {}

  /** Neither. */
  record Refused(Refusal refusal) implements ApiCall {}

  /** Every path we serve begins with this. */
  String PREFIX = "/v1/";

  /** Segments that every server reads alike. */
  Pattern PLAIN_PATH = Pattern.compile("/v1(?:/[A-Za-z0-9_~:-][A-Za-z0-9_~:.-]*+)++/?");

  /** The path of the list of models. */
  String MODELS = "/v1/models";

  private static ApiCall get(String path) {
    if (path.equals(MODELS)) {
      return new ListModels();
    }
    if (ofModels(path)) {
      // The decoder is made for forms, where + is a space; in a path it is itself.
      var name = path.substring(MODELS.length() + 1).replace("+", "%2B");
      return new DescribeModel(URLDecoder.decode(name, StandardCharsets.UTF_8));
    }
    return notAllowed(path);
  }

  /**
   * Nothing in a path may be read otherwise by an engine, or by what stands before it, than it is
   * here: no dot segments, nothing encoded, no fragments.
   */
  private static ApiCall post(String path) {
    if (ofModels(path)) {
      return notAllowed(path);
    }
    return PLAIN_PATH.matcher(path).matches()
        ? new Inference()
        : new Refused(
            Refusal.of(
                Reason.BAD_REQUEST,
                "the path may have letters, digits and - _ . ~ : in its segments, and none that"
                    + " begins with a dot"));
  }

  private static boolean ofModels(String path) {
    return path.equals(MODELS) || path.startsWith(MODELS + "/");
  }

  private static ApiCall notAllowed(String path) {
    var allowed = ofModels(path) ? "GET" : "POST";
    return new Refused(
        Refusal.of(Reason.METHOD_NOT_ALLOWED, "this path takes " + allowed + " only"));
  }

  /**
   * Reads method and path.
   *
   * @param target the path, with or without a query
   */
  static ApiCall of(String method, String target) {
    int query = target.indexOf('?');
    var path = query < 0 ? target : target.substring(0, query);
    if (!path.startsWith(PREFIX) || path.length() == PREFIX.length()) {
      return new Refused(
          Refusal.of(Reason.UNKNOWN_PATH, "unknown path; served are the paths under " + PREFIX));
    }
    try {
      return switch (method) {
        case "GET", "HEAD" -> get(path);
        case "POST" -> post(path);
        default -> notAllowed(path);
      };
    } catch (IllegalArgumentException e) {
      return new Refused(Refusal.of(Reason.BAD_REQUEST, "the path is not well encoded"));
    }
  }
}
