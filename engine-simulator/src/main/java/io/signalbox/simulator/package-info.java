/**
 * An OpenAI-compatible engine without a model: it queues, batches, caches KV blocks, reports
 * metrics and answers like vLLM, and invents the words. For demos, tests and what-if runs, many of
 * them in one process.
 *
 * <p>Start at {@link io.signalbox.simulator.EngineSimulator}; the behaviour is in {@code
 * Scheduler}.
 */
@NullMarked
package io.signalbox.simulator;

import org.jspecify.annotations.NullMarked;
