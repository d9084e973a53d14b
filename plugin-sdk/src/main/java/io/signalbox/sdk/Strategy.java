package io.signalbox.sdk;

/**
 * A routing step: a {@link Scorer} rates the candidates, a {@link Filter} says who stays, a {@link
 * Picker} chooses one. One that also is an {@link ExchangeObserver} learns how requests end.
 *
 * <p>Each instance is used by one thread only and may keep scratch space. It must not block, and it
 * is called on the hot path: no allocation, no input or output, no locks.
 */
public sealed interface Strategy permits Scorer, Filter, Picker {}
