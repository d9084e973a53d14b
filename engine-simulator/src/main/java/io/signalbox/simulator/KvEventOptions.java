package io.signalbox.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How an engine publishes what happens to its KV cache. Start from {@link #NONE}.
 *
 * @param zeroMq as vLLM does
 * @param kafka as a bridge in front of vLLM does
 */
public record KvEventOptions(Optional<ZeroMq> zeroMq, Optional<Kafka> kafka) {
  /** It does not. */
  public static final KvEventOptions NONE = new KvEventOptions(Optional.empty(), Optional.empty());

  /**
   * A publisher, and a second socket that sends the last batches again to who asks.
   *
   * @param port TCP port, 0 to 65535; 0 lets the system choose
   * @param replayPort likewise
   * @param topic of every message
   * @param kept so many batches can be asked for
   */
  public record ZeroMq(int port, int replayPort, String topic, int kept) {}

  /**
   * Two topics.
   *
   * @param properties of the client, {@code bootstrap.servers} among them
   * @param eventsTopic takes every batch
   * @param snapshotsTopic takes all that is cached, now and then
   * @param snapshotEvery how often, if anything changed
   */
  public record Kafka(
      Map<String, String> properties,
      String eventsTopic,
      String snapshotsTopic,
      Duration snapshotEvery) {
    public Kafka {
      properties = Map.copyOf(properties);
    }
  }

  /** Publishes on these ports, with an empty topic; keeps 10,000 batches. */
  public KvEventOptions withZeroMq(int port, int replayPort) {
    return new KvEventOptions(Optional.of(new ZeroMq(port, replayPort, "", 10_000)), kafka);
  }

  public KvEventOptions withZeroMq(ZeroMq changed) {
    return new KvEventOptions(Optional.of(changed), kafka);
  }

  public KvEventOptions withKafka(Kafka changed) {
    return new KvEventOptions(zeroMq, Optional.of(changed));
  }
}
