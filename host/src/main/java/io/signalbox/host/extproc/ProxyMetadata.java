package io.signalbox.host.extproc;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.host.request.EndpointSubset;
import io.signalbox.host.request.SteeringHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a proxy says about endpoints in the metadata of an exchange. */
final class ProxyMetadata {
  private static final String SUBSET_HINT = "envoy.lb.subset_hint";
  private static final String LOAD_BALANCER = "envoy.lb";

  /** {@code ip}, {@code ip:port}, {@code ipv6}, {@code [ipv6]} or {@code [ipv6]:port}. */
  private static final Pattern ENDPOINT =
      Pattern.compile(
          "\\[([0-9a-fA-F:.]+)](?::(\\d+))?|([^:\\[\\]]+)(?::(\\d+))?|([0-9a-fA-F:.]+)");

  private ProxyMetadata() {}

  /**
   * The only endpoints the proxy allows; empty where it allows all. A hint of another shape than
   * proxies send allows none.
   */
  static Optional<EndpointSubset> subset(Metadata metadata) {
    var hint = field(metadata, SUBSET_HINT, SteeringHeaders.SUBSET);
    return hint == null ? Optional.empty() : Optional.of(subset(texts(hint)));
  }

  /** A list of texts, or one text with commas. */
  private static List<String> texts(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> List.of(value.getStringValue().split(",", -1));
      case LIST_VALUE ->
          value.getListValue().getValuesList().stream()
              .flatMap(one -> texts(one).stream())
              .toList();
      case NULL_VALUE, NUMBER_VALUE, BOOL_VALUE, STRUCT_VALUE, KIND_NOT_SET -> List.of();
    };
  }

  private static EndpointSubset subset(List<String> texts) {
    var addresses = new HashSet<String>();
    var hosts = new HashSet<String>();
    for (var text : texts) {
      var matcher = ENDPOINT.matcher(text.strip());
      if (!matcher.matches()) {
        continue;
      }
      if (matcher.group(1) != null) {
        add("[" + matcher.group(1) + "]", matcher.group(1), matcher.group(2), addresses, hosts);
      } else if (matcher.group(3) != null) {
        add(matcher.group(3), matcher.group(3), matcher.group(4), addresses, hosts);
      } else {
        hosts.add(matcher.group(5));
      }
    }
    return new EndpointSubset(addresses, hosts);
  }

  private static void add(
      String urlHost,
      String host,
      @Nullable String port,
      Set<String> addresses,
      Set<String> hosts) {
    if (port == null) {
      hosts.add(host);
    } else {
      addresses.add(urlHost + ":" + port);
    }
  }

  /** The address of the endpoint that answered in the end; empty where the proxy does not say. */
  static Optional<String> served(Metadata metadata) {
    var served = field(metadata, LOAD_BALANCER, SteeringHeaders.SERVED);
    return served == null
        ? Optional.empty()
        : texts(served).stream().findFirst().map(String::strip);
  }

  private static @Nullable Value field(Metadata metadata, String namespace, String name) {
    Struct fields = metadata.getFilterMetadataMap().get(namespace);
    return fields == null ? null : fields.getFieldsMap().get(name);
  }
}
