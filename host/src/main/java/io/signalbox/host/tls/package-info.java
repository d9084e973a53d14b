/**
 * What listeners prove their names with: certificates read from files, checked, and taken into use
 * anew when the files change.
 *
 * <p>Start at {@link io.signalbox.host.tls.CertificateVerticle}.
 */
@NullMarked
package io.signalbox.host.tls;

import org.jspecify.annotations.NullMarked;
