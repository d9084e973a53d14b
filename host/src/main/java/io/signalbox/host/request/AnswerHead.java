package io.signalbox.host.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The head of an engine's answer, as far as it says how the body is to be read.
 *
 * @param status the HTTP status
 * @param contentType null where absent
 * @param contentEncoding null where absent
 */
public record AnswerHead(
    int status, @Nullable String contentType, @Nullable String contentEncoding) {
  /** The head of an answer with these headers. */
  public static AnswerHead of(int status, MultiMap headers) {
    return new AnswerHead(
        status, headers.get(HttpHeaders.CONTENT_TYPE), headers.get(HttpHeaders.CONTENT_ENCODING));
  }

  /** Whether the engine did what it was asked to. */
  public boolean succeeded() {
    return status >= 200 && status < 300;
  }

  /** Whether the body says something of tokens. */
  public boolean tells() {
    return streams() || isJson();
  }

  /** Whether the body is a stream of server-sent events that can be read. */
  boolean streams() {
    return isPlain() && isOfType("text/event-stream");
  }

  /** Whether the body is one JSON text that can be read. */
  boolean isJson() {
    return isPlain() && isOfType("application/json");
  }

  private boolean isPlain() {
    return succeeded()
        && (contentEncoding == null
            || contentEncoding.isBlank()
            || contentEncoding.equalsIgnoreCase("identity"));
  }

  private boolean isOfType(String type) {
    return contentType != null
        && contentType.regionMatches(true, 0, type, 0, type.length())
        && (contentType.length() == type.length()
            || ";, \t".indexOf(contentType.charAt(type.length())) >= 0);
  }
}
