package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routers written for vLLM's production-stack, as plugins. */
class ProductionStackTest {
  private static final Path SUITES = Path.of("src/test/python");
  private static final Path EXAMPLE =
      Path.of("../plugins-examples/python/least_connections_router.py");
  private static final ScriptRuntime RUNTIME = new ScriptRuntime();

  /** Runs the unit tests beside it, prints what failed, and scores with the number of tests run. */
  private static final String RUN_SUITES =
      """
      import io
      import unittest

      import test_adapter
      import test_routers
      import test_shims
      from signalbox import scorer

      loader = unittest.TestLoader()
      suites = [loader.loadTestsFromModule(module) for module in (test_adapter, test_routers, test_shims)]
      result = unittest.TestResult()
      unittest.TestSuite(suites).run(result)
      for test, trace in result.failures + result.errors:
          print(str(test), trace.replace("\\n", " | ")[-1500:])


      @scorer("tests-run", prefer="high")
      def score():
          return result.testsRun
      """;

  private static final String ROUTER =
      """
      from fastapi import HTTPException
      from vllm_router.log import init_logger
      from vllm_router.routers.routing_logic import *
      from vllm_router.routers.routing_logic import RoutingInterface

      logger = init_logger(__name__)
      """;

  private static final String FOUR =
      """
      class MyRouter(RoutingInterface):
          def route_request(self, endpoints, engine_stats, request_stats, request):
      """;

  private static final String AWAITING =
      """
      class MyRouter(RoutingInterface):
          async def route_request(self, endpoints, engine_stats, request_stats, request, request_json):
      """;

  record Machine(String host, int port) implements Endpoint {
    @Override
    public String address() {
      return host + ":" + port;
    }

    @Override
    public String model() {
      return "llama";
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }
  }

  /** Three endpoints of which nothing is known but what is in flight. */
  record Machines(List<Machine> machines, Map<Integer, Double> inFlight)
      implements EndpointTable, TableCandidates {
    static Machines three() {
      var machines = new ArrayList<Machine>();
      for (int number = 1; number <= 3; number++) {
        machines.add(new Machine("10.0.0." + number, 8000));
      }
      return new Machines(List.copyOf(machines), new HashMap<>());
    }

    @Override
    public int size() {
      return machines.size();
    }

    @Override
    public Machine endpoint(int row) {
      return machines.get(row);
    }

    @Override
    public double value(Signal signal, int row) {
      return signal == Signal.IN_FLIGHT ? inFlight.getOrDefault(row, 0.0) : Double.NaN;
    }

    @Override
    public EndpointTable table() {
      return this;
    }

    @Override
    public int row(int index) {
      return index;
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException("a script reads the table");
    }
  }

  /** A request by its headers; a new one is another exchange. */
  static final class Asked implements RouteRequest {
    private final Map<String, String> headers;

    Asked(Map<String, String> headers) {
      this.headers = headers;
    }

    @Override
    public String model() {
      return "llama";
    }

    @Override
    public @Nullable String user() {
      return null;
    }

    @Override
    public boolean stream() {
      return false;
    }

    @Override
    public @Nullable String header(String name) {
      return headers.get(name);
    }

    @Override
    public Map<String, String> headers() {
      return headers;
    }

    @Override
    public String prompt() {
      return "";
    }

    @Override
    public double promptTokens() {
      return Double.NaN;
    }

