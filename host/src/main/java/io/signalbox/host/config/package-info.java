/**
 * The configuration file: read strictly into records, every problem with its path and line, and
 * watched for changes. A default lives in the record it belongs to and nowhere else.
 *
 * <p>Start at {@link io.signalbox.host.config.Configuration}.
 */
@NullMarked
package io.signalbox.host.config;

import org.jspecify.annotations.NullMarked;
