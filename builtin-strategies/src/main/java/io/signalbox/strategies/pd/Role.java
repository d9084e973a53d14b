package io.signalbox.strategies.pd;

import java.util.Map;

/** What an endpoint is there for. */
enum Role {
  /** Processes prompts. */
  PREFILL,
  /** Generates answers to prompts that another endpoint processed. */
  DECODE,
  /** Does both. */
  COMBINED,
  /** Takes no requests of this strategy. */
  NONE;

  private static final String NAME = "role-name";
  private static final String COMBINED_LABEL = "combined";
  private static final String GROUP_INDEX = "pod-group-index";
  private static final String AIBRIX_GROUP_INDEX =
      "stormservice.orchestration.aibrix.ai/pod-group-index";

  /**
   * By its labels. Of an engine over several nodes only the one with index 0 has an HTTP server.
   * The label {@code combined} needs no other beside it.
   */
  static Role of(Map<String, String> labels) {
    if (!takesRequests(labels, GROUP_INDEX) || !takesRequests(labels, AIBRIX_GROUP_INDEX)) {
      return NONE;
    }
    var name = labels.getOrDefault(NAME, "");
    return switch (name) {
      case "prefill" -> ofSet(labels, PREFILL);
      case "decode" -> ofSet(labels, DECODE);
      default -> labels.getOrDefault(COMBINED_LABEL, "").equals("true") ? COMBINED : NONE;
    };
  }

  private static boolean takesRequests(Map<String, String> labels, String index) {
    return labels.getOrDefault(index, "0").equals("0");
  }

  private static Role ofSet(Map<String, String> labels, Role role) {
    return Roles.set(labels).isEmpty() ? NONE : role;
  }
}
