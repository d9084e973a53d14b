package io.signalbox.host.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.strategy.RecordException;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignalRecordTest {
  private static JsonObject good() {
    return new JsonObject()
        .put("v", 1)
        .put("endpoint", "10.0.0.1:8000")
        .put("signal", "waiting")
        .put("value", 3)
        .put("at", 1_795_953_600_000L);
  }

  @Test
  void aRecordIsRead() {
    assertThat(SignalRecord.read(good()))
        .isEqualTo(
            new SignalRecord(
                "10.0.0.1:8000", Optional.empty(), Signal.WAITING, 3, 1795953600000.0));
    assertThat(SignalRecord.read(good().put("model", "m")).model()).contains("m");
    assertThat(SignalRecord.read(good().put("something", "new")).value()).isEqualTo(3);
  }

  @Test
  void whatIsPublishedIsReadTheSame() {
    var record = SignalRecord.read(good().put("model", "m"));

    assertThat(SignalRecord.read(record.json())).isEqualTo(record);
    assertThat(record.json()).isEqualTo(good().put("model", "m").put("value", 3.0));
  }

  record Bad(String name, Object record, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Bad> bad() {
    var signals =
        "busyRatio, cpuCacheUsage, decodeSecondsPerToken, kvCacheUsage, outputTokensPerSecond,"
            + " prefillSecondsPerToken, promptTokensPerSecond, queueSeconds, running, utilization,"
            + " waiting";
    return List.of(
        new Bad("a text", "waiting 3", "the record must be an object, not a text"),
        new Bad("no version", without("v"), "v must be there"),
        new Bad("another version", good().put("v", 2), "v must be 1, not 2"),
        new Bad("no endpoint", without("endpoint"), "endpoint must be a text, not absent"),
        new Bad(
            "an endpoint of numbers",
            good().put("endpoint", 1),
            "endpoint must be a text, not the number 1"),
        new Bad(
            "a model of numbers", good().put("model", 1), "model must be a text, not the number 1"),
        new Bad("no signal", without("signal"), "signal must be a text, not absent"),
        new Bad(
            "a misspelt signal",
            good().put("signal", "Waiting"),
            "signal must be one of " + signals),
        new Bad(
            "a signal of ours",
            good().put("signal", "inFlight"),
            "signal must be one of " + signals),
        new Bad("no value", without("value"), "value must be a number, not absent"),
        new Bad("null", good().putNull("value"), "value must be a number, not absent"),
        new Bad("a value as text", good().put("value", "3"), "value must be a number, not a text"),
        new Bad(
            "below zero",
            good().put("value", -1),
            "value must be at least 0 and finite for waiting, not -1.0"),
        new Bad(
            "not finite",
            good().put("value", Double.NaN),
            "value must be at least 0 and finite for waiting, not NaN"),
        new Bad(
            "a percentage",
            good().put("signal", "kvCacheUsage").put("value", 57),
            "value must be from 0 to 1 for kvCacheUsage, not 57.0"),
        new Bad("no time", without("at"), "at must be a number, not absent"));
  }

  private static JsonObject without(String member) {
    var record = good();
    record.remove(member);
    return record;
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatIsWrongIsSaid(Bad row) {
    assertThatExceptionOfType(RecordException.class)
        .isThrownBy(() -> SignalRecord.read(row.record()))
        .withMessage(row.problem());
  }
}
