package io.signalbox.host.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
  @ParameterizedTest
  @EnumSource
  void theIdIsTheNameInKebabCase(Reason reason) {
    assertThat(reason.id().replace('-', '_')).isEqualToIgnoringCase(reason.name());
    assertThat(reason.id()).matches("[a-z]+(-[a-z]+)*");
  }

  @ParameterizedTest
  @EnumSource
  void theStatusIsAnErrorAndTheTypeFollowsIt(Reason reason) {
    var type =
        switch (reason.status()) {
          case 400, 401, 404, 405, 413, 431 -> "invalid_request_error";
          case 429 ->
              reason.code().equals("rate_limit_exceeded") ? "rate_limit_error" : "overloaded_error";
          case 503 -> "overloaded_error";
          case 500, 502, 504 -> "api_error";
          default -> "no status of ours: " + reason.status();
        };

    assertThat(reason.type(reason.status())).isEqualTo(type);
    assertThat(reason.code()).matches("[a-z]+(_[a-z]+)*");
  }

  @Test
  void idsAreUnique() {
    assertThat(Stream.of(Reason.values()).map(Reason::id)).doesNotHaveDuplicates();
  }
}
