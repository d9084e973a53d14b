package io.signalbox.host.cases;

import io.signalbox.host.request.BodyScanner;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult;
import io.signalbox.sdk.RouteRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the request of a case: as a body that goes through what bodies of clients go through, so
 * that a strategy sees what it would see of it.
 */
final class CaseRequest {
  private static final Set<String> MEMBERS =
      Set.of("model", "user", "stream", "headers", "prompt", "promptTokens", "body");

  private static final int MAX_PROMPT_TOKENS = 10_000_000;

  private CaseRequest() {}

  static RouteRequest read(JsonPart part) {
    var body = body(part.knowing(MEMBERS)).toBuffer().getBytes();
    return switch (BodyScanner.scan(new ByteArrayInputStream(body))) {
      case ScanResult.Scanned scan ->
          new InferenceRequest(
              scan,
              RequestHeaders.of(headers(part.part("headers"))),
              () -> ByteBuffer.wrap(body).asReadOnlyBuffer());
      case ScanResult.Unreadable unreadable -> throw part.problem("body", unreadable.problem());
    };
  }

  private static Map<String, String> headers(JsonPart part) {
    return part.texts().entrySet().stream()
        .collect(
            Collectors.toMap(
                header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
  }

  private static JsonObject body(JsonPart part) {
    if (part.has("body")) {
      var others = Set.of("model", "user", "stream", "prompt", "promptTokens");
      if (others.stream().anyMatch(part::has)) {
        throw part.problem("body", "stands for all but the headers, so leave the others out");
      }
      return part.part("body").json();
    }
    var body = new JsonObject().put("model", part.optionalText("model").orElse("m"));
    part.optionalText("user").ifPresent(user -> body.put("user", user));
    if (part.flag("stream")) {
      body.put("stream", true);
    }
    part.optionalText("prompt").ifPresent(prompt -> body.put("prompt", prompt));
    if (part.has("promptTokens")) {
      body.put("prompt", tokenIds(part));
    }
    return body;
  }

  /** So many tokens, as a client sends them that tokenized the prompt itself. */
  private static JsonArray tokenIds(JsonPart part) {
    double tokens = part.number("promptTokens");
    if (part.has("prompt")) {
      throw part.problem("promptTokens", "cannot stand beside \"prompt\"");
    }
    if (!(tokens >= 0 && tokens <= MAX_PROMPT_TOKENS && tokens == Math.rint(tokens))) {
      throw part.problem("promptTokens", "must be an integer from 0 to " + MAX_PROMPT_TOKENS);
    }
    return new JsonArray(Collections.nCopies((int) tokens, 1));
  }
}
