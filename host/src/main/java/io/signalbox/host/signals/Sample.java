package io.signalbox.host.signals;

/**
 * One value of one signal at one address.
 *
 * @param value in the signal's unit
 * @param atNanos when it was taken, on the host's monotonic clock
 */
public record Sample(double value, long atNanos) {}
