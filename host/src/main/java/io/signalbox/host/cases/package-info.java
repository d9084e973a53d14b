/**
 * Cases: files that say what a strategy should answer to a request on a small fleet, and what runs
 * them over a strategy written in whatever language. Authors of plugins test with them from the
 * command line and from JUnit.
 *
 * <p>Start at {@link io.signalbox.host.cases.CaseFile}, then {@link
 * io.signalbox.host.cases.CaseRunner}.
 */
@NullMarked
package io.signalbox.host.cases;

import org.jspecify.annotations.NullMarked;
