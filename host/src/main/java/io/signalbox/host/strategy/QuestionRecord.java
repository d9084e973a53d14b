package io.signalbox.host.strategy;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.ParameterException;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The question of a stage, as the event bus carries it: {@code {v, request, endpoints, columns,
 * params, deadlineMillis}}. Unknown values of a column are null; the prompt and the body are not
 * told.
 */
public final class QuestionRecord {
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double LONGEST_MILLIS = StageRecord.LONGEST_DEADLINE.toMillis();

  private QuestionRecord() {}

  /**
   * The record of a question. Reads the prompt, to say how long it is.
   *
   * @param columns the signals to tell
   */
  static JsonObject write(StageQuestion question, Set<Signal> columns) {
    var candidates = question.candidates();
    var endpoints = new JsonArray(new ArrayList<>(candidates.size()));
    for (int i = 0; i < candidates.size(); i++) {
      var endpoint = candidates.endpoint(i);
      var json = new JsonObject().put("address", endpoint.address()).put("model", endpoint.model());
      if (!endpoint.labels().isEmpty()) {
        json.put("labels", object(endpoint.labels()));
      }
      endpoints.add(json);
    }
    var values = new JsonObject();
    for (var signal : columns) {
      values.put(signal.id(), column(candidates.column(signal), candidates.size()));
    }
    return new JsonObject()
        .put("v", RecordFields.VERSION)
        .put("request", request(question.request()))
        .put("endpoints", endpoints)
        .put("columns", values)
        .put("params", object(question.parameters().values()))
        .put("deadlineMillis", question.deadline().toNanos() / NANOS_PER_MILLI);
  }

  private static JsonObject request(RouteRequest request) {
    var json =
        new JsonObject()
            .put("model", request.model())
            .put("stream", request.stream())
            .put("headers", object(request.headers()));
    if (request.user() != null) {
      json.put("user", request.user());
    }
    if (request.sessionId() != null) {
      json.put("sessionId", request.sessionId());
    }
    double tokens = request.promptTokens();
    if (Double.isFinite(tokens)) {
      json.put("promptTokens", tokens);
    }
    return json;
  }

  private static JsonObject object(Map<String, ?> members) {
    return new JsonObject(new LinkedHashMap<>(members));
  }

  static JsonArray column(double[] values, int size) {
    var column = new JsonArray(new ArrayList<>(size));
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(values[i])) {
        column.add(values[i]);
      } else {
        column.addNull();
      }
    }
    return column;
  }

  /**
   * Reads a record.
   *
   * @param declared the parameters of the strategy that is asked
   * @param deadline where the record names none
   * @throws RecordException when it is none, or its parameters cannot be used
   */
  static StageQuestion read(@Nullable Object body, List<Parameter> declared, Duration deadline) {
    var fields = RecordFields.of(body);
    return new StageQuestion(
        RecordedRequest.read(fields.object("request")),
        RecordedCandidates.read(fields),
        parameters(fields, declared),
        fields.number("deadlineMillis").map(millis -> deadline(fields, millis)).orElse(deadline));
  }

  private static Parameters parameters(RecordFields fields, List<Parameter> declared) {
    if (!fields.has("params")) {
      return Parameters.of(declared, Map.of());
    }
    var members = fields.object("params");
    var texts = new LinkedHashMap<String, String>();
    for (var name : members.json().fieldNames()) {
      if (members.has(name)) {
        texts.put(name, parameter(members, name));
      }
    }
    try {
      return Parameters.of(declared, texts);
    } catch (ParameterException e) {
      throw new RecordException("params:", String.valueOf(e.getMessage()));
    }
  }

  private static String parameter(RecordFields members, String name) {
    return switch (members.json().getValue(name)) {
      case String text -> text;
      case Number number -> number.toString();
      case Boolean flag -> flag.toString();
      case Object value -> throw members.wrongKind(name, "a text, a number, true or false", value);
    };
  }

  private static Duration deadline(RecordFields fields, double millis) {
    if (!(millis > 0 && millis <= LONGEST_MILLIS)) {
      throw fields.wrong(
          "deadlineMillis",
          "must be more than 0 and at most " + LONGEST_MILLIS + ", not " + millis);
    }
    return Duration.ofNanos(Math.max(1, (long) (millis * NANOS_PER_MILLI)));
  }
}
