/**
 * What a client asks for: one streaming pass over the body's bytes, and the refusals a request can
 * end in, in the shape OpenAI clients expect. What an answer tells of tokens, read while it passes.
 *
 * <p>Start at {@link io.signalbox.host.request.BodyScanner}.
 */
@NullMarked
package io.signalbox.host.request;

import org.jspecify.annotations.NullMarked;
