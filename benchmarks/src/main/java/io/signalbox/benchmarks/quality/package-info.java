/**
 * Which chain serves which traffic best: simulated engines and clients around the real router, in
 * simulated time.
 *
 * <p>Start at {@link io.signalbox.benchmarks.quality.Simulation}.
 */
@NullMarked
package io.signalbox.benchmarks.quality;

import org.jspecify.annotations.NullMarked;
