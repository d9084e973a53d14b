package io.signalbox.host.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.signalbox.host.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateFilesTest {
  private static final Instant EXPIRES = Instant.parse("2040-01-02T03:04:05Z");
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  private static X509Bundle certificate(Algorithm algorithm) throws Exception {
    return new CertificateBuilder()
        .algorithm(algorithm)
        .subject("CN=localhost")
        .notAfter(EXPIRES)
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private ListenerCertificate load(Optional<Path> clientCa) {
    var config = new TlsConfig(Path.of("a.crt"), Path.of("a.key"), clientCa);
    return new CertificateFiles("gateway", config, folder).load(VERTX);
  }

  private void write(String file, String text) throws Exception {
    Files.writeString(folder.resolve(file), text);
  }

  @ParameterizedTest
  @EnumSource(names = {"rsa2048", "ecp256", "ecp384"})
  void aCertificateAndItsKeyAreUsed(Algorithm algorithm) throws Exception {
    var bundle = certificate(algorithm);
    write("a.crt", bundle.getCertificatePathPEM());
    write("a.key", bundle.getPrivateKeyPEM());

    var loaded = load(Optional.empty());

    assertThat(loaded.listener()).isEqualTo("gateway");
    assertThat(loaded.expires()).isEqualTo(EXPIRES);
    assertThat(loaded.options().getClientAuth()).isEqualTo(ClientAuth.NONE);
    assertThat(loaded.options().getApplicationLayerProtocols()).containsExactly("h2", "http/1.1");
  }

  @Test
  void clientsHaveToShowACertificateWhereSomebodySignsThem() throws Exception {
    var bundle = certificate(Algorithm.ecp256);
    write("a.crt", bundle.getCertificatePathPEM());
    write("a.key", bundle.getPrivateKeyPEM());
    write("ca.crt", bundle.getRootCertificatePEM());

    var options = load(Optional.of(Path.of("ca.crt"))).options();

    assertThat(options.getClientAuth()).isEqualTo(ClientAuth.REQUIRED);
    assertThat(options.getTrustOptions()).isNotNull();
  }

  /** What is in the three files, and what is wrong with it. */
  record Unusable(String name, String certificate, String key, String clientCa, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Unusable> unusable() throws Exception {
    var one = certificate(Algorithm.ecp256);
    var other = certificate(Algorithm.rsa2048);
    var same = certificate(Algorithm.ecp256);
    var chain = one.getCertificatePathPEM();
    var key = one.getPrivateKeyPEM();
    return List.of(
        new Unusable(
            "no certificate", "", key, chain, "gateway.tls.certificate: has no certificate"),
        new Unusable(
            "text", "certificate", key, chain, "gateway.tls.certificate: has no certificate"),
        new Unusable(
            "half a certificate",
            chain.substring(0, 200) + "\n-----END CERTIFICATE-----\n",
            key,
            chain,
            "gateway.tls.certificate: has no certificate"),
        new Unusable("no key", chain, "", chain, "gateway.tls.key: cannot be used: "),
        new Unusable(
            "a certificate as key", chain, chain, chain, "gateway.tls.key: cannot be used: "),
        new Unusable(
            "a key of another kind",
            chain,
            other.getPrivateKeyPEM(),
            chain,
            "gateway.tls.key: cannot be used: private key algorithm does not match"),
        new Unusable(
            "another key of the same kind",
            chain,
            same.getPrivateKeyPEM(),
            chain,
            "gateway.tls.key: is not the key of the certificate"),
        new Unusable("no client CA", chain, key, "", "gateway.tls.client-ca: has no certificate"));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void whatCannotBeUsedIsSaid(Unusable row) throws Exception {
    write("a.crt", row.certificate());
    write("a.key", row.key());
    write("ca.crt", row.clientCa());

    assertThatThrownBy(() -> load(Optional.of(Path.of("ca.crt"))))
        .hasMessageContaining(row.problem());
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> load(Optional.empty()))
        .hasMessageContaining(
            "gateway.tls.certificate: there is no file " + folder.resolve("a.crt"));
  }
}
