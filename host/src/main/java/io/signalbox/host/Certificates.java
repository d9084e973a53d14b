package io.signalbox.host;

import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblem;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.TlsConfig;
import io.signalbox.host.tls.CertificateFiles;
import io.signalbox.host.tls.ListenerCertificate;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The certificates that the doors and the admin of a configuration start with. */
record Certificates(List<ListenerCertificate> all) {
  /** The listeners' sections of the configuration. */
  static final String GATEWAY = "gateway";

  static final String EXT_PROC = "ext-proc";
  static final String ADMIN = "admin";

  /**
   * Reads and checks them. Blocks.
   *
   * @param base the folder from which the configuration's paths start
   * @throws ConfigException with every one that cannot be used
   */
  static Certificates load(Configuration configuration, Path base, Vertx vertx) {
    var files = new ArrayList<CertificateFiles>();
    add(GATEWAY, configuration.gateway().tls(), base, files);
    add(EXT_PROC, configuration.extProc().tls(), base, files);
    add(ADMIN, configuration.admin().tls(), base, files);
    var all = new ArrayList<ListenerCertificate>();
    var problems = new ArrayList<ConfigProblem>();
    for (var one : files) {
      try {
        all.add(one.load(vertx));
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Certificates(List.copyOf(all));
  }

  private static void add(
      String listener, Optional<TlsConfig> tls, Path base, List<CertificateFiles> files) {
    tls.ifPresent(config -> files.add(new CertificateFiles(listener, config, base)));
  }

  /** Of a listener; empty where it listens in cleartext. */
  Optional<ListenerCertificate> of(String listener) {
    return all.stream().filter(one -> one.listener().equals(listener)).findFirst();
  }
}
