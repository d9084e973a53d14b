package io.signalbox.host.bridge;

import io.vertx.ext.bridge.BridgeOptions;
import io.vertx.ext.bridge.PermittedOptions;
import java.util.List;

/**
 * What passes a bridge.
 *
 * @param into addresses that applications may publish at, or send to
 * @param outOf addresses they may listen at
 */
public record Passage(List<String> into, List<String> outOf) {
  /** Of one frame or message from an application. */
  static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

  public Passage {
    into = List.copyOf(into);
    outOf = List.copyOf(outOf);
  }

  void permit(BridgeOptions options) {
    into.forEach(
        address -> options.addInboundPermitted(new PermittedOptions().setAddress(address)));
    outOf.forEach(
        address -> options.addOutboundPermitted(new PermittedOptions().setAddress(address)));
  }
}
