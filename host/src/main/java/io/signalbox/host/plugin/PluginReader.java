package io.signalbox.host.plugin;

import io.signalbox.host.plugin.Finding.Faulty;
import io.signalbox.host.plugin.Finding.Present;
import io.signalbox.host.plugin.Sighting.Sighted;
import io.signalbox.host.script.FileContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.TreeMap;

/** Reads the files of a plugin. Files may grow while they are read: the bounds hold here too. */
final class PluginReader {
  private static final int PIECE_BYTES = 64 << 10;

  private PluginReader() {}

  static Finding read(String name, Sighted sighted) {
    return sighted.isJar() ? jar(name, sighted) : script(name, sighted);
  }

  private static Finding script(String name, Sighted sighted) {
    var files = new TreeMap<String, FileContent>();
    int left = PluginBounds.maxBytes(sighted);
    for (var path : sighted.stamps().keySet()) {
      try (var in = Files.newInputStream(sighted.root().resolve(path))) {
        var content = in.readNBytes(left + 1);
        if (content.length > left) {
          return new Faulty(PluginBounds.tooLarge(sighted));
        }
        left -= content.length;
        files.put(path, FileContent.of(content));
      } catch (IOException e) {
        return new Faulty(PluginBounds.unreadable(path, e));
      }
    }
    return new Present(PluginFiles.Script.of(name, sighted.main(), files));
  }

  private static Finding jar(String name, Sighted sighted) {
    var path = sighted.root().resolve(sighted.main());
    try {
      var digest = digest(path, PluginBounds.maxBytes(sighted));
      return digest.isEmpty()
          ? new Faulty(PluginBounds.tooLarge(sighted))
          : new Present(new PluginFiles.Jar(name, path, digest));
    } catch (IOException e) {
      return new Faulty(PluginBounds.unreadable(sighted.main(), e));
    }
  }

  /** Empty when the file is larger than that. */
  private static String digest(Path path, long maxBytes) throws IOException {
    var sha = PluginFiles.sha256();
    var piece = new byte[PIECE_BYTES];
    long left = maxBytes;
    try (var in = Files.newInputStream(path)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        sha.update(piece, 0, read);
        left -= read;
        if (left < 0) {
          return "";
        }
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }
}
