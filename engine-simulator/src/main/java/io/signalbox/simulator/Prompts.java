package io.signalbox.simulator;

import io.signalbox.simulator.ToyTokenizer.Turn;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the prompt tokens in a request body: {@code prompt} in its four shapes, or {@code
 * messages}.
 */
final class Prompts {
  private static final String PROMPT_SHAPES =
      "prompt must be a string, a list of strings, a list of token ids, or a list of such lists";

  /** One token list per prompt; none after a mistake. */
  static List<int[]> fromPrompt(Fields fields) {
    return switch (fields.value("prompt")) {
      case String text -> {
        if (!fields.has("prompt")) {
          fields.refuse("Field required", "prompt");
        }
        yield List.of(ToyTokenizer.text(text));
      }
      case JsonArray array when !array.isEmpty() -> fromList(array, fields);
      default -> {
        fields.refuse(PROMPT_SHAPES, "prompt");
        yield List.of();
      }
    };
  }

  static List<int[]> fromMessages(Fields fields) {
    JsonArray messages = fields.array("messages");
    if (messages.isEmpty()) {
      fields.refuse("messages must be a non-empty list", "messages");
    }
    var turns = new ArrayList<Turn>();
    for (Object message : messages) {
      if (message instanceof JsonObject object && object.getValue("role") instanceof String role) {
        turns.add(new Turn(role, content(object, fields)));
      } else {
        fields.refuse("each message must be an object with a role", "messages");
      }
    }
    return List.of(ToyTokenizer.conversation(turns));
  }

  private static List<int[]> fromList(JsonArray array, Fields fields) {
    if (array.getValue(0) instanceof Integer) {
      return List.of(tokenIds(array, fields));
    }
    var prompts = new ArrayList<int[]>();
    for (Object element : array) {
      switch (element) {
        case String text -> prompts.add(ToyTokenizer.text(text));
        case JsonArray ids when !ids.isEmpty() -> prompts.add(tokenIds(ids, fields));
        case null, default -> fields.refuse(PROMPT_SHAPES, "prompt");
      }
    }
    return prompts;
  }

  private static int[] tokenIds(JsonArray array, Fields fields) {
    var ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      if (array.getValue(i) instanceof Integer id && id >= 0) {
        ids[i] = id;
      } else {
        fields.refuse("token ids must be integers of 0 or more", "prompt");
      }
    }
    return ids;
  }

  private static String content(JsonObject message, Fields fields) {
    return switch (message.getValue("content")) {
      case null -> "";
      case String text -> text;
      case JsonArray parts -> textOf(parts);
      default -> {
        fields.refuse("content must be a string or a list of parts", "messages");
        yield "";
      }
    };
  }

  private static String textOf(JsonArray parts) {
    var text = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof JsonObject object && object.getValue("text") instanceof String piece) {
        text.append(piece);
      }
    }
    return text.toString();
  }

  private Prompts() {}
}
