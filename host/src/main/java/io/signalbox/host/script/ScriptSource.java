package io.signalbox.host.script;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One version of a plugin, wholly in memory: a single file, or the files of a folder.
 *
 * @param plugin the plugin's name
 * @param main the file that declares strategies, a key of {@code files}
 * @param files by path below the plugin's folder, with {@code /} between its parts
 */
public record ScriptSource(
    String plugin, ScriptLanguage language, String main, Map<String, FileContent> files) {
  public ScriptSource {
    files = Map.copyOf(files);
    if (!files.containsKey(main)) {
      throw new IllegalArgumentException("no file \"" + main + "\" in plugin " + plugin);
    }
    for (var path : files.keySet()) {
      requireInside(path);
    }
  }

  private static void requireInside(String path) {
    for (var part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("not a path inside a plugin: \"" + path + "\"");
      }
    }
  }

  /**
   * A plugin of one file, named like the file without its extension.
   *
   * @throws IllegalArgumentException when the extension is that of no language
   */
  public static ScriptSource of(String file, String text) {
    var language =
        ScriptLanguage.ofFile(file)
            .orElseThrow(() -> new IllegalArgumentException("not a script: " + file));
    var plugin = file.substring(0, file.lastIndexOf('.'));
    return new ScriptSource(plugin, language, file, Map.of(file, FileContent.of(text)));
  }

  /** The text of the main file. */
  String mainText() {
    return Objects.requireNonNull(files.get(main)).text();
  }

  /** SHA-256 over names and contents, in hexadecimal: equal for equal versions. */
  public String digest() {
    var digest = sha256();
    update(digest, main.getBytes(StandardCharsets.UTF_8));
    new TreeMap<>(files)
        .forEach((path, content) -> {
          update(digest, path.getBytes(StandardCharsets.UTF_8));
          update(digest, content.bytes());
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length in front, so that no two lists of parts give the same bytes. */
  private static void update(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    digest.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
