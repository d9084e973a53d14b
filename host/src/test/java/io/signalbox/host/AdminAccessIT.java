package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who is let in to the admin pages of running hosts that ask: by token, by certificate, or not. */
@ExtendWith(BlockedLoops.class)
final class AdminAccessIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String TOKEN = "a-token-that-nobody-guesses";

  /** Every page but those of health, and what is changed. */
  private static final List<String> CLOSED =
      List.of(
          "GET /metrics",
          "GET /endpoints",
          "GET /config",
          "GET /decisions/x",
          "GET /plugins",
          "GET /plugins/x",
          "GET /nothing",
          "POST /signals",
          "PUT /plugins/x.mjs",
          "POST /plugins/x/roll-back",
          "DELETE /plugins/x");

  private static final X509Bundle AUTHORITY = authority("CN=authority");

  @TempDir private static Path folder;

  private static RunningHost byToken;
  private static RunningHost byCertificate;

  @BeforeAll
  static void start() throws Exception {
    byToken = host("token", "token: " + sha256(TOKEN));
    write(issued(AUTHORITY, 1));
    byCertificate =
        host(
            "certificate",
            "token: "
                + sha256(TOKEN).toUpperCase(Locale.ROOT)
                + ", tls: {certificate: ../a.crt, key: ../a.key, client-ca: ../ca.crt}");
  }

  @AfterAll
  static void stop() {
    byToken.close();
    byCertificate.close();
  }

  /** Reached from the network, as far as this machine has one. */
  private static RunningHost host(String name, String admin) throws IOException {
    var base = Files.createDirectories(folder.resolve(name));
    Files.writeString(folder.resolve("ca.crt"), AUTHORITY.getRootCertificatePEM());
    var ports = RunningHost.Ports.free();
    var yaml =
        ports
            .yaml("models: [{name: m}]")
            .replace("admin: {host: 127.0.0.1", "admin: {" + admin + ", host: 0.0.0.0");
    return RunningHost.follow(ports, Files.writeString(base.resolve("signalbox.yaml"), yaml));
  }

  private static String sha256(String text) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  private static HttpResponse<String> send(String request, String... headers) {
    var parts = request.split(" ", 2);
    var admin = byToken.admin();
    var builder = admin.request(parts[1]).method(parts[0], BodyPublishers.ofString("{}"));
    return admin.send(headers.length == 0 ? builder : builder.headers(headers));
  }

  // By token

  @Test
  void whoShowsNoTokenSeesAndChangesNothing() {
    for (var request : CLOSED) {
      var answer = send(request);

      assertThat(answer.statusCode()).as(request).isEqualTo(401);
      assertThat(Answers.header(answer, "www-authenticate")).startsWith("Bearer");
      assertThat(new JsonObject(answer.body()).getString("error")).contains("admin.token");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer ",
        "Bearer wrong",
        "Bearer " + TOKEN + "x",
        "Bearer x" + TOKEN,
        "Basic " + TOKEN,
        TOKEN
      })
  void aWrongTokenIsNone(String authorization) {
    assertThat(send("GET /metrics", "authorization", authorization).statusCode()).isEqualTo(401);
  }

  @Test
  void theHashIsNoToken() throws Exception {
    assertThat(send("GET /metrics", "authorization", "Bearer " + sha256(TOKEN)).statusCode())
        .isEqualTo(401);
    assertThat(send("GET /metrics", "authorization", "Bearer " + "x".repeat(5_000)).statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER   "})
  void whoHasTheTokenSeesThePages(String scheme) {
    var answer = send("GET /metrics", "authorization", scheme + TOKEN);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("signalbox_admin_refusals_total ");
  }

  @Test
  void whoHasTheTokenChangesPluginsFromTheNetwork() {
    var script =
        """
        export const strategy = { name: "uploaded", kind: "filter" };
        export function keep(request, endpoint) {
          return true;
        }
        """;
    var admin = byToken.admin();
    var answer =
        admin.send(
            admin
                .request("/plugins/uploaded.mjs")
                .header("authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofMinutes(2))
                .PUT(BodyPublishers.ofString(script)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(folder.resolve("token/plugins/uploaded.mjs")).hasContent(script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready"})
  void probesNeedNothing(String page) throws Exception {
    assertThat(byToken.admin().get(page).statusCode()).isEqualTo(200);
    try (var stranger = client(new KeyManager[0])) {
      assertThat(secured(stranger, page).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whoIsRefusedIsCountedAndNoTokenIsLogged() {
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(lines);
    try {
      double before = refusals();
      assertThat(send("GET /config", "authorization", "Bearer guessed-token").statusCode())
          .isEqualTo(401);
      assertThat(refusals()).isEqualTo(before + 1);
    } finally {
      root.detachAppender(lines);
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains("guessed-token") || line.contains(TOKEN));
  }

  private static double refusals() {
    return send("GET /metrics", "authorization", "Bearer " + TOKEN)
        .body()
        .lines()
        .filter(line -> line.startsWith("signalbox_admin_refusals_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  // By certificate

  private static X509Bundle authority(String name) {
    try {
      return new CertificateBuilder()
          .subject(name)
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static X509Bundle issued(X509Bundle by, long serial) throws Exception {
    return new CertificateBuilder()
        .subject("CN=localhost")
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .serial(BigInteger.valueOf(serial))
        .buildIssuedBy(by);
  }

  private static void write(X509Bundle certificate) throws IOException {
    Files.writeString(folder.resolve("a.key"), certificate.getPrivateKeyPEM());
    Files.writeString(folder.resolve("a.crt"), certificate.getCertificatePathPEM());
  }

  private static HttpClient client(KeyManager... own) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(own, new TrustManager[] {AUTHORITY.toTrustManager()}, new SecureRandom());
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static HttpClient clientWith(X509Bundle certificate) throws Exception {
    return client(certificate.toKeyManagerFactory().getKeyManagers());
  }

  private static HttpResponse<String> secured(HttpClient client, String page, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + byCertificate.ports().admin() + page));
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  @Test
  void aCertificateIsAsGoodAsTheToken() throws Exception {
    try (var known = clientWith(issued(AUTHORITY, 7));
        var stranger = client(new KeyManager[0])) {
      assertThat(secured(known, "/metrics").statusCode()).isEqualTo(200);
      var answer = secured(stranger, "/metrics");
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("admin.tls.client-ca");
      assertThat(secured(stranger, "/metrics", "authorization", "Bearer " + TOKEN).statusCode())
          .isEqualTo(200);
    }
  }

  /** By the name alone it would do, so the client shows it. */
  @Test
  void aCertificateThatSomebodyElseSignedEndsTheConnection() throws Exception {
    try (var other = clientWith(issued(authority("CN=authority"), 8))) {
      assertThatThrownBy(() -> secured(other, "/metrics")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRenewedCertificateIsShownAndCallersAreStillAsked() throws Exception {
    write(issued(AUTHORITY, 2));
    Eventually.until(SOON, () -> shown() == 2, "it is not shown");
    try (var stranger = client(new KeyManager[0])) {
      assertThat(secured(stranger, "/metrics").statusCode()).isEqualTo(401);
      assertThat(secured(stranger, "/health/live").statusCode()).isEqualTo(200);
    }
  }

  /** The serial number of the certificate that a new connection is shown. */
  private static long shown() throws Exception {
    try (var client = client(new KeyManager[0])) {
      var session = secured(client, "/health/live").sslSession().orElseThrow();
      var certificate = (X509Certificate) session.getPeerCertificates()[0];
      return certificate.getSerialNumber().longValue();
    }
  }
}
