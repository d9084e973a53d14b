package io.signalbox.host.config;

import java.util.Map;

/**
 * KV events from the engines' own publishers.
 *
 * @param enabled whether they are listened to
 * @param port where engines publish, at the address of the endpoint, unless its label {@value
 *     #PORT_LABEL} says otherwise; the ranks of one endpoint follow each other
 * @param replayPort where they answer for what was missed, likewise, label {@value
 *     #REPLAY_PORT_LABEL}; 0: nowhere
 * @param ranks publishers of one endpoint
 * @param topic how the topics begin that are listened to; empty: all
 * @param bind where engines connect to instead, such as {@code tcp://0.0.0.0:5559}; empty: nowhere
 */
public record ZeroMqConfig(
    boolean enabled, int port, int replayPort, int ranks, String topic, String bind) {
  /** The label of an endpoint whose engine publishes elsewhere. */
  public static final String PORT_LABEL = "kv-events-port";

  /** The label of an endpoint whose engine answers elsewhere. */
  public static final String REPLAY_PORT_LABEL = "kv-replay-port";

  /** All defaults: vLLM's, but that nobody is listened to. */
  public static final ZeroMqConfig DEFAULT = new ZeroMqConfig(false, 5557, 5558, 1, "", "");

  /** Where the engine of an endpoint with these labels publishes. */
  public int port(Map<String, String> labels) {
    return labelled(labels, PORT_LABEL, port);
  }

  /** Where it answers for what was missed; 0: nowhere. */
  public int replayPort(Map<String, String> labels) {
    return labelled(labels, REPLAY_PORT_LABEL, replayPort);
  }

  private static int labelled(Map<String, String> labels, String label, int otherwise) {
    var text = labels.get(label);
    return text == null ? otherwise : Integer.parseInt(text);
  }
}
