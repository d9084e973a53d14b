package io.signalbox.host.admin;

import io.signalbox.host.config.AdminConfig;
import io.signalbox.host.config.Secrets;
import io.signalbox.host.telemetry.AdminMetrics;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Lets those in who prove who they are: by the token, or by a certificate that the connection was
 * opened with. Either is enough, so that Prometheus can have the one and people the other. Whoever
 * has neither is answered 401, and counted.
 */
final class Authentication implements Handler<RoutingContext> {
  /** No token is longer; what is hashed is bounded by the server's limit on headers anyway. */
  private static final int MOST_CHARACTERS = 1024;

  private final Optional<byte[]> tokenHash;
  private final boolean byCertificate;
  private final AdminMetrics metrics;

  Authentication(AdminConfig config, AdminMetrics metrics) {
    tokenHash = config.tokenHash().map(HexFormat.of()::parseHex);
    byCertificate = config.asksForCertificates();
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext page) {
    if (hasToken(page) || hasCertificate(page)) {
      page.next();
      return;
    }
    metrics.refused();
    if (tokenHash.isPresent()) {
      page.response().putHeader("www-authenticate", "Bearer realm=\"admin\"");
    }
    AdminVerticle.json(page, 401, new JsonObject().put("error", wanted()));
  }

  private String wanted() {
    var token = "the header authorization: Bearer and the token whose hash is admin.token";
    var certificate = "a certificate signed by one of admin.tls.client-ca";
    if (tokenHash.isEmpty()) {
      return "who are you? Show " + certificate;
    }
    return "who are you? Show " + token + (byCertificate ? ", or " + certificate : "");
  }

  /** Compared in constant time; and who shows a token cannot choose its hash. */
  private boolean hasToken(RoutingContext page) {
    var header = page.request().getHeader("authorization");
    if (tokenHash.isEmpty() || header == null || header.length() > MOST_CHARACTERS) {
      return false;
    }
    var token = Secrets.bearer(header);
    return token != null && MessageDigest.isEqual(tokenHash.get(), Secrets.hash(token));
  }

  /** The server trusts none but those that {@code client-ca} signed. */
  private boolean hasCertificate(RoutingContext page) {
    var connection = page.request().connection();
    if (!byCertificate || !connection.isSsl()) {
      return false;
    }
    try {
      return !connection.peerCertificates().isEmpty();
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}
