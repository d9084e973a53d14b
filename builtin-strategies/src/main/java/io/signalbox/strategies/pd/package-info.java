/**
 * The strategy {@code pd}: one endpoint processes the prompt, another of the same role set
 * generates the answer. Roles are read from labels, each side is scored by a policy of its own, and
 * the role set with the best pair wins. Start at {@link io.signalbox.strategies.pd.Pd}.
 */
@NullMarked
package io.signalbox.strategies.pd;

import org.jspecify.annotations.NullMarked;
