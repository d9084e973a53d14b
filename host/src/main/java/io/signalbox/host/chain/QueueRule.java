package io.signalbox.host.chain;

import io.signalbox.sdk.QueuePolicy;

/**
 * By which rule requests wait for a chain.
 *
 * @param key the strategy as the chain writes it; chains with equal keys share a model's queue
 * @param policy of the queue, where there is none yet
 */
record QueueRule(String key, QueuePolicy policy) {}
