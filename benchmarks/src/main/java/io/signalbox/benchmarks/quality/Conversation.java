package io.signalbox.benchmarks.quality;

import io.signalbox.benchmarks.RequestBodies;

/**
 * The messages between a client and the model so far, as the JSON that each request carries whole.
 * Their texts have no characters that JSON escapes.
 */
final class Conversation {
  private final StringBuilder messages = new StringBuilder();

  void clear() {
    messages.setLength(0);
  }

  void add(String role, CharSequence text) {
    messages
        .append(messages.isEmpty() ? "" : ",")
        .append("{\"role\":\"")
        .append(role)
        .append("\",\"content\":\"")
        .append(text)
        .append("\"}");
  }

  /** The body of a request for the next answer, streamed. */
  String request(int outputTokens) {
    return "{\"messages\":["
        + messages
        + "],\"max_tokens\":"
        + outputTokens
        + ",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\""
        + RequestBodies.MODEL
        + "\"}";
  }
}
