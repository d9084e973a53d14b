/**
 * Where samples come from: scrapers that read engines' metrics pages, and the verticle that turns
 * samples into snapshots and publishes them.
 *
 * <p>Start at {@link io.signalbox.host.ingest.IngestVerticle}.
 */
@NullMarked
package io.signalbox.host.ingest;

import org.jspecify.annotations.NullMarked;
