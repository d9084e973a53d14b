package io.signalbox.host.plugin;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which names in the plugins folder mean what. */
final class FileNames {
  /** Files a folder starts with. */
  static final List<String> MAINS = List.of("main.js", "main.mjs", "main.py");

  static final String JAR = ".jar";

  /** What a name of a plugin may be, for a message. */
  static final String ALLOWED = "allowed are A-Z a-z 0-9 . _ -, at most 64 characters";

  /** The ends of names of files that are plugins. */
  static final List<String> PLUGINS = List.of(".js", ".mjs", ".py", JAR);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /**
   * Hidden files, among them the folders and links of a Kubernetes volume ({@code ..data}); what
   * editors and downloads write besides the file itself ({@code 4913} is vim's trial whether it may
   * write); what compilers write; and what is only read by people and editors.
   */
  private static final Pattern IGNORED =
      Pattern.compile(
          "\\..*|.*~|#.*#|4913|__pycache__"
              + "|.*\\.(?:swp|swo|swx|tmp|part|crdownload|pyc|bak|orig|md|d\\.ts|pyi)"
              + "|.*___jb_(?:tmp|old)___");

  private FileNames() {}

  static boolean isIgnored(String fileName) {
    return IGNORED.matcher(fileName).matches();
  }

  static boolean isAllowed(String pluginName) {
    return NAME.matcher(pluginName).matches();
  }

  /** The plugin's name, if a file of this name is a plugin. */
  static Optional<String> pluginOf(String fileName) {
    return PLUGINS.stream()
        .filter(fileName::endsWith)
        .map(extension -> fileName.substring(0, fileName.length() - extension.length()))
        .findFirst();
  }

  /** The name without anything that could forge a line of a log. */
  static String printable(String fileName) {
    return fileName.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }
}
