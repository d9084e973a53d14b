package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.signalbox.sdk.Signal;
import io.signalbox.strategies.Columns.Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionAffinityTest {
  private static final String KEY_HEADER = "x-aibrix-session-key";
  private static final String SECRET = "a secret of many characters";
  private static final Map<String, String> SIGNED = Map.of("format", "signed", "key", SECRET);
  private static final int KEYS = 40_000;

  private static SessionAffinity create(Map<String, String> parameters) {
    return (SessionAffinity) Columns.create(SessionAffinity.factory(), parameters);
  }

  /** Endpoints 10.0.0.1 and so on, at port 8000, idle. */
  private static Columns neighbours(int count) {
    var endpoints =
        IntStream.rangeClosed(1, count).mapToObj(i -> new Address("10.0.0." + i, 8000)).toList();
    return new Columns(endpoints, new EnumMap<>(Signal.class))
        .with(Signal.IN_FLIGHT, new double[count]);
  }

  private static List<Integer> kept(SessionAffinity filter, Requests request, Columns candidates) {
    var keep = new boolean[candidates.size()];
    filter.filter(request, candidates, keep);
    return IntStream.range(0, keep.length).filter(i -> keep[i]).boxed().toList();
  }

  private static Requests id(String id) {
    return Requests.of("m").header("x-session-id", id);
  }

  private static Requests key(String key) {
    return Requests.of("m").header(KEY_HEADER, key);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  record Row(String name, Requests request, List<Integer> kept) {
    Row(String name, Requests request, Integer... kept) {
      this(name, request, List.of(kept));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    int ofKey = kept(create(Map.of()), key("agent-42"), neighbours(3)).getFirst();
    int other = ofKey == 0 ? 1 : 0;
    var named = base64("10.0.0." + (other + 1) + ":8000");
    return List.of(
        new Row("an id names its endpoint", id(base64("10.0.0.2:8000")), 1),
        new Row("an id goes before a key", key("agent-42").header("x-session-id", named), other),
        new Row("an endpoint that is gone", id(base64("10.0.0.9:8000")), 0, 1, 2),
        new Row("another port", id(base64("10.0.0.2:8001")), 0, 1, 2),
        new Row("not base64", id("%%%"), 0, 1, 2),
        new Row("base64 of something else", id(base64("hello")), 0, 1, 2),
        new Row(
            "base64 without its padding", id(base64("10.0.0.2:8000").replace("=", "")), 0, 1, 2),
        new Row("an empty id", id(""), 0, 1, 2),
        new Row(
            "an id that names nobody, and a key",
            key("agent-42").header("x-session-id", base64("10.0.0.9:8000")),
            ofKey),
        new Row("a key", key("agent-42"), ofKey),
        new Row("an empty key", key(""), 0, 1, 2),
        new Row("a key of 257 bytes", key("é".repeat(128) + "x"), 0, 1, 2),
        new Row("a key of 257 characters", key("x".repeat(257)), 0, 1, 2),
        new Row("neither", Requests.of("m"), 0, 1, 2));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whoStays(Row row) {
    assertThat(kept(create(Map.of()), row.request(), neighbours(3))).isEqualTo(row.kept());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é"})
  void aKeyMayHave256Bytes(String character) {
    int bytes = character.getBytes(StandardCharsets.UTF_8).length;

    assertThat(kept(create(Map.of()), key(character.repeat(256 / bytes)), neighbours(3)))
        .hasSize(1);
  }

  @Test
  void theKeyMayBeInAnotherHeader() {
    var filter = create(Map.of("header", "X-Conversation"));

    assertThat(kept(filter, key("agent-42"), neighbours(3))).hasSize(3);
    assertThat(kept(filter, Requests.of("m").header("x-conversation", "agent-42"), neighbours(3)))
        .isEqualTo(kept(create(Map.of()), key("agent-42"), neighbours(3)));
  }

  private static String issued(SessionAffinity filter, Address endpoint) {
    var headers = new HashMap<String, String>();
    filter.responseHeaders(Requests.of("m"), endpoint, headers::put);
    assertThat(headers).containsOnlyKeys("x-session-id");
    return headers.getOrDefault("x-session-id", "");
  }

  @Test
  void theAnswerNamesTheEndpointFinallyChosen() {
    assertThat(issued(create(Map.of()), new Address("10.0.0.2", 8000)))
        .isEqualTo("MTAuMC4wLjI6ODAwMA==");
  }

  @Test
  void aSignedIdTellsNothingAndIsUnderstoodByEveryRouter() {
    var candidates = neighbours(3);
    for (int i = 0; i < 3; i++) {
      var id = issued(create(SIGNED), (Address) candidates.endpoint(i));

      assertThat(id).matches("[A-Za-z0-9_-]{22}");
      assertThat(kept(create(SIGNED), id(id), candidates)).containsExactly(i);
      assertThat(kept(create(Map.of()), id(id), candidates)).hasSize(3);
    }
  }

  @Test
  void withSignedIdsNobodyElseCanNameAnEndpoint() {
    var otherSecret = create(Map.of("format", "signed", "key", SECRET + "."));
    var forged = issued(otherSecret, new Address("10.0.0.1", 8000));

    assertThat(kept(create(SIGNED), id(forged), neighbours(3))).hasSize(3);
    assertThat(kept(create(SIGNED), id(base64("10.0.0.1:8000")), neighbours(3))).hasSize(3);
  }

  record Wrong(Map<String, String> parameters, String message) {}

  static List<Wrong> wrong() {
    return List.of(
        new Wrong(Map.of("format", "signed"), "needs a \"key\" of at least 16 characters"),
        new Wrong(Map.of("format", "signed", "key", "hunter2"), "at least 16 characters"),
        new Wrong(Map.of("format", "jwt"), "must be aibrix or signed, not \"jwt\""),
        new Wrong(Map.of("key", SECRET), "is for format=signed"),
        new Wrong(Map.of("load-cap", "0.5"), "must be 0 or at least 1, not 0.5"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aMistakeIsNamedButNeverTheKey(Wrong wrong) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> create(wrong.parameters()))
        .withMessageContaining(wrong.message())
        .satisfies(e ->
            assertThat(e.getMessage()).doesNotContain(wrong.parameters().getOrDefault("key", "?")));
  }

  @Test
  void keysSpreadWithinFivePercent() {
    var counts = new int[8];
    var filter = create(Map.of());
    var candidates = neighbours(8);
    for (int i = 0; i < KEYS; i++) {
      counts[kept(filter, key("session-" + i), candidates).getFirst()]++;
    }

    assertThat(Arrays.stream(counts).boxed()).allMatch(n -> Math.abs(n * 8.0 / KEYS - 1) < 0.05);
  }

  @Test
  void ofEightEndpointsANinthTakesANinthAndNothingElseMoves() {
    var filter = create(Map.of());
    var eight = neighbours(8);
    var nine = neighbours(9);
    int moved = 0;
    for (int i = 0; i < KEYS; i++) {
      int before = kept(filter, key("session-" + i), eight).getFirst();
      int after = kept(filter, key("session-" + i), nine).getFirst();
      if (after != before) {
        assertThat(after).isEqualTo(8);
        moved++;
      }
    }

    assertThat(moved * 9.0 / KEYS).isBetween(0.95, 1.05);
  }

  @Test
  void idsSurviveScaling() {
    assertThat(kept(create(Map.of()), id(base64("10.0.0.3:8000")), neighbours(9)))
        .containsExactly(2);
  }

  @Test
  void aBusyEndpointIsLeftToTheNextInTheOrder() {
    var filter = create(Map.of("load-cap", "1.25"));
    var idle = neighbours(4);
    int first = kept(filter, key("hot"), idle).getFirst();
    var loads = new double[4];
    var loaded = idle.with(Signal.IN_FLIGHT, loads);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 40; i++) {
      int chosen = kept(filter, key("hot"), loaded).getFirst();
      loads[chosen]++;
      if (!order.contains(chosen)) {
        order.add(chosen);
      }
      assertThat(loads[chosen]).isLessThanOrEqualTo(Math.ceil(1.25 * (i + 1) / 4));
    }

    assertThat(order.getFirst()).isEqualTo(first);
    assertThat(order).hasSize(4);
  }

  @Test
  void aBusyEndpointIsLeftByTheSessionsItsIdsName() {
    var filter = create(Map.of("load-cap", "2"));
    var id = id(base64("10.0.0.2:8000"));

    assertThat(kept(filter, id, neighbours(3).with(Signal.IN_FLIGHT, new double[] {2, 3, 4})))
        .containsExactly(1);
    assertThat(kept(filter, id, neighbours(3).with(Signal.IN_FLIGHT, new double[] {0, 9, 0})))
        .hasSize(1)
        .doesNotContain(1);
    assertThat(
            kept(
                create(Map.of()), id, neighbours(3).with(Signal.IN_FLIGHT, new double[] {0, 9, 0})))
        .containsExactly(1);
  }
}
