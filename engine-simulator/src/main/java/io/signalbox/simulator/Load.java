package io.signalbox.simulator;

/**
 * How busy the engine is at one instant.
 *
 * @param running sequences in the batch
 * @param waiting sequences queued
 * @param kvCacheUsageRatio KV blocks in use over all, 0 to 1
 * @param utilization share of batch slots or of KV blocks in use, whichever is larger, 0 to 1
 */
record Load(int running, int waiting, double kvCacheUsageRatio, double utilization) {
  static final Load NONE = new Load(0, 0, 0, 0);
}
