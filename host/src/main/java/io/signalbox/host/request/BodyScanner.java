package io.signalbox.host.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.ScanResult.Unreadable;
import io.signalbox.host.telemetry.Reason;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a decision needs in a JSON body, in one streaming pass: no tree, no copy of the
 * prompt. The whole body is read, so that one that is cut off or has two {@code model} members is
 * refused here and not routed by half of what it says.
 *
 * <p>So is what is not UTF-8, with one exception: Jackson takes a name for one that it met before
 * where only bytes 0xff are too many. Engines refuse such a body.
 *
 * <p>Safe for any thread.
 */
public final class BodyScanner {
  /** Objects and arrays within each other; a deeper body is refused. */
  public static final int MAX_DEPTH = 200;

  /** Characters of a model's name; a longer one is refused. */
  public static final int MAX_MODEL_LENGTH = 512;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  // Images travel as one long string; the doors bound the body.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private @Nullable String model;
  private @Nullable String user;
  private boolean stream;
  private double mostOutputTokens = Double.POSITIVE_INFINITY;

  private BodyScanner() {}

  /** Reads a body to its end; closes the stream. */
  public static ScanResult scan(InputStream body) {
    try (var parser = parser(body)) {
      return new BodyScanner().read(parser);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      return invalid(
          at == null
              ? "the body is not valid JSON"
              : "the body is not valid JSON: line "
                  + at.getLineNr()
                  + ", column "
                  + at.getColumnNr());
    } catch (IOException | IllegalStateException e) {
      // Broken UTF-8, or a great many colliding member names.
      return invalid("the body is not valid JSON");
    }
  }

  /**
   * Reads the beginning of a body, which may be cut off anywhere: by whatever stands there the
   * request is routed. Closes the stream.
   *
   * @param length how many bytes there are
   */
  public static ScanResult scanBeginning(InputStream body, int length) {
    try (var parser = parser(body)) {
      return new BodyScanner().readBeginning(parser, length);
    } catch (IOException | IllegalStateException e) {
      return invalid("the body is not valid JSON");
    }
  }

  private ScanResult readBeginning(JsonParser parser, int length) throws IOException {
    try {
      return read(parser);
    } catch (JsonProcessingException e) {
      if (!isCutOff(e, parser, length)) {
        throw e;
      }
      return model == null
          ? new Unreadable(
              Reason.BODY_TOO_LARGE,
              "the proxy passes on only the beginning of the body, and \"model\" is not in it")
          : scanned(model);
    }
  }

  /**
   * Whether a text is wrong only in that it ends. Of {@code tru} and {@code 1.} the parser says
   * that there is no such word and no such number; it has come to the end then.
   *
   * @param parser not closed yet
   * @param length how many bytes the text has
   */
  static boolean isCutOff(JsonProcessingException problem, JsonParser parser, int length) {
    return problem instanceof JsonEOFException
        || parser.currentLocation().getByteOffset() == length;
  }

  private Scanned scanned(String name) {
    return new Scanned(name, user, stream, mostOutputTokens);
  }

  /** A parser with the bounds of all bodies. */
  static JsonParser parser(InputStream body) throws IOException {
    return JSON.createParser(body);
  }

  /** The same over bytes that are all there. */
  static JsonParser parser(byte[] json) throws IOException {
    return JSON.createParser(json);
  }

  private ScanResult read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return invalid("the body must be a JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var problem = member(parser.currentName(), parser);
      if (problem != null) {
        return problem;
      }
    }
    if (parser.nextToken() != null) {
      return invalid("the body goes on after its JSON object");
    }
    return model == null
        ? new Unreadable(Reason.MISSING_MODEL, "the body must have a member \"model\", a string")
        : scanned(model);
  }

  private @Nullable Unreadable member(String name, JsonParser parser) throws IOException {
    var value = parser.nextToken();
    switch (name) {
      case "model" -> {
        if (model != null) {
          return invalid("the body has two members \"model\"");
        }
        if (value != JsonToken.VALUE_STRING || parser.getText().isBlank()) {
          return new Unreadable(Reason.MISSING_MODEL, "\"model\" must be a string, not empty");
        }
        if (parser.getTextLength() > MAX_MODEL_LENGTH) {
          return new Unreadable(
              Reason.MISSING_MODEL,
              "\"model\" must have at most " + MAX_MODEL_LENGTH + " characters");
        }
        model = parser.getText();
      }
      case "user" -> user = value == JsonToken.VALUE_STRING ? parser.getText() : null;
      case "stream" -> stream = value == JsonToken.VALUE_TRUE;
      case "max_tokens", "max_completion_tokens", "max_output_tokens" -> limitOutput(parser);
      default -> {}
    }
    parser.skipChildren();
    return null;
  }

  /** What is no count, the engine will refuse. */
  private void limitOutput(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      double most = parser.getDoubleValue();
      if (most >= 0) {
        mostOutputTokens = Math.min(mostOutputTokens, most);
      }
    }
  }

  private static Unreadable invalid(String problem) {
    return new Unreadable(Reason.INVALID_BODY, problem);
  }
}
