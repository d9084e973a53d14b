package io.signalbox.host.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What one node of the file means, or empty where it is written otherwise. */
final class YamlValues {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KiB|MiB)?");
  private static final Pattern PERCENTAGE = Pattern.compile("(\\d{1,2}(?:\\.\\d{1,3})?|100)%");

  private static final Pattern NUMBER =
      Pattern.compile("\\d{1,18}(\\.\\d{1,20})?([eE][-+]?\\d{1,3})?");

  private YamlValues() {}

  static Optional<List<Node>> items(Node node) {
    return node instanceof SequenceNode sequence
        ? Optional.of(sequence.getValue())
        : Optional.empty();
  }

  static Optional<String> text(Node node) {
    return scalar(node).filter(_ -> node.getTag().equals(Tag.STR));
  }

  static <T> Optional<T> choice(Node node, Map<String, T> choices) {
    return scalar(node).flatMap(text -> Optional.ofNullable(choices.get(text)));
  }

  static Optional<Boolean> flag(Node node) {
    return node.getTag().equals(Tag.BOOL)
        ? scalar(node).map(text -> text.equalsIgnoreCase("true"))
        : Optional.empty();
  }

  /** Finite numbers, none of them negative; empty where one is not. */
  static Optional<List<Double>> numbers(Node node) {
    return items(node)
        .map(all -> all.stream().map(YamlValues::number).flatMap(Optional::stream).toList())
        .filter(read -> read.size() == items(node).orElse(List.of()).size());
  }

  private static Optional<Double> number(Node node) {
    return scalar(node)
        .filter(text -> NUMBER.matcher(text).matches())
        .map(Double::parseDouble)
        .filter(Double::isFinite);
  }

  static Optional<Long> digits(Node node) {
    return scalar(node).filter(text -> text.matches("-?\\d{1,18}")).map(Long::parseLong);
  }

  static Optional<Long> size(Node node) {
    return scalar(node)
        .map(SIZE::matcher)
        .filter(Matcher::matches)
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

  static Optional<Duration> duration(Node node) {
    return scalar(node).flatMap(text -> Durations.parse(text.equals("0") ? "0ms" : text));
  }

  /** A share written as a percentage, as a ratio between 0 and 1, both excluded. */
  static Optional<Double> share(Node node) {
    return ratio(node).filter(ratio -> ratio > 0 && ratio < 1);
  }

  /** A percentage as a ratio from 0 to 1, both included. */
  static Optional<Double> ratio(Node node) {
    return scalar(node)
        .map(PERCENTAGE::matcher)
        .filter(Matcher::matches)
        .map(share -> Double.parseDouble(share.group(1)) / 100);
  }

  /** The URL of something that speaks HTTP. */
  static Optional<URI> url(Node node) {
    return text(node).flatMap(YamlValues::url);
  }

  private static Optional<URI> url(String text) {
    try {
      var url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null && url.getQuery() == null
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** A scalar as it is written, unless it is nothing. */
  static Optional<String> something(Node node) {
    return scalar(node).filter(_ -> !node.getTag().equals(Tag.NULL));
  }

  private static Optional<String> scalar(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  static String describe(Node node) {
    return switch (node) {
      case ScalarNode scalar ->
          scalar.getTag().equals(Tag.NULL) ? "nothing" : "\"" + scalar.getValue() + "\"";
      case SequenceNode _ -> "a list";
      default -> "a mapping";
    };
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
