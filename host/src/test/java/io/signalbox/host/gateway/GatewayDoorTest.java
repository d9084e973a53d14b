package io.signalbox.host.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.GatewayConfig;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long clients' connections are kept without a byte. */
final class GatewayDoorTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({"the defaults, 300000, 1000", "as short as may be, 1000, 10", "a day, 86400000, 10"})
  void aClientIsToldOfTheEnginesTimeoutBeforeItsOwn(
      String name, int idleMillis, int connectMillis) {
    var absent = GatewayConfig.DEFAULT;
    var idle = Duration.ofMillis(idleMillis);
    var connect = Duration.ofMillis(connectMillis);
    var config =
        new GatewayConfig(
            absent.listen(),
            absent.tls(),
            absent.maxBodyBytes(),
            absent.maxBufferedBytes(),
            absent.maxHeaderBytes(),
            connect,
            idle,
            absent.maxConnections(),
            absent.dialect(),
            absent.drain());
    // The last look before the engine has been silent for too long sees nothing of it.
    var noticed = idle.plus(idle.dividedBy(SilenceWatch.LOOKS_PER_LIMIT));
    var forRoom = idle;

    assertThat(GatewayDoor.longestSilence(config))
        .isGreaterThan(forRoom.plus(connect.multipliedBy(3)).plus(noticed))
        .isLessThan(Duration.ofMillis(Integer.MAX_VALUE));
  }
}
