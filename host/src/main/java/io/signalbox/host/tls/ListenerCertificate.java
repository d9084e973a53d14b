package io.signalbox.host.tls;

import io.signalbox.host.config.ConfigException;
import io.signalbox.host.tls.CertificateFiles.Contents;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate that a listener can use.
 *
 * @param files where it came from
 * @param contents what was in them
 * @param options as its server wants them; nobody changes them
 * @param expires the end of its validity
 */
public record ListenerCertificate(
    CertificateFiles files, Contents contents, ServerSSLOptions options, Instant expires) {
  /** HTTP/2 before HTTP/1.1, as a client may choose. */
  private static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

  private static final byte[] PROBE = {1, 2, 3};

  /** The certificate in the contents of some files, checked. */
  static ListenerCertificate of(CertificateFiles files, Contents contents, Vertx vertx) {
    var own = certificate(files, "certificate", contents.certificate());
    var pem =
        new PemKeyCertOptions().setCertValue(contents.certificate()).setKeyValue(contents.key());
    if (!belongTogether(key(files, pem, vertx), own)) {
      throw files.problem("key", "is not the key of the certificate");
    }
    var options =
        new ServerSSLOptions()
            .setKeyCertOptions(pem)
            .setUseAlpn(true)
            .setApplicationLayerProtocols(PROTOCOLS);
    contents
        .clientCa()
        .ifPresent(ca -> {
          var _ = certificate(files, "client-ca", ca);
          options
              .setClientAuth(ClientAuth.REQUIRED)
              .setTrustOptions(new PemTrustOptions().addCertValue(ca));
        });
    return new ListenerCertificate(files, contents, options, own.getNotAfter().toInstant());
  }

  /** The listener's section of the configuration. */
  public String listener() {
    return files.listener();
  }

  /** The first certificate of a file. */
  private static X509Certificate certificate(CertificateFiles files, String key, Buffer pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes()))
          .stream()
          .flatMap(found -> found instanceof X509Certificate own ? Stream.of(own) : Stream.of())
          .findFirst()
          .orElseThrow(() -> files.problem(key, "has no certificate in PEM form"));
    } catch (CertificateException e) {
      throw files.problem(key, "has no certificate in PEM form: " + e.getMessage());
    }
  }

  private static PrivateKey key(CertificateFiles files, PemKeyCertOptions pem, Vertx vertx) {
    try {
      return Stream.of(pem.getKeyManagerFactory(vertx).getKeyManagers())
          .flatMap(manager ->
              manager instanceof X509KeyManager keys ? privateKey(keys).stream() : Stream.of())
          .findFirst()
          .orElseThrow(() -> files.problem("key", "has no private key in PEM form"));
    } catch (ConfigException e) {
      throw e;
    } catch (Exception e) {
      // Whatever is wrong with somebody's file.
      throw files.problem("key", "cannot be used: " + e.getMessage());
    }
  }

  private static Optional<PrivateKey> privateKey(X509KeyManager keys) {
    return Stream.of("RSA", "EC", "EdDSA", "Ed25519")
        .map(type -> keys.getServerAliases(type, null))
        .filter(aliases -> aliases != null && aliases.length > 0)
        .map(aliases -> keys.getPrivateKey(aliases[0]))
        .findFirst();
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
