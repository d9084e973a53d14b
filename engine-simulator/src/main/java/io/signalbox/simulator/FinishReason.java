package io.signalbox.simulator;

/** Why a sequence ended: vLLM's set, as answers and the {@code finished_reason} label spell it. */
enum FinishReason {
  STOP("stop"),
  LENGTH("length"),
  ABORT("abort");

  private final String wireName;

  FinishReason(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }
}
