package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.host.request.EndpointSubset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyMetadataTest {
  record Row(String name, Value hint, Set<String> addresses, Set<String> hosts) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value list(String... texts) {
    var list = ListValue.newBuilder();
    for (var text : texts) {
      list.addValues(text(text));
    }
    return Value.newBuilder().setListValue(list).build();
  }

  /** Every form met in practice. */
  static List<Row> rows() {
    return List.of(
        new Row(
            "a list",
            list("10.0.0.1:8000", "10.0.0.2:8000"),
            Set.of("10.0.0.1:8000", "10.0.0.2:8000"),
            Set.of()),
        new Row("a text", text("10.0.0.1:8000"), Set.of("10.0.0.1:8000"), Set.of()),
        new Row(
            "a text with commas",
            text("10.0.0.1:8000, 10.0.0.2"),
            Set.of("10.0.0.1:8000"),
            Set.of("10.0.0.2")),
        new Row("without ports", list("10.0.0.1"), Set.of(), Set.of("10.0.0.1")),
        new Row(
            "IPv6",
            list("[2600::1]:80", "[2600::2]", "2600::3"),
            Set.of("[2600::1]:80"),
            Set.of("2600::2", "2600::3")),
        new Row("an empty list", list(), Set.of(), Set.of()),
        new Row("an empty text", text(""), Set.of(), Set.of()),
        new Row("what is none of it", list("", "a:b:c]", "["), Set.of(), Set.of()),
        new Row("a number", Value.newBuilder().setNumberValue(1).build(), Set.of(), Set.of()));
  }

  private static Metadata metadata(String namespace, String key, Value value) {
    return Metadata.newBuilder()
        .putFilterMetadata(namespace, Struct.newBuilder().putFields(key, value).build())
        .build();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aSubsetHintIsReadInEveryForm(Row row) {
    var hint =
        metadata("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", row.hint());
    assertThat(ProxyMetadata.subset(hint))
        .contains(new EndpointSubset(row.addresses(), row.hosts()));
  }

  @Test
  void withoutAHintAllAreAllowed() {
    assertThat(ProxyMetadata.subset(Metadata.getDefaultInstance())).isEmpty();
    assertThat(ProxyMetadata.subset(metadata("envoy.lb.subset_hint", "other", text("10.0.0.1"))))
        .isEmpty();
  }

  @Test
  void theEndpointThatServedIsRead() {
    var served =
        metadata("envoy.lb", "x-gateway-destination-endpoint-served", text("10.0.0.1:8000"));
    assertThat(ProxyMetadata.served(served)).contains("10.0.0.1:8000");
    assertThat(ProxyMetadata.served(Metadata.getDefaultInstance())).isEmpty();
  }
}
