package io.signalbox.host.prefill;

import io.signalbox.host.request.JsonEdit;
import io.signalbox.host.request.JsonMembers;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The body of a prefill request: the client's, which asks for one token in one piece. Every limit
 * of the answer's length that is there becomes 1, since engines differ in which one they look at,
 * and some take but one.
 */
final class PrefillBody {
  private static final String MAX_TOKENS = "max_tokens";
  private static final Map<String, String> REPLACED =
      Map.of(
          MAX_TOKENS,
          "1",
          "max_completion_tokens",
          "1",
          "max_output_tokens",
          "1",
          "stream",
          "false");

  private static final Set<String> REMOVED = Set.of("stream_options", "min_tokens");

  private PrefillBody() {}

  /** What the prefill engine is sent. */
  static Buffer of(JsonMembers body, Transfer transfer, Terms terms) {
    var removed = new HashSet<>(REMOVED);
    removed.addAll(transfer.members());
    removed.removeAll(terms.prefill().keySet());
    var set = new LinkedHashMap<>(terms.prefill());
    boolean limited = REPLACED.keySet().stream().anyMatch(name -> isLimit(name) && body.has(name));
    if (!limited) {
      set.put(MAX_TOKENS, "1");
    }
    return body.edited(new JsonEdit(removed, REPLACED, set));
  }

  private static boolean isLimit(String name) {
    return name.endsWith("_tokens");
  }
}
