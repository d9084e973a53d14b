package io.signalbox.host.kvevents;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.KvSource;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.PrefixMetrics;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Brings what engines publish over ZeroMQ to Kafka, as it is. Which engines these are, and where
 * Kafka is, says a host's configuration; its {@code enabled} do not matter here. Called by one
 * thread at a time.
 */
public final class KvBridge implements AutoCloseable {
  private final KvFeeds feeds;
  private final KafkaWriter writer;
  private final Configuration configuration;

  /**
   * A bridge that does not run yet, and knows no engines.
   *
   * @param snapshotEvery how often all that an engine has is written, if anything changed
   */
  public KvBridge(Configuration configuration, Duration snapshotEvery) {
    this.configuration = configuration;
    var meters = new SimpleMeterRegistry();
    writer = new KafkaWriter(configuration.kafka(), this::published, snapshotEvery);
    // Indexes of no model: nobody here asks who has what.
    var prefixes = new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom());
    feeds = new KvFeeds(prefixes, new KvMetrics(meters), writer);
  }

  /**
   * Listens to these endpoints' engines from now on, but to those of models that want none of it.
   */
  public void hear(List<ModelConfig> models, Fleet fleet) {
    feeds.hearAllOverZeroMq(configuration.of(models), fleet);
  }

  private List<Feed> published() {
    return feeds.feeds(KvSource.ZEROMQ);
  }

  /** Begins to listen and to write; neither engines nor brokers need be there. */
  public void start() {
    writer.start();
    feeds.listen(configuration.zeroMq());
  }

  @Override
  public void close() {
    feeds.close();
    writer.close();
  }
}
