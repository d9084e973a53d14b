package io.signalbox.host.config;

import java.util.Map;

/** Reads {@code labels}: what strategies are told about endpoints. */
record LabelsReader(ConfigProblems problems) {
  Map<String, String> read(YamlSection section) {
    var labels = section.allTexts();
    if (labels.size() > EndpointLabels.MOST) {
      problems.add(
          section.path(),
          "must be at most " + EndpointLabels.MOST + " labels, not " + labels.size());
    }
    EndpointLabels.problems(labels)
        .forEach((label, problem) -> problems.add(section.child(label), problem));
    return labels;
  }
}
