package io.signalbox.strategies.pd;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.strategies.pd.Fleet.Prompt;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How many prefills are outstanding, and until when. */
class PdPrefillsTest {
  private static final RouteRequest REQUEST = new Prompt(100, 50);

  /** An end of a request, or of its prefill. */
  record End(String name, How how) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Tells of it. */
  interface How {
    void tell(Pd pd, RouteRequest request, Endpoint decode);
  }

  static List<End> ends() {
    return List.of(
        new End("prefilled", Pd::onPrefilled),
        new End("first token", (pd, request, decode) -> pd.onFirstToken(request, decode, 1)),
        new End(
            "completed",
            (pd, request, decode) ->
                pd.onCompleted(request, decode, new Completion(200, 1, 100, 50))),
        new End("failed", Pd::onFailed),
        new End("cancelled", Pd::onCancelled));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aPrefillIsOutstandingUntilItsEnd(End end) {
    var outstanding = new Outstanding();
    var pd = Fleet.create(outstanding, Map.of());
    var fleet = new Fleet().add("p", "a", "prefill").add("d", "a", "decode");
    var request = new Prompt(10, 10);
    var _ = pd.pickPair(request, fleet);
    pd.onReserved(request, fleet.endpoint("d"));

    assertThat(outstanding.at(fleet.endpoint("p"))).isOne();

    end.how().tell(pd, request, fleet.endpoint("d"));
    pd.onCompleted(request, fleet.endpoint("d"), new Completion(200, 1, 100, 50));

    assertThat(outstanding.endpoints()).isZero();
  }

  @Test
  void whatAnotherStageChoseIsNoPrefill() {
    var outstanding = new Outstanding();
    var pd = Fleet.create(outstanding, Map.of());
    var fleet = new Fleet().add("p", "a", "prefill").add("d", "a", "decode");
    var _ = pd.pickPair(REQUEST, fleet);
    pd.onReserved(REQUEST, fleet.endpoint("p"));
    pd.onReserved(REQUEST, fleet.endpoint("d"));

    assertThat(outstanding.endpoints()).isZero();
  }

  /** Without data a burst spreads over the prefill endpoints, evenly. */
  @Test
  void aBurstSpreadsOverPrefills() {
    var outstanding = new Outstanding();
    var pd = Fleet.create(outstanding, Map.of());
    var fleet =
        new Fleet()
            .add("p1", "a", "prefill")
            .add("p2", "a", "prefill")
            .add("p3", "a", "prefill")
            .add("d", "a", "decode");
    for (int i = 0; i < 30; i++) {
      // Each is a request of its own, though equal to the others.
      var request = new Prompt(100, 50);
      var _ = pd.pickPair(request, fleet);
      pd.onReserved(request, fleet.endpoint("d"));
    }

    assertThat(List.of("p1", "p2", "p3"))
        .allSatisfy(name -> assertThat(outstanding.at(fleet.endpoint(name))).isEqualTo(10));
  }
}
