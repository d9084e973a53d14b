/**
 * What Signalbox costs: JMH benchmarks of single steps, and a load harness that measures CPU and
 * memory of server processes, each beside something that does less.
 *
 * <p>Start at {@link io.signalbox.benchmarks.Main}; {@code benchmarks/run} calls it.
 */
@NullMarked
package io.signalbox.benchmarks;

import org.jspecify.annotations.NullMarked;
