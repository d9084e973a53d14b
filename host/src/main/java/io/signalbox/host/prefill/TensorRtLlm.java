package io.signalbox.host.prefill;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.JsonEdit;
import io.signalbox.host.request.JsonMembers;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * TensorRT-LLM: the context answer has {@code disaggregated_params}, at the top or in its only
 * choice, which go into the generation request with another {@code request_type}. So do the ids of
 * the prompt's tokens, where the answer tells them.
 */
final class TensorRtLlm implements Transfer.InTurn {
  private static final String PARAMS = "disaggregated_params";
  private static final String TOKENS = "prompt_token_ids";

  /** Smaller ids are the engines' own. */
  private static final long LEAST_ID = 1L << 42;

  private final RandomGenerator random;

  TensorRtLlm(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Set<String> members() {
    return Set.of(PARAMS);
  }

  @Override
  public Terms terms() {
    return Terms.ofPrefill(
        Map.of(
            PARAMS,
            "{\"request_type\":\"context_only\",\"disagg_request_id\":%d}"
                .formatted(random.nextLong(LEAST_ID, Long.MAX_VALUE))));
  }

  @Override
  public Map<String, String> handedOver(Buffer answer, RegisteredEndpoint prefill, String path)
      throws IOException {
    var params = find(answer, PARAMS);
    if (params == null) {
      params = find(answer, "choices", PARAMS);
    }
    if (params == null) {
      return Map.of();
    }
    var members = JsonMembers.of(Buffer.buffer(params));
    if (members.isEmpty()) {
      throw new IOException(PARAMS + " is not an object");
    }
    var told = new LinkedHashMap<String, String>();
    told.put(
        PARAMS,
        members
            .get()
            .edited(JsonEdit.set(Map.of("request_type", "\"generation_only\""), Set.of()))
            .toString());
    var tokens = find(answer, TOKENS);
    if (tokens != null) {
      // Of a completion they are the prompt; a chat keeps its messages beside them.
      told.put(path.contains("/chat/") ? TOKENS : "prompt", tokens);
    }
    return told;
  }

  private static @Nullable String find(Buffer answer, String... path) throws IOException {
    return JsonMembers.find(answer, path).filter(text -> !text.equals("null")).orElse(null);
  }
}
