package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentLengthTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "absent",
      textBlock =
          """
          absent,              0
          '',                  0
          0,                   0
          4096,                4096
          999999999999999999,  999999999999999999
          1000000000000000000, 9223372036854775807
          -1,                  0
          +1,                  0
          ' 1',                0
          0x10,                0
          """)
  void announces(@Nullable String value, long bytes) {
    assertThat(ContentLength.announced(value)).isEqualTo(bytes);
  }
}