    @Override
    public ByteBuffer body() {
      return ByteBuffer.wrap("{\"model\": \"llama\", \"n\": 2}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private final List<String> lines = new ArrayList<>();
  private final Machines machines = Machines.three();

  @AfterAll
  static void close() {
    RUNTIME.close();
  }

  private Script open(ScriptSource source) {
    return RUNTIME.open(source, Grants.NONE, (_, text) -> lines.add(text), new Random(1));
  }

  private Script open(String text) {
    return open(ScriptSource.of("routers.py", ROUTER + text));
  }

  private int pick(Script script, Map<String, String> parameters, Map<String, String> headers) {
    var strategy = script.strategies().getFirst();
    var checked = Parameters.of(strategy.description().parameters(), parameters);
    return strategy.pick(new Asked(headers), machines, checked);
  }

  private int pick(Script script) {
    return pick(script, Map.of(), Map.of());
  }

  @Test
  void theSuitesInPythonPass() throws IOException {
    var files = new HashMap<String, FileContent>();
    files.put("suites.py", FileContent.of(RUN_SUITES));
    for (var file : List.of("fleet.py", "test_adapter.py", "test_routers.py", "test_shims.py")) {
      files.put(file, FileContent.of(Files.readString(SUITES.resolve(file))));
    }
    files.put(EXAMPLE.getFileName() + "", FileContent.of(Files.readString(EXAMPLE)));
    try (var script = open(new ScriptSource("suites", ScriptLanguage.PYTHON, "suites.py", files))) {
      var scores = new double[3];
      var suites = script.strategies().getFirst();
      suites.score(new Asked(Map.of()), machines, Parameters.NONE, scores);

      assertThat(lines).isEmpty();
      assertThat(scores[0]).isGreaterThan(50);
    }
  }

  @Test
  void theRouterOfTheDocumentationRunsUnmodified() throws IOException {
    var text = Files.readString(EXAMPLE);
    try (var script = open(ScriptSource.of("least_connections_router.py", text))) {
      assertThat(script.strategies())
          .extracting(strategy -> strategy.description().id())
          .containsExactly("least-connections-router");
      assertThat(pick(script)).isZero();
      machines.inFlight().putAll(Map.of(0, 2.0, 1, 1.0, 2, 3.0));
      assertThat(pick(script)).isEqualTo(1);
      machines.inFlight().put(1, 4.0);
      assertThat(pick(script)).isZero();
    }
  }

  record Case(String name, String router, Map<String, String> parameters, int picked) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> routers() {
    return List.of(
        new Case("four arguments", FOUR + "        return endpoints[1].url\n", Map.of(), 1),
        new Case(
            "a coroutine with the body",
            AWAITING
                + "        assert request_json == await request.json()\n"
                + "        return endpoints[request_json['n']].url\n",
            Map.of(),
            2),
        new Case("its own state", "class MyRouter(RoundRobinRouter):\n    pass\n", Map.of(), 0),
        new Case(
            "a header in any case",
            FOUR + "        return endpoints[int(request.headers['X-Place'])].url\n",
            Map.of(),
            2),
        new Case(
            "a parameter of the constructor",
            "class MyRouter(SessionRouter):\n    pass\n",
            Map.of("session-key", "x-user-id"),
            1));
  }

  @ParameterizedTest
  @MethodSource("routers")
  void routersChoose(Case row) {
    for (int version = 0; version < 2; version++) {
      try (var script = open(row.router())) {
        var headers = Map.of("x-place", "2", "x-user-id", "alice");
        assertThat(pick(script, row.parameters(), headers)).isEqualTo(row.picked());
      }
    }
  }

  @Test
  void anHttpExceptionRefusesTheRequest() {
    try (var script = open(FOUR + "        raise HTTPException(429, 'later')\n")) {
      assertThatThrownBy(() -> pick(script))
          .isInstanceOfSatisfying(
              ScriptException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
          .hasMessageContaining("later");
    }
  }

  @Test
  void anAnswerThatIsNoCandidateIsAnErrorThatSaysSo() {
    try (var script = open(FOUR + "        return 'http://10.0.0.9:8000'\n")) {
      assertThatThrownBy(() -> pick(script))
          .isInstanceOfSatisfying(
              ScriptException.class, e -> assertThat(e.kind()).isEqualTo(Kind.GUEST_ERROR))
          .hasMessageContaining("not the url of one of the 3 endpoints");
    }
  }

  @Test
  void whatCannotBeAStrategyIsRefusedAtLoad() {
    assertThatThrownBy(() -> open("class MyRouter(RoutingInterface):\n    pass\n").close())
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining("MyRouter: route_request is missing");
  }

  @Test
  void requestsCountFromReservationToTheirEnd() {
    var counts =
        "[(s.in_prefill_requests, s.in_decoding_requests) for s in request_stats.values()]";
    var router = FOUR + "        print(" + counts + ")\n        return endpoints[0].url\n";
    try (var script = open(router)) {
      var strategy = script.strategies().getFirst();
      var first = new Asked(Map.of());
      var second = new Asked(Map.of());
      var endpoint = machines.endpoint(1);
      pick(script);
      strategy.onReserved(first, endpoint);
      strategy.onReserved(second, endpoint);
      pick(script);
      strategy.onFirstToken(first, endpoint, 0.1);
      pick(script);
      strategy.onCompleted(first, endpoint, new Completion(200, 1, Double.NaN, Double.NaN));
      pick(script);
      strategy.onCancelled(second, endpoint);
      pick(script);
    }
    assertThat(lines).containsExactly("[]", "[(2, 0)]", "[(1, 1)]", "[(1, 0)]", "[(0, 0)]");
  }

  @Test
  void theLineOfProductionStackIsWrittenWhenAskedFor() {
    var router = FOUR + "        logger.info('mine')\n        return endpoints[2].url\n";
    try (var script = open(router)) {
      pick(script, Map.of("compat-log", "true"), Map.of("x-request-id", "r-1"));
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).isEqualTo("mine");
    assertThat(lines.get(1))
        .matches(
            "Routing request r-1 with session id None to http://10.0.0.3:8000 at [0-9.]+,"
                + " process time = [0-9.]+");
  }
}
