package io.signalbox.host.strategy;

import io.signalbox.sdk.Parameter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** Questions for tests, as their records say them. */
final class Questions {
  static final Duration DEADLINE = Duration.ofMillis(7);

  static final List<Parameter> DECLARED =
      List.of(
          new Parameter.Numeric("limit", 4, 0, 100, "", ""),
          new Parameter.Text("label", "none", ""));

  private Questions() {}

  /** Two endpoints; every member is there. */
  static JsonObject full() {
    return new JsonObject(
        """
        {"v": 1,
         "request": {"model": "m", "user": "u", "stream": true, "headers": {"x-team": "red"},
                     "promptTokens": 12.5, "sessionId": "s"},
         "endpoints": [{"address": "10.0.0.1:8000", "model": "m", "labels": {"spot": "true"}},
                       {"address": "[2001:db8::1]:80", "model": "m"}],
         "columns": {"waiting": [3, null], "inFlight": [1.5, 0]},
         "params": {"limit": 7, "label": "gold"},
         "deadlineMillis": 2.5}
        """);
  }

  /** So many endpoints; only what must be there. */
  static JsonObject small(int endpoints) {
    var list = new JsonArray();
    for (int i = 0; i < endpoints; i++) {
      list.add(new JsonObject().put("address", "10.0.0.1:" + (8000 + i)).put("model", "m"));
    }
    return new JsonObject()
        .put("v", 1)
        .put("request", new JsonObject().put("model", "m"))
        .put("endpoints", list);
  }

  static StageQuestion read(JsonObject record) {
    return QuestionRecord.read(record, DECLARED, DEADLINE);
  }
}
