package io.signalbox.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An engine that serves one model over HTTP, without the model: same API, queueing, batching,
 * KV-cache reuse and metrics as vLLM; the text is made up, and the same for the same prompt and
 * seed.
 *
 * <p>Paths: {@code POST /v1/chat/completions}, {@code POST /v1/completions}, {@code POST
 * /tokenize}, {@code GET /v1/models}, {@code GET /health}, {@code GET /metrics}. Answers always run
 * to {@code max_tokens} (16 unless asked), so {@code ignore_eos} changes nothing; {@code n} other
 * than 1 is refused, and other sampling parameters are ignored. {@code system_fingerprint} of an
 * answer is the engine's address.
 *
 * <p>All work is done on one event loop of the given Vert.x; an idle engine does none. The methods
 * here may be called from any thread. Numbers are those after the last change the engine made.
 */
public final class EngineSimulator {
  private final Vertx vertx;
  private final String deploymentId;
  private final EngineDeployment engine;
  private final String address;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Promise<Void> stopped = Promise.promise();

  private EngineSimulator(
      Vertx vertx, String deploymentId, EngineDeployment engine, String address) {
    this.vertx = vertx;
    this.deploymentId = deploymentId;
    this.engine = engine;
    this.address = address;
  }

  /** Starts an engine. Fails when it cannot listen. */
  public static Future<EngineSimulator> start(Vertx vertx, SimulatorOptions options) {
    var engine = new EngineDeployment(vertx, options);
    return vertx
        .deployVerticle(engine)
        .map(id -> new EngineSimulator(vertx, id, engine, options.host() + ":" + engine.port()));
  }

  /** Cancels what runs or waits, and closes connections, server and timer. May be called again. */
  public Future<Void> stop() {
    if (stopping.compareAndSet(false, true)) {
      vertx.undeploy(deploymentId).onComplete(stopped);
    }
    return stopped.future();
  }

  /** Where it listens: {@code host:port}, with the port in use. */
  public String address() {
    return address;
  }

  /** The TCP port in use. */
  public int port() {
    return engine.port();
  }

  /** The TCP port where it publishes KV events over ZeroMQ; 0: nowhere. */
  public int kvEventsPort() {
    return engine.kvEventsPort();
  }

  /** The TCP port where it sends them again to who asks; 0: nowhere. */
  public int kvReplayPort() {
    return engine.kvReplayPort();
  }

  /** Misbehaves from now on, with new requests, and no longer as injected before. */
  public void inject(Fault fault) {
    engine.inject(fault);
  }

  /** Behaves from now on, with new requests. */
  public void clearFault() {
    engine.inject(new Fault.None());
  }

  /** Completion requests that arrived, refused and faulted ones included. */
  public long requestsReceived() {
    return engine.metrics().requestsReceived();
  }

  /** Sequences in the batch; a request has one per prompt. */
  public int running() {
    return engine.load().running();
  }

  /** Sequences that wait for the batch. */
  public int waiting() {
    return engine.load().waiting();
  }

  /** KV blocks in use over all, 0 to 1. Cached blocks that no sequence uses do not count. */
  public double kvCacheUsage() {
    return engine.load().kvCacheUsageRatio();
  }

  /** Prompt tokens found in the KV cache since the start. */
  public long cachedPromptTokens() {
    return engine.metrics().cachedPromptTokens();
  }

  /** Sequences that ended because their client went away or the engine was stopped. */
  public long cancelled() {
    return engine.metrics().cancelledSequences();
  }
}
