package io.signalbox.host.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/**
 * Puts together the prompt of a body that was scanned before: {@code prompt} (completions), {@code
 * input} (embeddings, responses) or {@code messages} (chat). Pieces are joined by line feeds;
 * images, tools and roles are left out.
 */
final class PromptReader {
  private static final int FIRST_TOKENS = 64;

  private final StringBuilder text = new StringBuilder();
  private int[] tokenIds = new int[0];
  private int tokenCount;

  /** Texts that are the whole of {@code prompt}, and pieces of text from wherever. */
  private int prompts;

  private int pieces;

  private PromptReader() {}

  /** Reads a body; one that is cut off has the prompt that came before. */
  static Prompt read(byte[] body) {
    var reader = new PromptReader();
    try (var parser = BodyScanner.parser(body)) {
      reader.body(parser, body.length);
      return reader.prompt();
    } catch (IOException | IllegalStateException e) {
      // The scan refuses such a body; what was read before the flaw is as good as nothing.
      return Prompt.NONE;
    }
  }

  private void body(JsonParser parser, int length) throws IOException {
    try {
      body(parser);
    } catch (JsonProcessingException e) {
      // A proxy may send no more than the beginning.
      if (!BodyScanner.isCutOff(e, parser, length)) {
        throw e;
      }
    }
  }

  private Prompt prompt() {
    return new Prompt(
        text.toString(), Arrays.copyOf(tokenIds, tokenCount), prompts == 1 && pieces == 1);
  }

  private void body(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "prompt" -> {
          prompts += parser.currentToken() == JsonToken.VALUE_STRING ? 1 : 0;
          pieces(parser);
        }
        case "input", "messages" -> pieces(parser);
        default -> parser.skipChildren();
      }
    }
  }

  /** A text, a token id, a message, a part of one, or a list of these. */
  private void pieces(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> add(parser.getText());
      case VALUE_NUMBER_INT -> add(tokenId(parser));
      case START_ARRAY -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          pieces(parser);
        }
      }
      case START_OBJECT -> message(parser);
      default -> {}
    }
  }

  /** {@code {"role":…, "content":…}} or {@code {"type": "text", "text":…}}. */
  private void message(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var value = parser.nextToken();
      if (name.equals("content") || (name.equals("text") && value == JsonToken.VALUE_STRING)) {
        pieces(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** What is no token id the engine refuses; here it must only differ from others. */
  private static int tokenId(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> parser.getIntValue();
      default -> parser.getText().hashCode();
    };
  }

  private void add(int tokenId) {
    if (tokenCount == tokenIds.length) {
      tokenIds = Arrays.copyOf(tokenIds, Math.max(FIRST_TOKENS, 2 * tokenCount));
    }
    tokenIds[tokenCount++] = tokenId;
  }

  private void add(String piece) {
    pieces++;
    text.append(text.isEmpty() ? "" : "\n").append(piece);
  }
}
