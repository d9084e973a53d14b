/**
 * Fuzzing of whatever comes from outside: what a target reads, it reads twice, once as the host
 * does and once plainly, and the two must agree.
 *
 * <p>Start at {@link io.signalbox.fuzzing.Target}; {@code fuzzing/run} calls {@link
 * io.signalbox.fuzzing.Fuzzer}.
 */
@NullMarked
package io.signalbox.fuzzing;

import org.jspecify.annotations.NullMarked;
