package io.signalbox.host.script;

import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request for tests. */
record ScriptedRequest(
    String model, @Nullable String user, boolean stream, Map<String, String> headers, String prompt)
    implements RouteRequest {
  /** Of nobody, without headers, with an empty prompt. */
  static final ScriptedRequest PLAIN = new ScriptedRequest("m", null, false, Map.of(), "");

  /** With everything there is. */
  static final ScriptedRequest FULL =
      new ScriptedRequest(
          "m",
          "ann",
          true,
          Map.of("x-session-id", "s-1", "x-tier", "gold"),
          "Größe, please: the prompt");

  @Override
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  @Override
  public double promptTokens() {
    return prompt.isEmpty() ? Double.NaN : Math.ceil(prompt.length() / 4.0);
  }

  @Override
  public ByteBuffer body() {
    return ByteBuffer.wrap(prompt.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
  }
}
