package io.signalbox.host.prefill;

import io.signalbox.host.config.PrefillDecodeConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.request.JsonMembers;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * vLLM's MooncakeConnector: both engines are told a transfer, and decode where the prefill engine's
 * bootstrap server is and which engine to ask for. That server is asked for the engine's name each
 * time, since it is another one after a restart; it knows the engine of each data-parallel rank, of
 * which the first is taken.
 */
final class Mooncake implements Transfer.AtOnce {
  private static final String QUERY = "/query";
  private static final int LARGEST_ANSWER_BYTES = 1024 * 1024;

  private final PrefillDecodeConfig config;
  private final EngineClient engines;
  private final RandomGenerator random;

  Mooncake(PrefillDecodeConfig config, EngineClient engines, RandomGenerator random) {
    this.config = config;
    this.engines = engines;
    this.random = random;
  }

  @Override
  public Set<String> members() {
    return Set.of(Nixl.PARAMS);
  }

  @Override
  public boolean prefillWaits() {
    return false;
  }

  @Override
  public Future<Terms> terms(RegisteredEndpoint prefill) {
    int port = config.bootstrapPort(prefill.labels());
    return engines
        .connectBeside(prefill, port, HttpMethod.GET, QUERY)
        .compose(request -> {
          // What goes wrong fails the future too; without a handler Vert.x logs it as an error.
          request.exceptionHandler(failure -> {});
          return request.idleTimeout(config.timeout().toMillis()).send();
        })
        .compose(answer -> WholeAnswer.read(answer, LARGEST_ANSWER_BYTES))
        .map(answer -> terms(prefill, port, answer));
  }

  private Terms terms(RegisteredEndpoint prefill, int port, EngineAnswer answer) {
    var engine = firstEngine(answer);
    var transfer =
        JsonMembers.text("xfer-%016x%016x".formatted(random.nextLong(), random.nextLong()));
    var bootstrap = JsonMembers.text("http://" + prefill.urlHost() + ":" + port);
    return new Terms(
        Map.of(
            Nixl.PARAMS,
            "{\"do_remote_decode\":true,\"do_remote_prefill\":false,\"transfer_id\":%s}"
                .formatted(transfer)),
        Map.of(
            Nixl.PARAMS,
            ("{\"do_remote_decode\":false,\"do_remote_prefill\":true,\"transfer_id\":%s,"
                    + "\"remote_bootstrap_addr\":%s,\"remote_engine_id\":%s}")
                .formatted(transfer, bootstrap, JsonMembers.text(engine.id()))),
        Map.of("x-data-parallel-rank", engine.rank()));
  }

  private record Engine(String rank, String id) {}

  private static Engine firstEngine(EngineAnswer answer) {
    try {
      for (var rank : new TreeMap<>(new JsonObject(answer.body()).getMap()).entrySet()) {
        if (rank.getValue() instanceof Map<?, ?> engine
            && engine.get("engine_id") instanceof String id) {
          return new Engine(rank.getKey(), id);
        }
      }
    } catch (DecodeException e) {
      throw new IllegalStateException("its bootstrap server's answer is not JSON", e);
    }
    throw new IllegalStateException("its bootstrap server tells of no engine");
  }
}
