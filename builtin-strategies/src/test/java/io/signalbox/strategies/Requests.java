package io.signalbox.strategies;

import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as a test writes it down. */
record Requests(
    String model,
    @Nullable String user,
    Map<String, String> headers,
    double promptTokens,
    double expectedOutputTokens)
    implements RouteRequest {
  /** One of which nothing else is known. */
  static Requests of(String model) {
    return new Requests(model, null, Map.of(), Double.NaN, Double.NaN);
  }

  Requests user(String name) {
    return new Requests(model, name, headers, promptTokens, expectedOutputTokens);
  }

  Requests header(String name, String value) {
    var more = new TreeMap<>(headers);
    more.put(name, value);
    return new Requests(model, user, more, promptTokens, expectedOutputTokens);
  }

  Requests promptTokens(double tokens) {
    return new Requests(model, user, headers, tokens, expectedOutputTokens);
  }

  Requests expectedOutputTokens(double tokens) {
    return new Requests(model, user, headers, promptTokens, tokens);
  }

  @Override
  public boolean stream() {
    return false;
  }

  @Override
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  @Override
  public String prompt() {
    return "";
  }

  @Override
  public ByteBuffer body() {
    return ByteBuffer.allocate(0);
  }
}
