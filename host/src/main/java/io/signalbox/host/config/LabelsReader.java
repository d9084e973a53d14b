package io.signalbox.host.config;

import java.util.Map;

/** Reads {@code labels}: what strategies are told about endpoints. */
record LabelsReader(ConfigProblems problems) {
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
    return labels;
  }
}
