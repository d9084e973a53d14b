package io.signalbox.host.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What labels of endpoints may be, wherever they come from. */
public final class EndpointLabels {
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");
  private static final List<String> PORTS =
      List.of(
          EndpointAddress.METRICS_PORT_LABEL,
          PrefillDecodeConfig.BOOTSTRAP_PORT_LABEL,
          PrefillDecodeConfig.AIBRIX_BOOTSTRAP_PORT_LABEL,
          ZeroMqConfig.PORT_LABEL,
          ZeroMqConfig.REPLAY_PORT_LABEL);

  /** How many an endpoint may have. */
  public static final int MOST = 32;

  private static final int MAX_LENGTH = 128;

  private EndpointLabels() {}

  /** What is wrong with each label, by its name; mostly nothing. */
  public static Map<String, String> problems(Map<String, String> labels) {
    var problems = new TreeMap<String, String>();
    labels.forEach((label, value) -> {
      if (label.isEmpty() || Math.max(label.length(), value.length()) > MAX_LENGTH) {
        problems.put(
            label,
            "must be a label of 1 to "
                + MAX_LENGTH
                + " characters with a value of at most "
                + MAX_LENGTH);
      }
    });
    for (var label : PORTS) {
      var text = labels.get(label);
      if (text != null && !isPort(text)) {
        problems.put(label, "must be a port from 0 to 65535, not \"" + text + "\"");
      }
    }
    var version = labels.get(EndpointAddress.HTTP_VERSION_LABEL);
    if (version != null && !EndpointAddress.HTTP_VERSIONS.contains(version)) {
      problems.put(
          EndpointAddress.HTTP_VERSION_LABEL,
          "must be "
              + String.join(" or ", EndpointAddress.HTTP_VERSIONS)
              + ", not \""
              + version
              + "\"");
    }
    return problems;
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= 65_535;
  }
}
