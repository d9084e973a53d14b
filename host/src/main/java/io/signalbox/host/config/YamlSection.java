package io.signalbox.host.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file, read key by key. Each getter reports what it cannot read and goes on
 * with the default, so that one run finds every problem; {@link #finish} reports the keys nobody
 * asked for.
 */
final class YamlSection {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KiB|MiB)?");

  private final String path;
  private final ConfigProblems problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> keyLines = new LinkedHashMap<>();
  private final TreeSet<String> asked = new TreeSet<>();

  YamlSection(Optional<Node> node, String path, ConfigProblems problems) {
    this.path = path;
    this.problems = problems;
    node.ifPresent(this::collect);
  }

  private void collect(Node node) {
    problems.locate(path, line(node));
    if (node.getTag().equals(Tag.NULL)) {
      return;
    }
    if (!(node instanceof MappingNode mapping)) {
      problems.add(line(node), path, "must be a mapping of keys to values, not " + describe(node));
      return;
    }
    for (var tuple : mapping.getValue()) {
      var key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      keyLines.put(key, line(tuple.getKeyNode()));
      problems.locate(child(key), line(tuple.getKeyNode()));
      if (values.put(key, tuple.getValueNode()) != null) {
        problems.add(line(tuple.getKeyNode()), child(key), "is there twice");
      }
    }
  }

  /** The mapping under a key; empty where the key is absent. */
  YamlSection section(String key) {
    return new YamlSection(value(key), child(key), problems);
  }

  /** The mappings of a list of mappings; empty where the key is absent. */
  List<YamlSection> sections(String key) {
    var sections = new ArrayList<YamlSection>();
    for (var item : items(key)) {
      var itemPath = child(key) + "[" + sections.size() + "]";
      sections.add(new YamlSection(Optional.of(item), itemPath, problems));
    }
    return sections;
  }

  /** A text, or empty where absent or not a text. */
  Optional<String> text(String key) {
    return value(key).flatMap(node -> text(node, child(key)));
  }

  /** The texts of a list, by their paths. */
  Map<String, String> texts(String key) {
    var texts = new LinkedHashMap<String, String>();
    int index = 0;
    for (var item : items(key)) {
      var itemPath = child(key) + "[" + index++ + "]";
      problems.locate(itemPath, line(item));
      text(item, itemPath).ifPresent(text -> texts.put(itemPath, text));
    }
    return texts;
  }

  /** All keys of this mapping with texts as values. */
  Map<String, String> allTexts() {
    var texts = new LinkedHashMap<String, String>();
    for (var key : values.keySet()) {
      text(key).ifPresent(text -> texts.put(key, text));
    }
    return texts;
  }

  boolean flag(String key, boolean absent) {
    return read(key, absent, "true or false", YamlSection::flag);
  }

  int integer(String key, int absent, int min, int max) {
    return read(
        key,
        absent,
        "an integer from " + min + " to " + max,
        node -> digits(node).filter(n -> min <= n && n <= max).map(Long::intValue));
  }

  /** A size in bytes, written as a number with or without {@code KiB} or {@code MiB}. */
  int bytes(String key, int absent, int min, int max) {
    return read(
        key,
        absent,
        "a size from " + min + " to " + max + " bytes, such as 512KiB or 32MiB",
        node -> size(node).filter(n -> min <= n && n <= max).map(Long::intValue));
  }

  Duration duration(String key, Duration absent, Duration min, Duration max) {
    return read(
        key,
        absent,
        "a duration from "
            + Durations.format(min)
            + " to "
            + Durations.format(max)
            + ", such as 200ms or 5s",
        node -> duration(node).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0));
  }

  <T> T choice(String key, T absent, Map<String, T> choices) {
    return read(
        key,
        absent,
        String.join(" or ", new TreeSet<>(choices.keySet())),
        node -> scalar(node).flatMap(text -> Optional.ofNullable(choices.get(text))));
  }

  /** Reports the keys that nobody asked for. */
  void finish() {
    for (var key : values.keySet()) {
      if (!asked.contains(key)) {
        problems.add(
            keyLines.getOrDefault(key, 0),
            child(key),
            "is unknown"
                + NearestName.hint(key, asked)
                + " (known here: "
                + String.join(", ", asked)
                + ")");
      }
    }
  }

  private <T> T read(String key, T absent, String allowed, Function<Node, Optional<T>> reader) {
    var node = value(key);
    if (node.isEmpty()) {
      return absent;
    }
    var read = reader.apply(node.get());
    if (read.isEmpty()) {
      problems.add(
          line(node.get()), child(key), "must be " + allowed + ", not " + describe(node.get()));
    }
    return read.orElse(absent);
  }

  private Optional<Node> value(String key) {
    asked.add(key);
    return Optional.ofNullable(values.get(key));
  }

  private List<Node> items(String key) {
    var node = value(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problems.add(line(node.get()), child(key), "must be a list, not " + describe(node.get()));
    return List.of();
  }

  private Optional<String> text(Node node, String at) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return Optional.of(scalar.getValue());
    }
    problems.add(line(node), at, "must be a text, not " + describe(node));
    return Optional.empty();
  }

  /** The path of a key below this mapping, or of this mapping's neighbours' children. */
  String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  String path() {
    return path;
  }

  private static Optional<Boolean> flag(Node node) {
    return node.getTag().equals(Tag.BOOL)
        ? scalar(node).map(text -> text.equalsIgnoreCase("true"))
        : Optional.empty();
  }

  private static Optional<Long> digits(Node node) {
    return scalar(node).filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong);
  }

  private static Optional<Long> size(Node node) {
    return scalar(node)
        .map(SIZE::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(size -> {
          long amount = Long.parseLong(size.group(1));
          var unit = size.group(2) == null ? "" : size.group(2);
          return switch (unit) {
            case "KiB" -> amount * 1024;
            case "MiB" -> amount * 1024 * 1024;
            default -> amount;
          };
        });
  }

  private static Optional<Duration> duration(Node node) {
    return scalar(node).flatMap(text -> Durations.parse(text.equals("0") ? "0ms" : text));
  }

  private static Optional<String> scalar(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  private static String describe(Node node) {
    return switch (node) {
      case ScalarNode scalar ->
          scalar.getTag().equals(Tag.NULL) ? "nothing" : "\"" + scalar.getValue() + "\"";
      case SequenceNode _ -> "a list";
      default -> "a mapping";
    };
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
