package io.signalbox.host.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file, read key by key. Each getter reports what it cannot read and goes on
 * with the default, so that one run finds every problem; {@link #finish} reports the keys nobody
 * asked for.
 */
final class YamlSection {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

  private static final Pattern URL_PATH = Pattern.compile("/[!-~]{0,255}");

  private final String path;
  private final ConfigProblems problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> keyLines = new LinkedHashMap<>();
  private final TreeSet<String> asked = new TreeSet<>();

  /** The key whose value stands where the mapping would; empty where this is a mapping. */
  private String shorthand = "";

  YamlSection(Optional<Node> node, String path, ConfigProblems problems) {
    this.path = path;
    this.problems = problems;
    node.ifPresent(this::collect);
  }

  private void collect(Node node) {
    problems.locate(path, YamlValues.line(node));
    if (node.getTag().equals(Tag.NULL)) {
      return;
    }
    if (!(node instanceof MappingNode mapping)) {
      problems.add(
          YamlValues.line(node),
          path,
          "must be a mapping of keys to values, not " + YamlValues.describe(node));
      return;
    }
    for (var tuple : mapping.getValue()) {
      var key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      keyLines.put(key, YamlValues.line(tuple.getKeyNode()));
      problems.locate(child(key), YamlValues.line(tuple.getKeyNode()));
      if (values.put(key, tuple.getValueNode()) != null) {
        problems.add(YamlValues.line(tuple.getKeyNode()), child(key), "is there twice");
      }
    }
  }

  /** The mapping under a key; empty where the key is absent. */
  YamlSection section(String key) {
    return new YamlSection(value(key), child(key), problems);
  }

  /** The mapping under a key, where the key is there. */
  Optional<YamlSection> present(String key) {
    var its = section(key);
    return has(key) ? Optional.of(its) : Optional.empty();
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

  /**
   * The mappings of a list in which a scalar stands for the mapping that has it as {@code
   * shorthand}.
   */
  List<YamlSection> sections(String key, String shorthand) {
    var sections = new ArrayList<YamlSection>();
    for (var item : items(key)) {
      var itemPath = child(key) + "[" + sections.size() + "]";
      if (item instanceof ScalarNode) {
        sections.add(standsFor(item, itemPath, shorthand));
      } else {
        sections.add(new YamlSection(Optional.of(item), itemPath, problems));
      }
    }
    return sections;
  }

  private YamlSection standsFor(Node scalar, String itemPath, String shorthand) {
    problems.locate(itemPath, YamlValues.line(scalar));
    var section = new YamlSection(Optional.empty(), itemPath, problems);
    section.shorthand = shorthand;
    section.values.put(shorthand, scalar);
    return section;
  }

  /** The mappings under all keys that nobody asked for yet, by key: names that users choose. */
  Map<String, YamlSection> namedSections() {
    var sections = new LinkedHashMap<String, YamlSection>();
    for (var key : values.keySet()) {
      if (!asked.contains(key)) {
        sections.put(key, section(key));
        if (!NAME.matcher(key).matches()) {
          problems.add(
              keyLines.getOrDefault(key, 0),
              child(key),
              "must be a name of 1 to 128 letters, digits, \"-\", \"_\" and \".\"");
        }
      }
    }
    return sections;
  }

  /** Whether the key is there. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Reports a key that is not there; a value that is wrong is reported where it is read. */
  void require(String key, String allowed) {
    if (!has(key)) {
      problems.add(child(key), "must be " + allowed + ", and is missing");
    }
  }

  /** A text, or empty where absent or not a text. */
  Optional<String> text(String key) {
    return value(key).flatMap(node -> text(node, child(key)));
  }

  /**
   * A text that is as it must be, or empty where absent or otherwise. What is there is not repeated
   * in the problem: it may be what nobody should read.
   */
  Optional<String> secret(String key, String allowed, Predicate<String> is) {
    var node = value(key);
    var text = node.flatMap(YamlValues::text).filter(is);
    if (node.isPresent() && text.isEmpty()) {
      problems.add(
          YamlValues.line(node.get()),
          child(key),
          "must be " + allowed + ", not what is there, which is not shown");
    }
    return text;
  }

  /** The path of a URL, or empty where absent or none. */
  Optional<String> urlPath(String key) {
    return read(
        key,
        "a path such as /metrics",
        node -> YamlValues.text(node).filter(text -> URL_PATH.matcher(text).matches()));
  }

  /** The texts of a list, by their paths. */
  Map<String, String> texts(String key) {
    var texts = new LinkedHashMap<String, String>();
    int index = 0;
    for (var item : items(key)) {
      var itemPath = child(key) + "[" + index++ + "]";
      problems.locate(itemPath, YamlValues.line(item));
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

  /** All keys of this mapping with their values as they are written. */
  Map<String, String> allScalars() {
    var scalars = new LinkedHashMap<String, String>();
    for (var key : values.keySet()) {
      read(key, "a text, a number, true or false", YamlValues::something)
          .ifPresent(text -> scalars.put(key, text));
    }
    return scalars;
  }

  boolean flag(String key, boolean absent) {
    return read(key, "true or false", YamlValues::flag).orElse(absent);
  }

  int integer(String key, int absent, int min, int max) {
    var allowed = "an integer from " + min + " to " + max;
    return read(key, allowed, node -> YamlValues.digits(node).filter(n -> min <= n && n <= max))
        .map(Long::intValue)
        .orElse(absent);
  }

  /** A size in bytes, written as a number with or without {@code KiB} or {@code MiB}. */
  int bytes(String key, int absent, int min, int max) {
    var allowed = "a size from " + min + " to " + max + " bytes, such as 512KiB or 32MiB";
    return read(key, allowed, node -> YamlValues.size(node).filter(n -> min <= n && n <= max))
        .map(Long::intValue)
        .orElse(absent);
  }

  Duration duration(String key, Duration absent, Duration min, Duration max) {
    return duration(key, min, max).orElse(absent);
  }

  /** A duration, or empty where absent or out of bounds. */
  Optional<Duration> duration(String key, Duration min, Duration max) {
    var allowed =
        "a duration from "
            + Durations.format(min)
            + " to "
            + Durations.format(max)
            + ", such as 200ms or 5s";
    return read(
        key,
        allowed,
        node ->
            YamlValues.duration(node).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0));
  }

  /** A path; whether there is a file is seen when it is read. */
  Optional<Path> path(String key) {
    return text(key)
        .flatMap(text -> {
          try {
            return Optional.of(Path.of(text));
          } catch (InvalidPathException e) {
            problems.add(child(key), "must be a path: " + e.getReason());
            return Optional.empty();
          }
        });
  }

  /** A share such as {@code 5%}, as a ratio greater than 0 and less than 1. */
  OptionalDouble share(String key) {
    return read(key, "a share above 0% and below 100%, such as 5%", YamlValues::share)
        .map(OptionalDouble::of)
        .orElseGet(OptionalDouble::empty);
  }

  /** A percentage, as a ratio from 0 to 1. */
  double ratio(String key, double absent) {
    return read(key, "a share from 0% to 100%, such as 5%", YamlValues::ratio).orElse(absent);
  }

  /** The URL of something that speaks HTTP; a problem, and empty, where absent or none. */
  Optional<URI> requiredUrl(String key, String example) {
    var allowed = "a URL such as " + example;
    require(key, allowed);
    return read(key, allowed, YamlValues::url);
  }

  <T> T choice(String key, T absent, Map<String, T> choices) {
    return choice(key, choices).orElse(absent);
  }

  /** One of the choices, or empty where absent or none of them. */
  <T> Optional<T> choice(String key, Map<String, T> choices) {
    return read(key, anyOf(choices), node -> YamlValues.choice(node, choices));
  }

  /** Those of the choices that a list names. */
  <T> List<T> choices(String key, Map<String, T> choices) {
    var chosen = new ArrayList<T>();
    int index = 0;
    for (var item : items(key)) {
      var itemPath = child(key) + "[" + index++ + "]";
      read(item, itemPath, anyOf(choices), node -> YamlValues.choice(node, choices))
          .ifPresent(chosen::add);
    }
    return chosen;
  }

  private static String anyOf(Map<String, ?> choices) {
    return String.join(" or ", new TreeSet<>(choices.keySet()));
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

  /** What a reader makes of a value, or empty where absent, or not allowed. */
  <T> Optional<T> read(String key, String allowed, Function<Node, Optional<T>> reader) {
    return value(key).flatMap(node -> read(node, child(key), allowed, reader));
  }

  private <T> Optional<T> read(
      Node node, String at, String allowed, Function<Node, Optional<T>> reader) {
    var read = reader.apply(node);
    if (read.isEmpty()) {
      problems.add(
          YamlValues.line(node), at, "must be " + allowed + ", not " + YamlValues.describe(node));
    }
    return read;
  }

  private Optional<Node> value(String key) {
    asked.add(key);
    return Optional.ofNullable(values.get(key));
  }

  private List<Node> items(String key) {
    return read(key, "a list", YamlValues::items).orElse(List.of());
  }

  private Optional<String> text(Node node, String at) {
    return read(node, at, "a text", YamlValues::text);
  }

  /** The path of a key of this mapping. */
  String child(String key) {
    if (!shorthand.isEmpty() && key.equals(shorthand)) {
      return path;
    }
    return path.isEmpty() ? key : path + "." + key;
  }

  String path() {
    return path;
  }
}
