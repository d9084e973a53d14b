package io.signalbox.host.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelsTest {
  private static ModelConfig model(String name, String engine, String... ips) {
    return new ModelConfig(
        name, engine, Stream.of(ips).map(ip -> new EndpointAddress(ip, ip, 8000)).toList());
  }

  record Row(
      String name, List<ModelConfig> configured, List<ModelConfig> found, List<ModelConfig> both) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    var m = model("m", "auto", "10.0.0.1");
    return List.of(
        new Row("nothing is found", List.of(m), List.of(), List.of(m)),
        new Row(
            "endpoints are added",
            List.of(m),
            List.of(model("m", "auto", "10.0.0.2")),
            List.of(model("m", "auto", "10.0.0.1", "10.0.0.2"))),
        new Row("an address counts once", List.of(m), List.of(m), List.of(m)),
        new Row(
            "a model is added",
            List.of(m),
            List.of(model("n", "sglang", "10.0.0.2")),
            List.of(m, model("n", "sglang", "10.0.0.2"))),
        new Row(
            "an engine that is not configured is the one found",
            List.of(m),
            List.of(model("m", "tgi", "10.0.0.2")),
            List.of(model("m", "tgi", "10.0.0.1", "10.0.0.2"))),
        new Row(
            "a configured engine stays",
            List.of(model("m", "vllm")),
            List.of(model("m", "tgi", "10.0.0.2")),
            List.of(model("m", "vllm", "10.0.0.2"))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsFoundIsAdded(Row row) {
    assertThat(Models.with(row.configured(), row.found())).isEqualTo(row.both());
  }

  @Test
  void whoNamesAnAddressFirstSaysItsLabels() {
    var labelled =
        new ModelConfig(
            "m",
            "auto",
            List.of(new EndpointAddress("a", "10.0.0.1", 8000, Map.of("spot", "true"))));

    assertThat(Models.with(List.of(labelled), List.of(model("m", "auto", "10.0.0.1"))))
        .containsExactly(labelled);
  }
}
