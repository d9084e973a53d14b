package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
  record Row(String text, HostAndPort parts) {
    @Override
    public String toString() {
      return text;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("10.0.0.1:80", new HostAndPort("10.0.0.1", 80)),
        new Row("10.0.0.1", new HostAndPort("10.0.0.1", 8000)),
        new Row("vllm-0.vllm:65535", new HostAndPort("vllm-0.vllm", 65_535)),
        new Row("under_score:1", new HostAndPort("under_score", 1)),
        new Row("a:00080", new HostAndPort("a", 80)),
        new Row("[::1]:8001", new HostAndPort("::1", 8001)),
        new Row("[fd00::10.0.0.1]", new HostAndPort("fd00::10.0.0.1", 8000)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void reads(Row row) {
    assertThat(HostAndPort.parse(row.text(), 8000)).contains(row.parts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a:",
        "a:0",
        "a:65536",
        "a:99999",
        "a:100000",
        "a:-1",
        "a:8x",
        "a:80:90",
        "::1",
        "[::1",
        "[]:80",
        "[host]:80",
        "a b:80",
        " a:80",
        "http://a:80",
        "a:80/v1",
        "a:\u0668"
      })
  void refuses(String text) {
    assertThat(HostAndPort.parse(text, 8000)).isEmpty();
  }
}
