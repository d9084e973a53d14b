package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  @Test
  void anIdIs32HexadecimalDigits() {
    var ids = new RequestIds(new SplittableRandom(1));

    assertThat(Stream.generate(ids::next).limit(1_000))
        .allMatch(id -> id.matches("[0-9a-f]{32}"))
        .doesNotHaveDuplicates();
  }

  @Test
  void leadingZerosStay() {
    assertThat(new RequestIds(() -> 1).next()).isEqualTo("00000000000000010000000000000001");
  }
}
