package io.signalbox.host;

import io.signalbox.simulator.Disaggregation;
import io.signalbox.simulator.Disaggregation.Part;
import io.signalbox.simulator.Disaggregation.Protocol;
import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.SimulatorOptions;
import io.signalbox.simulator.TransferFabric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Role sets of simulated engines, each a prefill and a decode engine, and a host in front of them
 * that calls the prefill engines itself. Engines are not scraped, so that the host meets what is
 * broken by requests alone.
 */
final class PairFleet implements AutoCloseable {
  /** What the fleet is of. */
  enum Shape {
    TWO_SETS,
    /** At the address of the first set's prefill engine nobody listens. */
    FIRST_PREFILL_GONE,
    /** Likewise of its decode engine. */
    FIRST_DECODE_GONE,
    ONE_SET,
    ONE_SET_AND_COMBINED
  }

  /** Replaces what a {@link RunningHost} says of signals, so that it scrapes no engine. */
  static final Map<String, String> UNSCRAPED =
      Map.of(
          "signals: {scrape-interval: 50ms, idle-scrape-interval: 60ms}",
          "signals: {scrape-interval: 0ms, pushed: [waiting, kvCacheUsage,"
              + " promptTokensPerSecond, outputTokensPerSecond, prefillSecondsPerToken,"
              + " decodeSecondsPerToken]}");

  private final Engines engines = Engines.start(0);
  private final TransferFabric fabric = new TransferFabric();
  private final Protocol protocol;
  private final List<String> endpoints = new ArrayList<>();
  private final List<EngineSimulator> prefills = new ArrayList<>();
  private final List<EngineSimulator> decodes = new ArrayList<>();
  private final RunningHost host;

  private PairFleet(Protocol protocol, Shape shape, Duration timeout, String health) {
    this.protocol = protocol;
    switch (shape) {
      case TWO_SETS -> {
        pair("a");
        pair("b");
      }
      case FIRST_PREFILL_GONE -> {
        gone("a", "prefill");
        decode("a");
        pair("b");
      }
      case FIRST_DECODE_GONE -> {
        prefill("a");
        gone("a", "decode");
        pair("b");
      }
      case ONE_SET -> pair("a");
      case ONE_SET_AND_COMBINED -> {
        pair("a");
        endpoint(engines.add(options()).address(), "combined: 'true'");
      }
    }
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            """
            routing: {default: pd}
            health: {%s}
            models:
            - name: %s
              prefill-decode: {dialect: %s, timeout: %dms}
              endpoints: [%s]
            """
                .formatted(
                    health,
                    RunningHost.MODEL,
                    dialect(protocol),
                    timeout.toMillis(),
                    String.join(", ", endpoints)),
            UNSCRAPED);
  }

  static PairFleet start(Protocol protocol, Shape shape, Duration timeout) {
    return new PairFleet(protocol, shape, timeout, "consecutive-failures: 0");
  }

  /** The same, where failures of endpoints have this consequence. */
  static PairFleet start(Protocol protocol, Shape shape, Duration timeout, String health) {
    return new PairFleet(protocol, shape, timeout, health);
  }

  /** What the configuration calls it. */
  static String dialect(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void pair(String set) {
    prefill(set);
    decode(set);
  }

  private void prefill(String set) {
    var engine = engine(Part.PREFILL);
    prefills.add(engine);
    endpoint(
        engine.address(),
        "roleset-name: %s, role-name: prefill, bootstrap-port: '%d'".formatted(set, engine.port()));
  }

  private void decode(String set) {
    var engine = engine(Part.DECODE);
    decodes.add(engine);
    endpoint(engine.address(), "roleset-name: %s, role-name: decode".formatted(set));
  }

  private void gone(String set, String role) {
    int port = FreePort.find();
    endpoint(
        "127.0.0.1:" + port,
        "roleset-name: %s, role-name: %s, bootstrap-port: '%d'".formatted(set, role, port));
  }

  private void endpoint(String address, String labels) {
    endpoints.add("{address: '%s', labels: {%s}}".formatted(address, labels));
  }

  private EngineSimulator engine(Part part) {
    return engines.add(options().withDisaggregation(new Disaggregation(part, protocol, fabric)));
  }

  private static SimulatorOptions options() {
    return SimulatorOptions.defaults().withModel(RunningHost.MODEL);
  }

  RunningHost host() {
    return host;
  }

  /** The prefill engines that there are. */
  List<EngineSimulator> prefills() {
    return prefills;
  }

  /** The decode engines that there are. */
  List<EngineSimulator> decodes() {
    return decodes;
  }

  /** How many prefill calls ended like this. */
  double prefills(String outcome) {
    return host.meter("signalbox_prefills_total", "outcome=\"" + outcome + "\"");
  }

  /** How many requests whose pair failed went on like this. */
  double fallbacks(String to) {
    return host.meter("signalbox_prefill_fallbacks_total", "to=\"" + to + "\"");
  }

  @Override
  public void close() {
    host.close();
    engines.close();
  }
}
