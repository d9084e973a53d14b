/**
 * Tests of the example plugins: what type checkers say of them, and what they answer.
 *
 * <p>Start at {@link io.signalbox.examples.ScriptTypesIT}.
 */
@NullMarked
package io.signalbox.examples;

import org.jspecify.annotations.NullMarked;
