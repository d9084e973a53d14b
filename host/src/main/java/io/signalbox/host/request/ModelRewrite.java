package io.signalbox.host.request;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a body names its model: the only bytes that change when a request is to have another.
 *
 * @param from the first byte of the value, its quote
 * @param to the byte after it
 */
public record ModelRewrite(int from, int to) {
  /**
   * Finds the place; empty where the body has none, or is not UTF-8. Closes the stream. For bodies
   * that were scanned before.
   */
  public static Optional<ModelRewrite> find(InputStream body) {
    try (var parser = BodyScanner.parser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isModel = parser.currentName().equals("model");
        parser.nextToken();
        if (isModel) {
          long from = parser.currentTokenLocation().getByteOffset();
          // A text is read no further than to its beginning until somebody wants it.
          var _ = parser.getTextLength();
          long to = parser.currentLocation().getByteOffset();
          return from < 0 || to <= from
              ? Optional.empty()
              : Optional.of(new ModelRewrite(Math.toIntExact(from), Math.toIntExact(to)));
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * The model that the headers of a request put in the place of its own; empty where they do not.
   *
   * @param model the one that the request asks for
   */
  public static Optional<String> target(RequestHeaders headers, String model) {
    return Optional.ofNullable(
            headers.firstOf(SteeringHeaders.REWRITE, SteeringHeaders.REWRITE_BEFORE))
        .filter(target -> !target.isBlank() && !target.equals(model));
  }

  /** The name of a model as JSON writes it. */
  public static byte[] quoted(String model) {
    return ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(model)) + '"')
        .getBytes(StandardCharsets.UTF_8);
  }
}
