package io.signalbox.strategies.pd;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.PairChoice.Pair;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.pd.Fleet.Prompt;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What holds in every fleet; each seed is the same every time. */
class PdRandomFleetsTest {
  /** Whatever the fleet, its loads and the parameters. */
  @Test
  void aPairNeverMixesRoleSets() {
    var random = new SplittableRandom(2026);
    int pairs = 0;
    for (int i = 0; i < 3_000; i++) {
      var pd = Fleet.create(new Outstanding(), randomParameters(random));
      var fleet = randomFleet(random);
      for (int request = 0; request < 5; request++) {
        var prompt = new Prompt(random.nextInt(200), 50);
        if (pd.pickPair(prompt, fleet) instanceof Pair(int prefill, int decode)) {
          assertThat(fleet.endpoint(prefill).labels())
              .containsEntry("role-name", "prefill")
              .containsEntry(
                  "roleset-name", fleet.endpoint(decode).labels().getOrDefault("roleset-name", ""));
          assertThat(fleet.endpoint(decode).labels()).containsEntry("role-name", "decode");
          pd.onReserved(prompt, fleet.endpoint(decode));
          pairs++;
        }
      }
    }

    assertThat(pairs).isGreaterThan(3_000);
  }

  private static Map<String, String> randomParameters(RandomGenerator random) {
    var prefill = List.of("prefix-cache", "least_request", "conductor");
    var decode = List.of("load_balancing", "least-request", "conductor");
    return Map.of(
        "prefill-policy",
        prefill.get(random.nextInt(3)),
        "decode-policy",
        decode.get(random.nextInt(3)),
        "prefill-spread",
        "" + random.nextInt(3),
        "decode-spread",
        "" + (1 + random.nextInt(20)),
        "prompt-buckets",
        random.nextBoolean() ? "on" : "off");
  }

  private static Fleet randomFleet(RandomGenerator random) {
    var roles = List.of("prefill", "decode", "decode", "prefill", "other");
    var fleet = new Fleet();
    for (int i = 1 + random.nextInt(16); i > 0; i--) {
      var _ =
          fleet.add(
              "e" + i,
              Map.of(
                  "roleset-name",
                  "s" + random.nextInt(4),
                  "role-name",
                  roles.get(random.nextInt(5)),
                  "combined",
                  "" + random.nextBoolean(),
                  "promptLenBucketMaxLength",
                  "" + random.nextInt(200)));
      for (var signal : Signal.values()) {
        if (random.nextInt(10) < 7) {
          fleet.with(signal, random.nextInt(4) * random.nextInt(10));
        }
      }
    }
    return fleet;
  }
}
