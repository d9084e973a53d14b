package io.signalbox.host;

import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.Durations;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Says what flow control cannot hold of what is configured, though the configuration is used. */
final class FlowControlWarnings {
  private final Configuration configuration;
  private final Set<Signal> supplied;
  private final List<String> warnings = new ArrayList<>();

  private FlowControlWarnings(Configuration configuration, Set<Signal> supplied) {
    this.configuration = configuration;
    this.supplied = supplied;
  }

  /**
   * The warnings, each with its place.
   *
   * @param supplied the signals that something supplies
   */
  static List<String> of(Configuration configuration, Set<Signal> supplied) {
    var warnings = new FlowControlWarnings(configuration, supplied);
    warnings.look("routing.flow-control", configuration.routing().flowControl());
    for (int i = 0; i < configuration.models().size(); i++) {
      var path = "models[" + i + "].flow-control";
      configuration
          .models()
          .get(i)
          .routing()
          .flowControl()
          .ifPresent(config -> warnings.look(path, config));
    }
    return List.copyOf(warnings.warnings);
  }

  private void look(String path, FlowControlConfig config) {
    if (!config.enabled()) {
      return;
    }
    var extProc = configuration.extProc();
    if (extProc.listen().enabled() && config.maxWait().compareTo(extProc.longestWait()) > 0) {
      warnings.add(
          path
              + ".max-wait: behind Envoy requests wait "
              + Durations.format(extProc.longestWait())
              + " at the most, but in full duplex: for more, Envoy's max_message_timeout and"
              + " ext-proc.max-message-timeout must be "
              + Durations.format(config.maxWait().plus(ExtProcConfig.ANSWERING))
              + " or more");
    }
    var gateway = configuration.gateway();
    if (gateway.listen().enabled() && config.maxWait().compareTo(gateway.idleTimeout()) > 0) {
      warnings.add(
          path
              + ".max-wait: at the gateway requests wait "
              + Durations.format(gateway.idleTimeout())
              + " at the most, which is gateway.idle-timeout");
    }
    boolean told = supplied.contains(Signal.WAITING) || supplied.contains(Signal.KV_CACHE_USAGE);
    if (config.full().inFlight().isEmpty() && !told) {
      warnings.add(
          path
              + ".full: nothing tells how full endpoints are, so no request waits: set"
              + " full.in-flight, or let signals be scraped");
    }
  }
}
