package io.signalbox.host.chain;

import io.signalbox.host.endpoint.Traffic;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.Usage;

/**
 * Measures one exchange for the traffic of its address. Only answers with a status of success say
 * how fast an engine is: an error is quick.
 */
final class ExchangeMeter {
  /*
   * The times of a stream's tokens are those of the pieces that bring them. A stream that comes in
   * one piece was held back on its way, and tells of neither the first token nor the pace; so the
   * first token counts when the next piece brings another.
   */
  private final Traffic traffic;
  private final long decidedNanos;
  private long deltas;
  private long firstNanos;
  private long lastNanos;
  private boolean paced;

  ExchangeMeter(Traffic traffic, long decidedNanos) {
    this.traffic = traffic;
    this.decidedNanos = decidedNanos;
  }

  /** So many events of the stream have brought tokens by now. */
  void received(long deltasSoFar, long nowNanos) {
    if (deltasSoFar == deltas) {
      return;
    }
    if (deltas == 0) {
      firstNanos = nowNanos;
    } else if (!paced) {
      paced = true;
      traffic.firstToken(firstNanos - decidedNanos);
    }
    deltas = deltasSoFar;
    lastNanos = nowNanos;
  }

  /**
   * The answer came to its end.
   *
   * @param promptTokens of the request; {@code NaN} where unknown
   */
  void completed(AnswerHead head, Usage usage, double promptTokens, long nowNanos) {
    if (head.status() >= 500) {
      traffic.failed();
    } else if (head.succeeded()) {
      traffic.answered(nowNanos - decidedNanos);
      served(usage, promptTokens);
    } else {
      traffic.refused();
    }
  }

  private void served(Usage usage, double promptTokens) {
    if (!Double.isNaN(promptTokens)) {
      traffic.servedPrompt((long) promptTokens);
    }
    if (!Double.isNaN(usage.outputTokens())) {
      traffic.servedOutput((long) usage.outputTokens());
    }
    if (deltas == 1) {
      traffic.firstToken(firstNanos - decidedNanos);
    }
    if (paced || deltas == 1) {
      prefilled(promptTokens);
    }
    if (paced && usage.outputTokens() > 1) {
      traffic.decoded((long) usage.outputTokens() - 1, lastNanos - firstNanos);
    }
  }

  private void prefilled(double promptTokens) {
    if (promptTokens >= 1) {
      traffic.prefilled((long) promptTokens, firstNanos - decidedNanos);
    }
  }

  /** There was no answer, or not all of it. */
  void failed() {
    traffic.failed();
  }
}
