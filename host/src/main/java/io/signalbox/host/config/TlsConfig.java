package io.signalbox.host.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a listener proves its name with, in PEM files; relative paths start at the folder of the
 * configuration file. The files may change while they are in use.
 *
 * @param certificate the chain, the listener's own certificate first
 * @param key its private key, in PKCS#8 or the older form of its algorithm
 * @param clientCa who must have signed the certificate that clients then have to show
 */
public record TlsConfig(Path certificate, Path key, Optional<Path> clientCa) {}
