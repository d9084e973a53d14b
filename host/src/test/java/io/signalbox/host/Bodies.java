package io.signalbox.host;

/** Bodies of requests. */
final class Bodies {
  static final String HELLO = chat("hello", 4);

  private Bodies() {}

  static String chat(String prompt, int maxTokens) {
    return body(prompt, maxTokens, "");
  }

  static String stream(String prompt, int maxTokens) {
    return body(prompt, maxTokens, "\"stream\":true,");
  }

  /**
   * A body of about this many bytes, with the model behind the messages as the Python client has
   * it.
   */
  static String ofSize(int bytes) {
    return """
    {"messages":[{"role":"user","content":"%s"}],"max_tokens":1,"model":"%s"}\
    """
        .formatted("x".repeat(bytes), RunningHost.MODEL);
  }

  private static String body(String prompt, int maxTokens, String more) {
    return """
    {"model":"%s",%s"max_tokens":%d,"messages":[{"role":"user","content":"%s"}]}\
    """
        .formatted(RunningHost.MODEL, more, maxTokens, prompt);
  }
}
