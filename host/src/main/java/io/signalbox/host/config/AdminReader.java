package io.signalbox.host.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads {@code admin}, and who may see it. */
final class AdminReader {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

  private final HostResolver resolver;
  private final ConfigProblems problems;

  AdminReader(HostResolver resolver, ConfigProblems problems) {
    this.resolver = resolver;
    this.problems = problems;
  }

  AdminConfig read(YamlSection section) {
    var admin =
        new AdminConfig(
            ConfigReader.listen(section, AdminConfig.DEFAULT.listen()),
            ConfigReader.tls(section),
            section
                .secret(
                    "token",
                    "the SHA-256 of a token, in 64 hexadecimal digits",
                    SHA_256.asMatchPredicate())
                .map(hash -> hash.toLowerCase(Locale.ROOT)),
            section.flag("allow-anonymous", AdminConfig.DEFAULT.allowAnonymous()));
    section.finish();
    // A token or a certificate that cannot be read is a problem of its own.
    boolean authenticates = admin.authenticates() || section.has("token");
    if (authenticates && admin.allowAnonymous()) {
      problems.add(
          "admin.allow-anonymous",
          "must be false where admin.token or admin.tls.client-ca says who is let in");
    } else if (admin.listen().enabled() && !authenticates && !admin.allowAnonymous()) {
      requireLoopback(admin.listen().host());
    }
    return admin;
  }

  private void requireLoopback(String host) {
    if (resolver.resolve(host).filter(AdminReader::isLoopback).isEmpty()) {
      problems.add(
          "admin.host",
          '"'
              + host
              + "\" is not a loopback address, and nobody is asked who they are: set admin.token,"
              + " or admin.tls with client-ca, or, where the network keeps everybody else out,"
              + " admin.allow-anonymous: true");
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
