package io.signalbox.host.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code labels}: what strategies are told about endpoints. */
record LabelsReader(ConfigProblems problems) {
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");
  private static final List<String> PORTS =
      List.of(
          EndpointAddress.METRICS_PORT_LABEL,
          PrefillDecodeConfig.BOOTSTRAP_PORT_LABEL,
          PrefillDecodeConfig.AIBRIX_BOOTSTRAP_PORT_LABEL,
          ZeroMqConfig.PORT_LABEL,
          ZeroMqConfig.REPLAY_PORT_LABEL);

  private static final int MAX_LABELS = 32;
  private static final int MAX_LABEL_LENGTH = 128;

  Map<String, String> read(YamlSection section) {
    var labels = section.allTexts();
    if (labels.size() > MAX_LABELS) {
      problems.add(
          section.path(), "must be at most " + MAX_LABELS + " labels, not " + labels.size());
    }
    labels.forEach((label, value) -> {
      if (label.isEmpty() || Math.max(label.length(), value.length()) > MAX_LABEL_LENGTH) {
        problems.add(
            section.child(label),
            "must be a label of 1 to "
                + MAX_LABEL_LENGTH
                + " characters with a value of at most "
                + MAX_LABEL_LENGTH);
      }
    });
    PORTS.forEach(label -> checkPort(section, labels, label));
    checkHttpVersion(section, labels);
    return labels;
  }

  private void checkHttpVersion(YamlSection section, Map<String, String> labels) {
    var text = labels.get(EndpointAddress.HTTP_VERSION_LABEL);
    if (text != null && !EndpointAddress.HTTP_VERSIONS.contains(text)) {
      problems.add(
          section.child(EndpointAddress.HTTP_VERSION_LABEL),
          "must be "
              + String.join(" or ", EndpointAddress.HTTP_VERSIONS)
              + ", not \""
              + text
              + "\"");
    }
  }

  private void checkPort(YamlSection section, Map<String, String> labels, String label) {
    var text = labels.get(label);
    if (text != null && !(PORT.matcher(text).matches() && Integer.parseInt(text) <= 65_535)) {
      problems.add(section.child(label), "must be a port from 0 to 65535, not \"" + text + "\"");
    }
  }
}
