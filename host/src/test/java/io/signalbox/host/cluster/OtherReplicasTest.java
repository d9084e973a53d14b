package io.signalbox.host.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.strategy.RecordException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OtherReplicasTest {
  private static final long START = Long.MAX_VALUE - 5;

  private final OtherReplicas others = new OtherReplicas();

  private static long after(long millis) {
    return START + Duration.ofMillis(millis).toNanos();
  }

  private void hear(String replica, Map<String, Integer> inFlight, long millis) {
    assertThat(others.hear(new InFlightRecord(replica, inFlight), after(millis))).isTrue();
  }

  @Test
  void whatAllHaveIsAdded() {
    hear("a", Map.of("x:1", 3, "y:1", 1), 0);
    hear("b", Map.of("x:1", 4), 0);

    assertThat(others.inFlight("x:1")).isEqualTo(7);
    assertThat(others.inFlight("y:1")).isEqualTo(1);
    assertThat(others.inFlight("z:1")).isZero();
    assertThat(others.size()).isEqualTo(2);
  }

  @Test
  void theLastWordCounts() {
    hear("a", Map.of("x:1", 3, "y:1", 1), 0);
    hear("a", Map.of("y:1", 2), 100);

    assertThat(others.inFlight("x:1")).isZero();
    assertThat(others.inFlight("y:1")).isEqualTo(2);
  }

  @Test
  void whoIsSilentIsForgottenWithinASecond() {
    hear("a", Map.of("x:1", 3), 0);
    hear("b", Map.of("x:1", 4), 500);

    others.forgetSilent(after(700));
    assertThat(others.inFlight("x:1")).isEqualTo(7);
    others.forgetSilent(after(800));
    assertThat(others.inFlight("x:1")).isEqualTo(4);
    others.forgetSilent(after(1300));
    assertThat(others.size()).isZero();
    assertThat(others.inFlight("x:1")).isZero();
  }

  @Test
  void thereIsAnEndToHowManyAreHeard() {
    for (int i = 0; i < OtherReplicas.MOST; i++) {
      hear("r" + i, Map.of("x:1", 1), 0);
    }

    assertThat(others.hear(new InFlightRecord("more", Map.of("x:1", 1)), after(0))).isFalse();
    assertThat(others.hear(new InFlightRecord("r0", Map.of("x:1", 2)), after(0))).isTrue();
    assertThat(others.inFlight("x:1")).isEqualTo(OtherReplicas.MOST + 1);
  }

  @Test
  void aRecordIsReadAsItIsWritten() {
    var said = new InFlightRecord("a", Map.of("10.0.0.1:8000", 3));

    assertThat(said.write().encode())
        .isEqualTo("{\"v\":1,\"replica\":\"a\",\"inFlight\":{\"10.0.0.1:8000\":3}}");
    assertThat(InFlightRecord.read(said.write())).isEqualTo(said);
  }

  /** Something that is no record, and what is said of it. */
  record Malformed(String name, @Nullable Object body, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static JsonObject record(Object inFlight) {
    return new JsonObject().put("v", 1).put("replica", "a").put("inFlight", inFlight);
  }

  static List<Malformed> malformed() {
    return List.of(
        new Malformed("nothing", null, "the record must be an object, not absent"),
        new Malformed("a text", "a", "the record must be an object, not a text"),
        new Malformed("no version", new JsonObject(), "v must be there"),
        new Malformed(
            "another version", record(new JsonObject()).put("v", 2), "v must be 1, not 2"),
        new Malformed("a list", record(new JsonArray()), "inFlight must be an object, not a list"),
        new Malformed(
            "a negative count",
            record(new JsonObject().put("x:1", -1)),
            "inFlight.x:1 must be an integer from 0 to 1000000, not -1.0"),
        new Malformed(
            "half a request",
            record(new JsonObject().put("x:1", 0.5)),
            "inFlight.x:1 must be an integer from 0 to 1000000, not 0.5"),
        new Malformed(
            "no replica",
            new JsonObject().put("v", 1).put("inFlight", new JsonObject()),
            "replica must be a text, not absent"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsNoRecordIsSaidToBeNone(Malformed row) {
    assertThatThrownBy(() -> InFlightRecord.read(row.body()))
        .isInstanceOf(RecordException.class)
        .hasMessage(row.problem());
  }
}
