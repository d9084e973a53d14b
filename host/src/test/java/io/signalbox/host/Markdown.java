package io.signalbox.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the documentation, or a part of one, taken apart line by line. */
record Markdown(Path file, List<String> lines) {
  /** The folder of the repository; tests run in that of their module. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final String FENCE = "```";
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  /** The page at a path such as {@code docs/chains.md}. */
  static Markdown page(String path) {
    return page(ROOT.resolve(path));
  }

  static Markdown page(Path file) {
    try {
      return new Markdown(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts of the heads of a level. */
  List<String> heads(int level) {
    var marks = "#".repeat(level) + " ";
    return prose().stream()
        .filter(line -> line.startsWith(marks))
        .map(line -> line.substring(marks.length()))
        .toList();
  }

  /** What stands under a head of the second level. */
  Markdown section(String head) {
    int start = lines.indexOf("## " + head);
    if (start < 0) {
      throw new AssertionError(file + " has no head \"" + head + '"');
    }
    int end = start + 1;
    while (end < lines.size() && !lines.get(end).startsWith("## ")) {
      end++;
    }
    return new Markdown(file, lines.subList(start + 1, end));
  }

  /** The rows of all tables, without their heads; code marks are left out of the cells. */
  List<List<String>> rows() {
    var rows = new ArrayList<List<String>>();
    var prose = prose();
    for (int i = 0; i < prose.size(); i++) {
      boolean head = i + 1 < prose.size() && prose.get(i + 1).startsWith("|---");
      if (prose.get(i).startsWith("| ") && !head) {
        rows.add(cells(prose.get(i)));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    var row = line.strip();
    return Arrays.stream(row.substring(1, row.length() - 1).split("\\|", -1))
        .map(cell -> cell.strip().replace("`", ""))
        .toList();
  }

  /** The code blocks of a language, without their fences. */
  List<String> blocks(String language) {
    var blocks = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals(FENCE + language)) {
        int end = i + 1;
        while (!lines.get(end).equals(FENCE)) {
          end++;
        }
        blocks.add(String.join("\n", lines.subList(i + 1, end)));
        i = end;
      }
    }
    return blocks;
  }

  /** The targets of all links. */
  List<String> links() {
    return LINK.matcher(String.join("\n", prose()))
        .results()
        .map(MatchResult::group)
        .map(link -> link.substring(2, link.length() - 1))
        .toList();
  }

  /** The anchors that links may point to. */
  List<String> anchors() {
    return prose().stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(head -> head.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  /** The lines outside code blocks. */
  private List<String> prose() {
    var prose = new ArrayList<String>();
    boolean code = false;
    for (var line : lines) {
      if (line.startsWith(FENCE)) {
        code = !code;
      } else if (!code) {
        prose.add(line);
      }
    }
    return prose;
  }
}
