/**
 * How long prompts are in tokens, counted as the model's own tokenizer does, beside the event
 * loops. Knows the library that does it; nobody else does.
 *
 * <p>Start at {@link io.signalbox.host.tokenizer.Tokenizers}.
 */
@NullMarked
package io.signalbox.host.tokenizer;

import org.jspecify.annotations.NullMarked;
