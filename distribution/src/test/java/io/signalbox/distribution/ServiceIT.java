package io.signalbox.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit of the service, read and, where systemd is there, checked by it. */
final class ServiceIT {
  private static final Path UNIT = Path.of("src/main/systemd/signalbox.service");

  private static final String LAUNCHER = "/opt/signalbox/bin/signalbox";

  /** Of systemd's scale from 0 to 100: below it a service is well confined. */
  private static final String EXPOSURE = "20";

  @TempDir private Path folder;

  private static Map<String, List<String>> keys() throws IOException {
    return Files.readAllLines(UNIT).stream()
        .filter(line -> line.contains("=") && !line.startsWith("#"))
        .map(line -> line.split("=", 2))
        .collect(
            Collectors.groupingBy(
                pair -> pair[0], Collectors.mapping(pair -> pair[1], Collectors.toList())));
  }

  @Test
  void itIsConfinedAndHasTimeToStop() throws Exception {
    assertThat(keys())
        .containsEntry("ExecStart", List.of(LAUNCHER + " run -c /etc/signalbox/signalbox.yaml"))
        .containsEntry("DynamicUser", List.of("yes"))
        .containsEntry("ProtectSystem", List.of("strict"))
        .containsEntry("NoNewPrivileges", List.of("yes"))
        .containsEntry("CapabilityBoundingSet", List.of(""))
        .containsEntry("SuccessExitStatus", List.of("143"))
        .containsEntry("TimeoutStopSec", List.of("30s"))
        // The Java machine writes code while it runs.
        .doesNotContainKey("MemoryDenyWriteExecute");
  }

  @Test
  void systemdFindsNothingWrongWithIt() throws Exception {
    assumeSystemd();

    assertThat(complaints(Files.readString(UNIT))).isEmpty();
    assertThat(complaints(Files.readString(UNIT).replace("DynamicUser", "DynamicUsr")))
        .anyMatch(line -> line.contains("DynamicUsr"));
  }

  @Test
  void systemdFindsItWellConfined() throws Exception {
    assumeSystemd();
    var unit = copy(Files.readString(UNIT));

    Shell.run(
        folder,
        List.of("systemd-analyze", "security", "--offline=true", "--threshold=" + EXPOSURE, unit));
  }

  private static void assumeSystemd() {
    var there = Files.isExecutable(Path.of("/usr/bin/systemd-analyze"));
    if (!there) {
      System.err.println("\n!!! There is no systemd-analyze, so the unit was only read.\n");
    }
    assumeTrue(there, "systemd-analyze");
  }

  /** What systemd says of a unit; of others that it reads with it, nothing. */
  private List<String> complaints(String unit) throws Exception {
    return Shell.run(folder, List.of("systemd-analyze", "verify", "--man=no", copy(unit)))
        .lines()
        .filter(line -> line.contains("signalbox.service"))
        .toList();
  }

  /** The unit as a file, with a program that is there. */
  private String copy(String unit) throws IOException {
    var launcher = Path.of("src/main/launcher/signalbox").toAbsolutePath().toString();
    var file = folder.resolve("signalbox.service");
    return Files.writeString(file, unit.replace(LAUNCHER, launcher)).toString();
  }
}
