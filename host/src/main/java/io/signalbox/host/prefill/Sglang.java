package io.signalbox.host.prefill;

import io.signalbox.host.config.PrefillDecodeConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.JsonMembers;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** SGLang: both engines are told where the prefill engine's bootstrap server is, and a room. */
final class Sglang implements Transfer.AtOnce {
  private static final String HOST = "bootstrap_host";
  private static final String PORT = "bootstrap_port";
  private static final String ROOM = "bootstrap_room";

  private final PrefillDecodeConfig config;
  private final RandomGenerator random;

  Sglang(PrefillDecodeConfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
  }

  @Override
  public Set<String> members() {
    return Set.of(HOST, PORT, ROOM);
  }

  @Override
  public boolean prefillWaits() {
    return true;
  }

  @Override
  public Future<Terms> terms(RegisteredEndpoint prefill) {
    var members = new LinkedHashMap<String, String>();
    members.put(HOST, JsonMembers.text(prefill.host()));
    members.put(PORT, Integer.toString(config.bootstrapPort(prefill.labels())));
    members.put(ROOM, Long.toString(random.nextLong(Long.MAX_VALUE)));
    return Future.succeededFuture(new Terms(members, members, Map.of()));
  }
}
