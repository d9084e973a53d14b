package io.signalbox.host.prefill;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.JsonEdit;
import io.signalbox.host.request.JsonMembers;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * vLLM's NixlConnector, which AIBrix calls {@code shfs}: the prefill answer has {@code
 * kv_transfer_params}, which decode is sent as they are. Only a host that means the prefill
 * engine's own machine is replaced by its address: that is what the connector says where nobody
 * told it better.
 */
final class Nixl implements Transfer.InTurn {
  static final String PARAMS = "kv_transfer_params";

  private static final Terms TERMS =
      Terms.ofPrefill(
          Map.of(
              PARAMS,
              "{\"do_remote_decode\":true,\"do_remote_prefill\":false,\"remote_engine_id\":null,"
                  + "\"remote_block_ids\":null,\"remote_host\":null,\"remote_port\":null}"));

  private static final String HOST = "remote_host";
  private static final Set<String> OWN_MACHINE =
      Set.of("null", "\"localhost\"", "\"127.0.0.1\"", "\"0.0.0.0\"", "\"::1\"", "\"::\"");

  @Override
  public Set<String> members() {
    return Set.of(PARAMS);
  }

  @Override
  public Terms terms() {
    return TERMS;
  }

  @Override
  public Map<String, String> handedOver(Buffer answer, RegisteredEndpoint prefill, String path)
      throws IOException {
    var params = JsonMembers.find(answer, PARAMS).filter(text -> !text.equals("null"));
    if (params.isEmpty()) {
      return Map.of();
    }
    var members = JsonMembers.of(Buffer.buffer(params.get()));
    if (members.isEmpty()) {
      throw new IOException(PARAMS + " is not an object");
    }
    return Map.of(PARAMS, reachable(params.get(), members.get(), prefill));
  }

  private static String reachable(String params, JsonMembers members, RegisteredEndpoint prefill)
      throws IOException {
    Optional<String> host = JsonMembers.find(Buffer.buffer(params), HOST);
    return host.isEmpty() || OWN_MACHINE.contains(host.get())
        ? members
            .edited(JsonEdit.set(Map.of(HOST, JsonMembers.text(prefill.host())), Set.of()))
            .toString()
        : params;
  }
}
