package io.signalbox.sdk;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request being routed. Safe for any thread, and valid for as long as a strategy keeps it; but
 * it holds the body, so a strategy that wants to remember something copies that out.
 *
 * <p>Headers that carry credentials ({@code authorization}, {@code proxy-authorization}, {@code
 * cookie}) are not shown.
 */
public interface RouteRequest {
  /** The {@code model} member of the body; never empty. */
  String model();

  /** The {@code user} member of the body, or null where the client sent none. */
  @Nullable String user();

  /** Whether the client asked for a stream of server-sent events. */
  boolean stream();

  /**
   * The first value of a request header, or null where there is none.
   *
   * @param name lower case
   */
  @Nullable String header(String name);

  /** All headers by lower-case name; the values of a repeated one joined by a comma and a space. */
  Map<String, String> headers();

  /**
   * The session the request belongs to: header {@code x-session-id}, else {@code
   * x-aibrix-session-key}; null where there is neither.
   */
  default @Nullable String sessionId() {
    var session = header("x-session-id");
    return session == null ? header("x-aibrix-session-key") : session;
  }

  /**
   * The text the engine is asked to go on from: {@code prompt} or {@code input} as they are, the
   * text parts of {@code messages} joined by line feeds. Empty where the body has none of them.
   * Read from the body at the first call, which for a body of megabytes takes milliseconds.
   */
  String prompt();

  /**
   * How long the prompt is, in tokens: exact where the client sent token ids, else estimated at
   * four characters a token; {@code NaN} where the body has no prompt. Costs what {@link #prompt}
   * costs.
   */
  double promptTokens();

  /**
   * How long the client allows the answer to be, in tokens: {@code max_completion_tokens}, {@code
   * max_tokens} or {@code max_output_tokens} of the body; {@code NaN} where it says nothing.
   */
  default double maxTokens() {
    return Double.NaN;
  }

  /**
   * How many tokens the answer is expected to have, from what the model answered lately, and not
   * more than the client allows; {@code NaN} before anything is known. The same at every call for
   * one request.
   */
  default double expectedOutputTokens() {
    return Double.NaN;
  }

  /** The body as the client sent it, JSON in UTF-8; a read-only view, new at each call. */
  ByteBuffer body();
}
