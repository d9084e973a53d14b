package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.RunningHost.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model with profiles, at the gateway and behind a real Envoy. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
class ProfilesIT {
  private static final String PROFILES =
      """
      , default-profile: chat, profiles: {
        chat: {strategy: "least-request, round-robin", parameters: {least-request: {band: 2}}},
        brief: {strategy: round-robin, max-tokens-from: 1, max-tokens-below: 10}}}]
      """;

  private final Engines engines = Engines.start(2);
  private final RunningHost host =
      RunningHost.start(
          Ports.free(), RunningHost.models(engines.addresses()).replace("}]", PROFILES.strip()));
  private final EnvoyProcess envoy =
      EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc());

  ProfilesIT() throws Exception {}

  @AfterAll
  void stop() {
    envoy.close();
    host.close();
    engines.close();
  }

  private Client client(String door) {
    return door.equals("gateway") ? host.gateway() : new Client(envoy.port());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gateway  | chat | chat  | least-request;band=2,round-robin |
          gateway  | nope | chat  | least-request;band=2,round-robin |
          gateway  | auto | brief | round-robin                      | brief
          ext-proc | chat | chat  | least-request;band=2,round-robin |
          ext-proc | nope | chat  | least-request;band=2,round-robin |
          ext-proc | auto | brief | round-robin                      | brief
          """)
  void aRequestNamesItsProfile(
      String door, String asked, String profile, String chain, String chosen) {
    var labels =
        "{door=\"%s\",model=\"%s\",profile=\"%s\"}".formatted(door, RunningHost.MODEL, profile);
    double before = host.meter("signalbox_profile_decisions_total", labels);

    var answer =
        client(door)
            .chat(Bodies.chat("hi", 4), "config-profile", asked, "x-signalbox-explain", "1");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Answers.header(answer, "routing-strategy")).isEqualTo(chain);
    assertThat(Answers.header(answer, "x-signalbox-explanation"))
        .startsWith("profile " + profile + ": ");
    assertThat(answer.headers().firstValue("x-aibrix-config-profile").orElse(null))
        .isEqualTo(chosen);
    assertThat(host.meter("signalbox_profile_decisions_total", labels)).isEqualTo(before + 1);
  }

  @Test
  void aChainThatARequestNamesIsNoProfiles() {
    var answer =
        host.gateway().chat(Bodies.HELLO, "routing-strategy", "random", "x-signalbox-explain", "1");

    assertThat(Answers.header(answer, "x-signalbox-explanation")).startsWith("random ");
  }
}
