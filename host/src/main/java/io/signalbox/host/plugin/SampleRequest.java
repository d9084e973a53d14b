package io.signalbox.host.plugin;

import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The request on which plugins are tried. */
record SampleRequest() implements RouteRequest {
  static final String MODEL = "sample-model";
  private static final String PROMPT = "Hello";
  private static final String BODY =
      "{\"model\":\"" + MODEL + "\",\"user\":\"sample\",\"prompt\":\"" + PROMPT + "\"}";
  private static final Map<String, String> HEADERS = Map.of("content-type", "application/json");

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public @Nullable String user() {
    return "sample";
  }

  @Override
  public boolean stream() {
    return false;
  }

  @Override
  public @Nullable String header(String name) {
    return HEADERS.get(name);
  }

  @Override
  public Map<String, String> headers() {
    return HEADERS;
  }

  @Override
  public String prompt() {
    return PROMPT;
  }

  @Override
  public double promptTokens() {
    return 2;
  }

  @Override
  public ByteBuffer body() {
    return ByteBuffer.wrap(BODY.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
  }
}
