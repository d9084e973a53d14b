package io.signalbox.host.prefill;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;

/** A store that both engines reach: what they need from it they know by the prompt itself. */
final class SharedStorage implements Transfer.InTurn {
  private static final Terms TERMS = Terms.ofPrefill(Map.of());

  @Override
  public Set<String> members() {
    return Set.of();
  }

  @Override
  public Terms terms() {
    return TERMS;
  }

  @Override
  public Map<String, String> handedOver(Buffer answer, RegisteredEndpoint prefill, String path) {
    return Map.of();
  }
}
