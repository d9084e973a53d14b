package io.signalbox.host.bridge;

import io.signalbox.host.telemetry.Quiet;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.bridge.BaseBridgeEvent;
import io.vertx.ext.bridge.BridgeEventType;
import io.vertx.ext.bridge.BridgeOptions;
import io.vertx.ext.bridge.PermittedOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What passes a bridge.
 *
 * @param into addresses that applications may publish at, or send to
 * @param outOf addresses they may listen at
 */
public record Passage(List<String> into, List<String> outOf) {
  /** Of one frame or message from an application. */
  static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Passage.class);
  private static final Quiet QUIET = new Quiet();

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

  /** Who does not read what was published misses it; it is not kept. */
  static boolean mayPass(BaseBridgeEvent event, @Nullable WriteStream<?> socket) {
    if (event.type() != BridgeEventType.RECEIVE || socket == null || !socket.writeQueueFull()) {
      return true;
    }
    if (QUIET.mayTell()) {
      LOG.warn("a bridged application reads too slowly and misses messages of the event bus");
    }
    return false;
  }
}
