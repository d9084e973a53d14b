package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.signalbox.host.tls.CertificateVerticle;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Both doors behind certificates, which are renewed while they serve. */
@ExtendWith(BlockedLoops.class)
final class TlsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Logger LOG = (Logger) LoggerFactory.getLogger(CertificateVerticle.class);

  private final Engines engines = Engines.start(1);
  private final RunningHost.Ports ports = RunningHost.Ports.free();
  private final X509Bundle authority = authority();

  @TempDir private Path folder;

  private static X509Bundle authority() {
    try {
      return new CertificateBuilder()
          .subject("CN=authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private X509Bundle issued(long serial) throws Exception {
    return new CertificateBuilder()
        .subject("CN=localhost")
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .serial(BigInteger.valueOf(serial))
        .buildIssuedBy(authority);
  }

  private void write(X509Bundle certificate) throws IOException {
    Files.writeString(folder.resolve("a.key"), certificate.getPrivateKeyPEM());
    Files.writeString(folder.resolve("a.crt"), certificate.getCertificatePathPEM());
  }

  @BeforeEach
  void writeFiles() throws Exception {
    write(issued(1));
    Files.writeString(folder.resolve("ca.crt"), authority.getRootCertificatePEM());
  }

  @AfterEach
  void stop() {
    engines.close();
  }

  private RunningHost start(String gatewayTls, String extProcTls) throws Exception {
    var file = folder.resolve("signalbox.yaml");
    var yaml =
        ports
            .yaml(RunningHost.models(engines.addresses()))
            .replace("idle-timeout: 30s", "idle-timeout: 30s" + gatewayTls)
            .replace("port: " + ports.extProc(), "port: " + ports.extProc() + extProcTls);
    Files.writeString(file, yaml);
    return RunningHost.follow(ports, file);
  }

  private static final String TLS = ", tls: {certificate: a.crt, key: a.key}";
  private static final String MUTUAL = ", tls: {certificate: a.crt, key: a.key, client-ca: ca.crt}";

  private HttpClient client(Version version, KeyManager... own) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(own, new TrustManager[] {authority.toTrustManager()}, new SecureRandom());
    return HttpClient.newBuilder().version(version).sslContext(context).build();
  }

  private HttpResponse<String> chat(HttpClient client) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports.gateway() + Client.CHAT))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(Bodies.HELLO))
            .build(),
        BodyHandlers.ofString());
  }

  /** The serial number of the certificate that a new connection is shown. */
  private long shown() throws Exception {
    try (var client = client(Version.HTTP_1_1)) {
      var certificates = chat(client).sslSession().orElseThrow().getPeerCertificates();
      return ((X509Certificate) certificates[0]).getSerialNumber().longValue();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void clientsChooseTheProtocol(Version version) throws Exception {
    try (var _ = start(TLS, "");
        var client = client(version)) {
      var answer = chat(client);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(Answers.header(answer, "target-pod")).isEqualTo(engines.get(0).address());
    }
  }

  @Test
  void aRenewedCertificateIsShownToNewConnectionsAndABrokenOneIsNot() throws Exception {
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    LOG.addAppender(lines);
    try (var host = start(TLS, "");
        var before = client(Version.HTTP_2)) {
      assertThat(chat(before).statusCode()).isEqualTo(200);
      assertThat(shown()).isEqualTo(1);
      assertThat(host.meter("signalbox_certificate_expiry_seconds", "")).isPositive();

      write(issued(2));
      Eventually.until(SOON, () -> shown() == 2, "it is not shown");
      assertThat(chat(before).statusCode()).isEqualTo(200);

      Files.writeString(folder.resolve("a.crt"), "no certificate");
      Eventually.until(
          SOON,
          () -> host.meter("signalbox_certificate_renewals_total", "outcome=\"failure\"") == 1,
          "it is not refused");
      assertThat(shown()).isEqualTo(2);

      write(issued(3));
      Eventually.until(SOON, () -> shown() == 3, "it is not shown");
    } finally {
      LOG.detachAppender(lines);
    }
    assertThat(lines.list).isNotEmpty().noneMatch(line -> line.getLevel() == Level.ERROR);
  }

  @Test
  void whoHasNoCertificateIsNotServedWhereOneIsAskedFor() throws Exception {
    try (var _ = start(MUTUAL, "");
        var stranger = client(Version.HTTP_1_1);
        var known = client(Version.HTTP_1_1, issued(7).toKeyManagerFactory().getKeyManagers())) {
      assertThatThrownBy(() -> chat(stranger)).isInstanceOf(IOException.class);
      assertThat(chat(known).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void envoyAndTheHostProveTheirNamesToEachOther() throws Exception {
    var proxy = issued(8);
    Files.writeString(folder.resolve("proxy.key"), proxy.getPrivateKeyPEM());
    Files.writeString(folder.resolve("proxy.crt"), proxy.getCertificatePathPEM());
    try (var _ = start("", MUTUAL)) {
      try (var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, ports.extProc(), this::secured)) {
        var client = new Client(envoy.port());
        assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);

        write(issued(9));
        Eventually.until(SOON, () -> renewals(new Client(ports.admin())) == 1, "it is not renewed");
        assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);
      }
      try (var cleartext = EnvoyProcess.start(EnvoyProcess.CURRENT, ports.extProc())) {
        assertThat(new Client(cleartext.port()).chat(Bodies.HELLO).statusCode())
            .isGreaterThanOrEqualTo(500);
      }
    }
  }

  private static long renewals(Client admin) {
    return admin
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("signalbox_certificate_renewals_total{"))
        .filter(line -> line.contains("success"))
        .count();
  }

  /** The cluster {@code signalbox} with TLS, as {@code docs/operations.md} shows it. */
  private String secured(String yaml) {
    var shown =
        Markdown.page("docs/operations.md").section("Certificates").blocks("yaml").getLast();
    var transport =
        replaced(
                shown,
                Map.of(
                    "/etc/envoy/proxy", folder.resolve("proxy").toString(),
                    "/etc/envoy/ca.crt", folder.resolve("ca.crt").toString(),
                    "signalbox.example.com", "localhost"))
            .indent(4);
    return yaml.replace("  - name: signalbox\n", "  - name: signalbox\n" + transport);
  }

  private static String replaced(String text, Map<String, String> by) {
    var result = text;
    for (var entry : by.entrySet()) {
      result = result.replace(entry.getKey(), entry.getValue());
    }
    return result;
  }
}
