package io.signalbox.host.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Series of a metrics page: those of one name that have all of these labels, whatever others.
 *
 * @param labels as they stand on the page between the quotes; empty where any will do
 */
public record SeriesSelector(String name, Map<String, String> labels) {
  /** What {@link #parse} reads, for messages. */
  static final String ALLOWED = "the name of a series, such as a:b or a:b{label=value}";

  private static final Pattern SHAPE =
      Pattern.compile("([A-Za-z_:][A-Za-z0-9_:]{0,255})(?:\\{([^{}]*)})?");
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,127})=\"?([^\",={}\\\\]{1,255})\"?");

  public SeriesSelector {
    labels = Map.copyOf(labels);
  }

  /** All series of a name. */
  public static SeriesSelector of(String name) {
    return new SeriesSelector(name, Map.of());
  }

  /** The selector, or empty where the text has another shape. */
  static Optional<SeriesSelector> parse(String text) {
    var shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      return Optional.empty();
    }
    var labels = new TreeMap<String, String>();
    if (shape.group(2) != null) {
      for (var part : shape.group(2).split(",", -1)) {
        var label = LABEL.matcher(part.strip());
        if (!label.matches() || labels.put(label.group(1), label.group(2)) != null) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new SeriesSelector(shape.group(1), labels));
  }

  /** As it is written in the configuration. */
  @Override
  public String toString() {
    if (labels.isEmpty()) {
      return name;
    }
    var text = new StringBuilder(name).append('{');
    new TreeMap<>(labels)
        .forEach((label, value) ->
            text.append(text.length() == name.length() + 1 ? "" : ",")
                .append(label)
                .append('=')
                .append(value));
    return text.append('}').toString();
  }
}
