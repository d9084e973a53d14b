package io.signalbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipInputStream;

/** Takes single files out of archives such as Python's wheels. */
final class ZipEntries {
  private ZipEntries() {}

  /** Makes a program of the entry whose name ends so; it is there whole, or not at all. */
  static void program(Path zip, String ending, Path program) throws IOException {
    var half = program.resolveSibling(program.getFileName() + ".part");
    copy(zip, ending, half);
    if (!half.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + half + " executable");
    }
    Files.move(half, program, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Copies the entry whose name ends so. */
  static void copy(Path zip, String ending, Path to) throws IOException {
    try (var entries = new ZipInputStream(Files.newInputStream(zip))) {
      for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (entry.getName().endsWith(ending)) {
          Files.copy(entries, to, StandardCopyOption.REPLACE_EXISTING);
          return;
        }
      }
    }
    throw new IOException("nothing in " + zip + " ends with " + ending);
  }
}
