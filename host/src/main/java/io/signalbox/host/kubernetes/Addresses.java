package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.netty.util.NetUtil;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What endpoints and objects are called. */
final class Addresses {
  private Addresses() {}

  /** An IP address as RFC 5952 writes it, or empty where the text is none. */
  static Optional<String> ip(@Nullable String text) {
    var address = text == null ? null : NetUtil.createInetAddressFromIpAddressString(text);
    return Optional.ofNullable(address).map(NetUtil::toAddressString);
  }

  /** Namespace and name. */
  static String name(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  /** The labels that say which pod an endpoint is. */
  static Map<String, String> labels(HasMetadata pod) {
    return labels(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }

  static Map<String, String> labels(String namespace, String pod) {
    var labels = new TreeMap<String, String>();
    labels.put("namespace", namespace);
    labels.put("pod", pod);
    return labels;
  }
}
