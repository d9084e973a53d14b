package io.signalbox.simulator;

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
    long seed) {
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
          1);

  public SimulatorOptions {
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
  }

  /**
   * 127.0.0.1 on a free port, model {@code demo-model}, 8192 KV blocks of 16 tokens, 256 running
   * and 1024 waiting sequences, 32 768 tokens of context, 2048 tokens a step, 64 MiB bodies, {@link
   * LatencyModel#defaults()}, seed 1.
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
        seed);
  }

  public SimulatorOptions withPort(int port) {
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
        seed);
  }

  public SimulatorOptions withModel(String model) {
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
        seed);
  }

  public SimulatorOptions withBlockTokens(int blockTokens) {
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
        seed);
  }

  public SimulatorOptions withKvBlocks(int kvBlocks) {
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
        seed);
  }

  public SimulatorOptions withMaxRunning(int maxRunning) {
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
        seed);
  }

  public SimulatorOptions withMaxWaiting(int maxWaiting) {
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
        seed);
  }

  public SimulatorOptions withMaxModelTokens(int maxModelTokens) {
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
        seed);
  }

  public SimulatorOptions withMaxStepTokens(int maxStepTokens) {
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
        seed);
  }

  public SimulatorOptions withMaxBodyBytes(int maxBodyBytes) {
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
        seed);
  }

  public SimulatorOptions withLatency(LatencyModel latency) {
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
        seed);
  }

  public SimulatorOptions withSeed(long seed) {
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
        seed);
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
    }
  }
}
