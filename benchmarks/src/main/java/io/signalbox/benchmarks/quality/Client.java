package io.signalbox.benchmarks.quality;

import java.util.Iterator;

/**
 * Somebody who says something, waits for the answer, and goes on.
 *
 * @param key of the client's session, for chains that look at it
 * @param startNanos since the beginning of the run
 * @param turns read once; those after the end of the traffic are not said
 */
record Client(String key, long startNanos, Iterator<Turn> turns) {}
