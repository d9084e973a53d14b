package io.signalbox.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host in another process, whose heap is small. */
final class SmallHost {
  private static final String READY = "ready";

  private SmallHost() {}

  /**
   * Starts the other process, which follows a file that listens on these ports.
   *
   * @param flags of the Java machine
   */
  static JavaProcess start(RunningHost.Ports ports, Path file, String... flags) throws Exception {
    var program = new ArrayList<>(List.of(flags));
    program.addAll(
        List.of(
            SmallHost.class.getName(),
            "" + ports.gateway(),
            "" + ports.extProc(),
            "" + ports.admin(),
            file.toString()));
    return JavaProcess.start(program, READY);
  }

  /**
   * The other process; it ends with the test that started it, however that ends.
   *
   * @param args the ports of gateway, ext_proc and admin, and the file
   */
  public static void main(String[] args) throws IOException {
    var ports =
        new RunningHost.Ports(
            Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    var _ = RunningHost.follow(ports, Path.of(args[3]));
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }
}
