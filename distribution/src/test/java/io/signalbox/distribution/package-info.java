/**
 * What is built to be installed elsewhere runs there: the archive, the image, the service. Start at
 * {@code DistributionIT}.
 */
@NullMarked
package io.signalbox.distribution;

import org.jspecify.annotations.NullMarked;
