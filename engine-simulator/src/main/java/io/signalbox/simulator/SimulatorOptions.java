package io.signalbox.simulator;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one simulated engine is. Start from {@link #defaults()} and change what matters.
 *
 * @param host address to listen on
 * @param port TCP port, 0 to 65535; 0 lets the system choose
 * @param model the one model it serves, not blank
 * @param blockTokens tokens per KV block, 1 or more
 * @param kvBlocks KV blocks in all, 1 or more; about 64 bytes of heap each
 * @param maxRunning sequences that run at once, 1 or more; the others wait
 * @param maxWaiting sequences that may wait, 1 or more; beyond it requests are answered 503
 * @param maxModelTokens longest prompt plus answer, 2 or more; see {@link #contextTokens()}
 * @param maxStepTokens tokens computed in one step, 1 or more: decodes first, prompts get the rest,
 *     so a long prompt is computed over several steps
 * @param maxBodyBytes largest request body, 1 or more; beyond it requests are answered 413
 * @param latency how long a step takes
 * @param seed decides the words of the answers and their ids
 * @param adapters LoRA adapters, which are models of their own to clients
 * @param maxAdapters of them in the batch at once, 1 or more; requests for others wait
 * @param kvEvents how it publishes what happens to its KV cache
 * @param disaggregation the part it plays in prefill/decode pairs; empty: it does both
 */
public record SimulatorOptions(
    String host,
    int port,
    String model,
    int blockTokens,
    int kvBlocks,
    int maxRunning,
    int maxWaiting,
    int maxModelTokens,
    int maxStepTokens,
    int maxBodyBytes,
    LatencyModel latency,
    long seed,
    List<String> adapters,
    int maxAdapters,
    KvEventOptions kvEvents,
    Optional<Disaggregation> disaggregation) {
  private static final SimulatorOptions DEFAULTS =
      new SimulatorOptions(
          "127.0.0.1",
          0,
          "demo-model",
          16,
          8192,
          256,
          1024,
          32_768,
          2048,
          64 << 20,
          LatencyModel.defaults(),
          1,
          List.of(),
          1,
          KvEventOptions.NONE,
          Optional.empty());

  public SimulatorOptions {
    adapters = List.copyOf(adapters);
    if (model.isBlank()) {
      throw new IllegalArgumentException("model must not be blank");
    }
    if (port > 65_535) {
      throw new IllegalArgumentException("port must be at most 65535: " + port);
    }
    requireAtLeast(0, "port", port);
    requireAtLeast(1, "blockTokens", blockTokens);
    requireAtLeast(1, "kvBlocks", kvBlocks);
    requireAtLeast(1, "maxRunning", maxRunning);
    requireAtLeast(1, "maxWaiting", maxWaiting);
    requireAtLeast(2, "maxModelTokens", maxModelTokens);
    requireAtLeast(1, "maxStepTokens", maxStepTokens);
    requireAtLeast(1, "maxBodyBytes", maxBodyBytes);
    requireAtLeast(1, "maxAdapters", maxAdapters);
  }

  /**
   * 127.0.0.1 on a free port, model {@code demo-model}, 8192 KV blocks of 16 tokens, 256 running
   * and 1024 waiting sequences, 32 768 tokens of context, 2048 tokens a step, 64 MiB bodies, {@link
   * LatencyModel#defaults()}, seed 1, no adapters, no KV events, no pairs.
   */
  public static SimulatorOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Longest prompt plus answer that is served: {@link #maxModelTokens()}, or the whole KV cache
   * where that is smaller.
   */
  public int contextTokens() {
    return (int) Math.min(maxModelTokens, (long) kvBlocks * blockTokens);
  }

  public SimulatorOptions withHost(String host) {
    return with(draft -> draft.host = host);
  }

  public SimulatorOptions withPort(int port) {
    return with(draft -> draft.port = port);
  }

  public SimulatorOptions withModel(String model) {
    return with(draft -> draft.model = model);
  }

  public SimulatorOptions withBlockTokens(int blockTokens) {
    return with(draft -> draft.blockTokens = blockTokens);
  }

  public SimulatorOptions withKvBlocks(int kvBlocks) {
    return with(draft -> draft.kvBlocks = kvBlocks);
  }

  public SimulatorOptions withMaxRunning(int maxRunning) {
    return with(draft -> draft.maxRunning = maxRunning);
  }

  public SimulatorOptions withMaxWaiting(int maxWaiting) {
    return with(draft -> draft.maxWaiting = maxWaiting);
  }

  public SimulatorOptions withMaxModelTokens(int maxModelTokens) {
    return with(draft -> draft.maxModelTokens = maxModelTokens);
  }

  public SimulatorOptions withMaxStepTokens(int maxStepTokens) {
    return with(draft -> draft.maxStepTokens = maxStepTokens);
  }

  public SimulatorOptions withMaxBodyBytes(int maxBodyBytes) {
    return with(draft -> draft.maxBodyBytes = maxBodyBytes);
  }

  public SimulatorOptions withLatency(LatencyModel latency) {
    return with(draft -> draft.latency = latency);
  }

  public SimulatorOptions withSeed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  /** With LoRA adapters, so many of them in the batch at once. */
  public SimulatorOptions withAdapters(List<String> adapters, int atOnce) {
    return with(draft -> {
      draft.adapters = adapters;
      draft.maxAdapters = atOnce;
    });
  }

  public SimulatorOptions withKvEvents(KvEventOptions kvEvents) {
    return with(draft -> draft.kvEvents = kvEvents);
  }

  /** As one engine of prefill/decode pairs. */
  public SimulatorOptions withDisaggregation(Disaggregation disaggregation) {
    return with(draft -> draft.disaggregation = Optional.of(disaggregation));
  }

  private SimulatorOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** The one place that lists all components, so that a change names only its own. */
  private static final class Draft {
    private String host;
    private int port;
    private String model;
    private int blockTokens;
    private int kvBlocks;
    private int maxRunning;
    private int maxWaiting;
    private int maxModelTokens;
    private int maxStepTokens;
    private int maxBodyBytes;
    private LatencyModel latency;
    private long seed;
    private List<String> adapters;
    private int maxAdapters;
    private KvEventOptions kvEvents;
    private Optional<Disaggregation> disaggregation;

    private Draft(SimulatorOptions from) {
      host = from.host;
      port = from.port;
      model = from.model;
      blockTokens = from.blockTokens;
      kvBlocks = from.kvBlocks;
      maxRunning = from.maxRunning;
      maxWaiting = from.maxWaiting;
      maxModelTokens = from.maxModelTokens;
      maxStepTokens = from.maxStepTokens;
      maxBodyBytes = from.maxBodyBytes;
      latency = from.latency;
      seed = from.seed;
      adapters = from.adapters;
      maxAdapters = from.maxAdapters;
      kvEvents = from.kvEvents;
      disaggregation = from.disaggregation;
    }

    private SimulatorOptions options() {
      return new SimulatorOptions(
          host,
          port,
          model,
          blockTokens,
          kvBlocks,
          maxRunning,
          maxWaiting,
          maxModelTokens,
          maxStepTokens,
          maxBodyBytes,
          latency,
          seed,
          adapters,
          maxAdapters,
          kvEvents,
          disaggregation);
    }
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
    }
  }
}
