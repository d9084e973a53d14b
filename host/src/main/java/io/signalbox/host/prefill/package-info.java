/**
 * Has the prompts of requests computed by the prefill endpoints of pairs, and says what the decode
 * endpoints are to be sent then.
 *
 * <p>Start at {@link io.signalbox.host.prefill.Handover}.
 */
@NullMarked
package io.signalbox.host.prefill;

import org.jspecify.annotations.NullMarked;
