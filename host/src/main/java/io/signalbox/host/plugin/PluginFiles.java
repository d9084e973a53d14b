package io.signalbox.host.plugin;

import io.signalbox.host.script.FileContent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one plugin consists of, at one instant. Immutable. */
public sealed interface PluginFiles {
  /** The plugin's name: that of its file without the extension, or that of its folder. */
  String name();

  /** SHA-256 in hexadecimal digits: two versions of a plugin with one digest are the same. */
  String digest();

  /**
   * A script, whole in memory.
   *
   * @param main the key in {@code files} of the file to start with
   * @param files by path from the plugin's root, with {@code /} between the parts
   * @param digest over the names and contents of all files, and which is the main one
   */
  record Script(String name, String main, SortedMap<String, FileContent> files, String digest)
      implements PluginFiles {
    public Script {
      files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
      if (!files.containsKey(main)) {
        throw new IllegalArgumentException("plugin " + name + " has no file " + main);
      }
    }

    /** A script of these files. */
    public static Script of(String name, String main, SortedMap<String, FileContent> files) {
      return new Script(name, main, files, digestOf(main, files));
    }

    private static String digestOf(String main, SortedMap<String, FileContent> files) {
      var sha = sha256();
      add(sha, main.getBytes(StandardCharsets.UTF_8));
      files.forEach((path, content) -> {
        add(sha, path.getBytes(StandardCharsets.UTF_8));
        add(sha, content.bytes());
      });
      return HexFormat.of().formatHex(sha.digest());
    }

    /** The length first, so that moving bytes from one file to the next is a change. */
    private static void add(MessageDigest sha, byte[] bytes) {
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      sha.update(bytes);
    }
  }

  /**
   * A jar, which stays where it is: before use it is copied, and the copy compared with the digest.
   *
   * @param path where it lies
   * @param digest that of the file
   */
  record Jar(String name, Path path, String digest) implements PluginFiles {}

  /** A new SHA-256, which every Java platform has. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
