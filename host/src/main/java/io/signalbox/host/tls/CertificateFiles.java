package io.signalbox.host.tls;

import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblem;
import io.signalbox.host.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one listener's certificate. Reading blocks.
 *
 * @param listener its section of the configuration, such as {@code gateway}
 * @param base the folder from which relative paths start
 */
public record CertificateFiles(String listener, TlsConfig config, Path base) {
  /** Certificates and keys have a few thousand. */
  private static final long MAX_BYTES = 1024 * 1024;

  /** What was in the files. */
  public record Contents(Buffer certificate, Buffer key, Optional<Buffer> clientCa) {}

  /**
   * Reads the files and checks that they belong together.
   *
   * @throws ConfigException with the key of the file that cannot be used, and why
   */
  public ListenerCertificate load(Vertx vertx) {
    return ListenerCertificate.of(this, read(), vertx);
  }

  Contents read() {
    return new Contents(
        bytes("certificate", config.certificate()),
        bytes("key", config.key()),
        config.clientCa().map(file -> bytes("client-ca", file)));
  }

  private Buffer bytes(String key, Path file) {
    var path = base.resolve(file);
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw problem(key, path + " has more than " + MAX_BYTES + " bytes");
      }
      return Buffer.buffer(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      throw problem(key, "there is no file " + path);
    } catch (IOException e) {
      throw problem(key, path + " cannot be read: " + e);
    }
  }

  /** What is wrong with the file of a key of {@code tls}. */
  ConfigException problem(String key, String problem) {
    return new ConfigException(List.of(new ConfigProblem(0, listener + ".tls." + key, problem)));
  }
}
