package io.signalbox.host.strategy;

import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as a question's record tells of it: without the prompt and the body. */
record RecordedRequest(
    String model,
    @Nullable String user,
    boolean stream,
    Map<String, String> headers,
    double promptTokens,
    @Nullable String sessionId)
    implements RouteRequest {
  RecordedRequest {
    headers = Map.copyOf(headers);
  }

  static RecordedRequest read(RecordFields fields) {
    var model = fields.requiredText("model");
    if (model.isEmpty()) {
      throw fields.wrong("model", "must not be empty");
    }
    return new RecordedRequest(
        model,
        fields.text("user").orElse(null),
        fields.flag("stream"),
        fields.texts("headers"),
        fields.number("promptTokens").orElse(Double.NaN),
        fields.text("sessionId").orElse(null));
  }

  /** All values of a repeated one: the record does not tell them apart. */
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
    return ByteBuffer.allocate(0).asReadOnlyBuffer();
  }
}
