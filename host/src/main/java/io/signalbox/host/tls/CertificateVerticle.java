package io.signalbox.host.tls;

import io.signalbox.host.config.ConfigException;
import io.signalbox.host.telemetry.CertificateMetrics;
import io.signalbox.host.tls.CertificateFiles.Contents;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of certificates, and sends a {@link ListenerCertificate} to its listener, by
 * way of the event bus, when they changed. What cannot be used is logged and counted, and the
 * certificate before it stays.
 */
public final class CertificateVerticle extends VerticleBase {
  /** Where certificates that changed are sent, in this process; the listener's name follows. */
  private static final String ADDRESS = "signalbox.certificates.";

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
  private static final Logger LOG = LoggerFactory.getLogger(CertificateVerticle.class);

  private final List<Watched> watched;
  private final CertificateMetrics metrics;

  /** Files, what they had at the last look, and what of it is in use or was refused. */
  private static final class Watched {
    private final CertificateFiles files;
    private Contents seen;
    private Contents judged;
    private String lastProblem = "";

    Watched(ListenerCertificate first) {
      this.files = first.files();
      this.seen = first.contents();
      this.judged = first.contents();
    }
  }

  /** A verticle for the certificates that listeners started with. */
  public CertificateVerticle(List<ListenerCertificate> certificates, CertificateMetrics metrics) {
    this.watched = certificates.stream().map(Watched::new).toList();
    this.metrics = metrics;
  }

  /**
   * Has a listener take what is sent to it into use. One that has a server on each event loop may
   * ask for each: they share a port, and with it the certificate, so one of them is told. Two at a
   * time would wait for each other within Vert.x without end.
   *
   * @param renew called on the event loop that this is called on; what it cannot use is logged, and
   *     the certificate before stays
   */
  public static void follow(
      Vertx vertx, String listener, Function<ServerSSLOptions, Future<?>> renew) {
    vertx
        .eventBus()
        .<ListenerCertificate>localConsumer(
            ADDRESS + listener,
            change ->
                renew
                    .apply(change.body().options())
                    .onFailure(cause -> LOG.error("{} keeps its certificate", listener, cause)));
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(INTERVAL.toMillis(), tick -> watched.forEach(this::look));
    return Future.succeededFuture();
  }

  private void look(Watched one) {
    vertx
        .executeBlocking(() -> change(one))
        .onSuccess(change -> change.ifPresent(this::publish))
        .onFailure(cause -> refused(one, cause));
  }

  /**
   * Files are written one after the other, so they count once they stay as they are from one look
   * to the next. One look at a time, on a worker thread.
   */
  private Optional<ListenerCertificate> change(Watched one) {
    var now = one.files.read();
    boolean settled = now.equals(one.seen);
    one.seen = now;
    if (!settled || now.equals(one.judged)) {
      return Optional.empty();
    }
    one.judged = now;
    var certificate = ListenerCertificate.of(one.files, now, vertx);
    one.lastProblem = "";
    return Optional.of(certificate);
  }

  private void publish(ListenerCertificate certificate) {
    metrics.renewed(certificate.listener(), certificate.expires());
    LOG.info(
        "{} has a new certificate, valid until {}", certificate.listener(), certificate.expires());
    vertx.eventBus().send(ADDRESS + certificate.listener(), certificate, LOCAL);
  }

  private void refused(Watched one, Throwable cause) {
    var problem =
        cause instanceof ConfigException known
            ? known.problems().toString()
            : String.valueOf(cause);
    // A file that is gone is so at every look.
    if (!problem.equals(one.lastProblem)) {
      one.lastProblem = problem;
      metrics.refused(one.files.listener());
      LOG.warn("the certificate before stays: {}", problem);
    }
  }
}
