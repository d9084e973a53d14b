package io.signalbox.benchmarks;

import io.signalbox.benchmarks.EngineStub.Answer;

/**
 * What clients ask for, each one request after the other.
 *
 * @param name for reports
 * @param bodyBytes of each request
 * @param clients with a connection each
 */
record HttpScript(String name, Answer answer, int bodyBytes, int clients) {
  private static final int SMALL_BYTES = 4 * 1024;
  private static final int LARGE_BYTES = 220 * 1024;
  private static final int CLIENTS = 32;

  static HttpScript unary() {
    return new HttpScript("unary, body of 4 KiB", Answer.WHOLE, SMALL_BYTES, CLIENTS);
  }

  static HttpScript large() {
    return new HttpScript("unary, body of 220 KiB", Answer.WHOLE, LARGE_BYTES, CLIENTS);
  }

  static HttpScript burst() {
    return new HttpScript(
        "SSE, burst of " + EngineStub.EVENTS + " events", Answer.BURST, SMALL_BYTES, CLIENTS);
  }

  /** Each event counts, not each request. */
  static HttpScript paced() {
    return new HttpScript(
        "SSE, 64 streams of 100 events a second, each event", Answer.PACED, SMALL_BYTES, 64);
  }

  /** Streams that stay open, with an event a second. */
  static HttpScript open(int clients) {
    return new HttpScript(clients + " open streams", Answer.OPEN, SMALL_BYTES, clients);
  }
}
