package io.signalbox.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands in for the network between engines of pairs: which prompts were computed, by the
 * names under which they are handed over. Safe for any thread; the oldest names are forgotten.
 */
public final class TransferFabric {
  private static final int MAX_TRANSFERS = 10_000;

  /** Computed: by prefill, with the prompt's identity. Joined: by the decode engine. */
  private record Transfer(Promise<Long> computed, Promise<Void> joined) {}

  private final Map<String, Transfer> transfers =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Transfer> eldest) {
          return size() > MAX_TRANSFERS;
        }
      };

  /** A fabric in which nothing was computed. */
  public TransferFabric() {}

  private synchronized Transfer transfer(String name) {
    return transfers.computeIfAbsent(
        name, each -> new Transfer(Promise.promise(), Promise.promise()));
  }

  /** A prompt was computed. */
  void computed(String name, long prompt) {
    transfer(name).computed().tryComplete(prompt);
  }

  /** The prompt of this name, now; -1 where there is none, which no prompt is. */
  long prompt(String name) {
    var computed = transfer(name).computed().future();
    return computed.isComplete() ? computed.result() : -1;
  }

  /** The prompt of this name, once it is computed. */
  Future<Long> whenComputed(String name) {
    return transfer(name).computed().future();
  }

  /** A decode engine has come for a prompt. */
  void join(String name) {
    transfer(name).joined().tryComplete();
  }

  /** A decode engine has come. */
  Future<Void> whenJoined(String name) {
    return transfer(name).joined().future();
  }
}
