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

  private final boolean counts;
  private final StringBuilder text = new StringBuilder();
  private long characters;
  private int[] tokenIds = new int[0];
  private int tokenCount;

  /** Texts that are the whole of {@code prompt}, and pieces of text from wherever. */
  private int prompts;

  private int pieces;

  private PromptReader(boolean counts) {
    this.counts = counts;
  }

  /** Reads a body; one that is cut off has the prompt that came before. */
  static Prompt read(byte[] body) {
    var reader = new PromptReader(false);
    return reader.reads(body) ? reader.prompt() : Prompt.NONE;
  }

  /** {@link Prompt#tokens} of the same, without its text, which takes a quarter less. */
  static double tokens(byte[] body) {
    var reader = new PromptReader(true);
    return reader.reads(body)
        ? Prompt.tokens(reader.characters, reader.tokenCount)
        : Prompt.NONE.tokens();
  }

  /** False where the scan refuses the body; what was read before the flaw is as good as nothing. */
  private boolean reads(byte[] body) {
    try (var parser = BodyScanner.parser(body)) {
      body(parser, body.length);
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
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
      case VALUE_STRING -> text(parser);
      case VALUE_NUMBER_INT -> token(parser);
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

  private void token(JsonParser parser) throws IOException {
    if (!counts) {
      if (tokenCount == tokenIds.length) {
        tokenIds = Arrays.copyOf(tokenIds, Math.max(FIRST_TOKENS, 2 * tokenCount));
      }
      tokenIds[tokenCount] = tokenId(parser);
    }
    tokenCount++;
  }

  private void text(JsonParser parser) throws IOException {
    var between = pieces++ == 0 ? "" : "\n";
    if (counts) {
      characters += between.length() + parser.getTextLength();
    } else {
      text.append(between).append(parser.getText());
    }
  }
}
