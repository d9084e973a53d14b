package io.signalbox.simulator;

/** The two shapes of completions in the OpenAI API. */
enum AnswerFormat {
  CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk"),
  COMPLETION("cmpl-", "text_completion", "text_completion");

  private final String idPrefix;
  private final String wholeObject;
  private final String chunkObject;

  AnswerFormat(String idPrefix, String wholeObject, String chunkObject) {
    this.idPrefix = idPrefix;
    this.wholeObject = wholeObject;
    this.chunkObject = chunkObject;
  }

  String idPrefix() {
    return idPrefix;
  }

  /** The {@code object} field of a whole answer. */
  String wholeObject() {
    return wholeObject;
  }

  /** The {@code object} field of a streamed chunk. */
  String chunkObject() {
    return chunkObject;
  }
}
