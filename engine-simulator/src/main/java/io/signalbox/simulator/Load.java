package io.signalbox.simulator;

/**
 * How busy the engine is at one instant.
 *
 * @param running sequences in the batch
 * @param waiting sequences queued
 * @param kvCacheUsageRatio KV blocks in use over all, 0 to 1
 */
record Load(int running, int waiting, double kvCacheUsageRatio) {
  static final Load NONE = new Load(0, 0, 0);
}
