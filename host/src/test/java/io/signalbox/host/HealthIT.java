package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Endpoints that fail are left alone for a while, and come back, at both doors. */
@ExtendWith(BlockedLoops.class)
class HealthIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PAGE = "vllm:num_requests_waiting 0\n";

  private final PageEngine good = new PageEngine().page(PAGE);
  private final PageEngine bad = new PageEngine().page(PAGE);

  private RunningHost host(String health) {
    return RunningHost.start(
        RunningHost.Ports.free(),
        RunningHost.models(List.of(good.address(), bad.address()))
            + "\nrouting: {default: round-robin}\nhealth: {"
            + health
            + "}");
  }

  private static int statusOfOne(RunningHost host) {
    return host.gateway().chat(Bodies.HELLO).statusCode();
  }

  @Test
  void whoFailsIsEjectedAndComesBackByOneThatWorks() throws Exception {
    try (good;
        bad;
        var host = host("consecutive-failures: 3, ejection-time: 1s")) {
      var endpoints = new EndpointsPage(host);
      bad.status(500);
      Eventually.until(
          PATIENCE,
          () -> {
            var _ = statusOfOne(host);
            return "ejected".equals(endpoints.availability(bad.address()));
          },
          "it is not ejected");
      int answered = bad.answers();
      for (int i = 0; i < 10; i++) {
        assertThat(statusOfOne(host)).isEqualTo(200);
      }
      assertThat(bad.answers()).isEqualTo(answered);
      assertThat(host.meter("signalbox_ejections_total", "")).isEqualTo(1);

      // Half open: it is asked once, fails, and is ejected for twice as long.
      Eventually.until(
          PATIENCE,
          () -> {
            var _ = statusOfOne(host);
            return host.meter("signalbox_ejections_total", "") == 2;
          },
          "it is not tried");
      assertThat(bad.answers()).isEqualTo(answered + 1);

      bad.status(200);
      Eventually.until(
          PATIENCE,
          () -> {
            assertThat(statusOfOne(host)).isEqualTo(200);
            return "ready".equals(endpoints.availability(bad.address()));
          },
          "it does not come back");
      Eventually.until(
          PATIENCE,
          () -> {
            assertThat(statusOfOne(host)).isEqualTo(200);
            return bad.answers() > answered + 5;
          },
          "it is sent nothing");
    }
  }

  @Test
  void behindEnvoyTheStatusTells() throws Exception {
    try (good;
        bad;
        var host = host("consecutive-failures: 3, ejection-time: 1h");
        var client = new ExtProcClient(host.ports().extProc())) {
      var endpoints = new EndpointsPage(host);
      Eventually.until(
          PATIENCE,
          () -> {
            exchange(client);
            return "ejected".equals(endpoints.availability(bad.address()));
          },
          "it is not ejected");
      assertThat(endpoints.availability(good.address())).isEqualTo("ready");
    }
  }

  /** One exchange in which the bad engine gives no answer, so that the proxy answers itself. */
  private void exchange(ExtProcClient client) throws Exception {
    var stream = client.open();
    var _ = stream.ask(ExtProcClient.headers("POST", Client.CHAT));
    var route = stream.ask(ExtProcClient.body(Bodies.HELLO));
    boolean toBad = route.toString().contains(bad.address());
    var _ = stream.ask(responseHeaders(toBad ? "503" : "200"));
    stream.end();
  }

  private static ProcessingRequest responseHeaders(String status) {
    return ExtProcClient.responseHeaders(":status", status);
  }

  @Test
  void checksFindWhoIsNotWell() throws Exception {
    bad.health(503);
    try (good;
        bad;
        var host =
            host(
                "check: {path: /health, interval: 50ms, timeout: 1s, failures: 2, successes: 3}")) {
      var endpoints = new EndpointsPage(host);
      endpoints.awaitAvailability(bad.address(), "unhealthy");
      for (int i = 0; i < 6; i++) {
        assertThat(statusOfOne(host)).isEqualTo(200);
      }
      assertThat(bad.answers()).isZero();
      assertThat(host.meter("signalbox_failed_health_checks_total", "")).isPositive();

      bad.health(204);
      endpoints.awaitAvailability(bad.address(), "ready");
    }
  }
}
