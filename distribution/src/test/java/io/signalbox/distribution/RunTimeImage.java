package io.signalbox.distribution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A Java that runs programs and cannot build any. */
final class RunTimeImage {
  /** What Temurin's JRE 25 has, as far as it is not part of another one of these. */
  private static final String MODULES =
      "java.se,jdk.accessibility,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.dynalink,"
          + "jdk.graal.compiler,jdk.graal.compiler.management,jdk.httpserver,jdk.incubator.vector,"
          + "jdk.internal.vm.ci,jdk.jdwp.agent,jdk.jfr,jdk.jsobject,jdk.localedata,jdk.management,"
          + "jdk.management.agent,jdk.management.jfr,jdk.naming.dns,jdk.naming.rmi,jdk.net,"
          + "jdk.nio.mapmode,jdk.sctp,jdk.security.auth,jdk.security.jgss,jdk.unsupported,"
          + "jdk.xml.dom,jdk.zipfs";

  private RunTimeImage() {}

  /** Makes one, in a folder that is not there yet. */
  static Path make(Path folder) throws IOException, InterruptedException {
    var jlink = Path.of(System.getProperty("java.home"), "bin", "jlink").toString();
    Shell.run(
        Path.of("."), List.of(jlink, "--add-modules", MODULES, "--output", folder.toString()));
    return folder;
  }
}
