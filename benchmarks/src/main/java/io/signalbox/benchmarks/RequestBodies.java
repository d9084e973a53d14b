package io.signalbox.benchmarks;

/**
 * Chat requests of a given size, with the model behind the messages as OpenAI's clients send it.
 */
public final class RequestBodies {
  /** The model every benchmark asks for. */
  public static final String MODEL = "bench-model";

  private static final String BEFORE =
      "{\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
          + "{\"role\":\"user\",\"content\":\"";
  private static final String AFTER =
      "\"}],\"temperature\":0.7,\"max_tokens\":256,\"stream\":%s,\"model\":\"" + MODEL + "\"}";
  private static final String TEXT =
      "The quick brown fox jumps over the lazy dog, \\\"again\\\" and again.\\n";

  private RequestBodies() {}

  /** A body of exactly this many bytes, at least 256, that asks for a streamed answer. */
  public static String chat(int bytes) {
    return chat(bytes, true);
  }

  /** A body of exactly this many bytes, at least 256. */
  static String chat(int bytes, boolean stream) {
    var after = AFTER.formatted(stream);
    int room = bytes - BEFORE.length() - after.length();
    var text = TEXT.repeat(room / TEXT.length());
    return BEFORE + text + "x".repeat(room - text.length()) + after;
  }
}
