package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routers written for vLLM's production-stack, as plugins. */
class ProductionStackTest {
  private static final Path SUITES = Path.of("src/test/python");
  private static final Path EXAMPLE =
      Path.of("../plugins-examples/python/least_connections_router.py");

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

  /** What the documentation's snippets leave out. */
  private static final String TYPES =
      """
      from typing import Dict, List
      from fastapi import Request
      from vllm_router.service_discovery import EndpointInfo
      from vllm_router.stats.engine_stats import EngineStats
      from vllm_router.stats.request_stats import RequestStats
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

  private static final String BODY = "{\"model\": \"m\", \"n\": 2}";

  private final Scripts.Lines output = new Scripts.Lines();
  private final ScriptedFleet fleet = new ScriptedFleet("m", 3);

  private static ScriptedRequest request(Map<String, String> headers) {
    return new ScriptedRequest("m", null, false, headers, BODY);
  }

  private Script open(String text) {
    return Scripts.open(ScriptSource.of("routers.py", ROUTER + text), output);
  }

  private int pick(Script script, Map<String, String> parameters, Map<String, String> headers) {
    var strategy = Scripts.first(script);
    var checked = Parameters.of(strategy.description().parameters(), parameters);
    return strategy.pick(request(headers), fleet.all(), checked);
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
    var source = new ScriptSource("suites", ScriptLanguage.PYTHON, "suites.py", files);
    try (var script = Scripts.open(source, output)) {
      var scores = new double[3];
      Scripts.first(script).score(request(Map.of()), fleet.all(), Parameters.NONE, scores);

      assertThat(output.lines).isEmpty();
      assertThat(scores[0]).isGreaterThan(50);
    }
  }

  @Test
  void theRouterOfTheDocumentationRunsUnmodified() throws IOException {
    var text = Files.readString(EXAMPLE);
    try (var script = Scripts.open("least_connections_router.py", text)) {
      assertThat(script.strategies())
          .extracting(strategy -> strategy.description().id())
          .containsExactly("least-connections-router");
      assertThat(pick(script)).isZero();
      fleet.inFlight[0] = 2;
      assertThat(pick(script)).isEqualTo(1);
      var strategy = Scripts.first(script);
      var parameters = Parameters.of(strategy.description().parameters(), Map.of());
      fleet.inFlight[2] = 1;
      assertThat(strategy.pick(request(Map.of()), fleet.only(0, 2), parameters)).isEqualTo(1);
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
        var headers = Map.of("x-place", "2", "x-user-id", "user-1");
        assertThat(pick(script, row.parameters(), headers)).isEqualTo(row.picked());
      }
    }
  }

  @Test
  void theSnippetsOfTheDocumentationAreRouters() throws IOException {
    var page = Files.readString(Path.of("../docs/production-stack.md"));
    var snippets = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(page).results();
    var ids = new ArrayList<String>();
    for (var snippet : snippets.map(found -> found.group(1)).toList()) {
      try (var script = open(TYPES + snippet)) {
        script.strategies().forEach(strategy -> ids.add(strategy.description().id()));
      }
    }
    assertThat(ids).containsExactly("least-connections-router", "session-router");
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
  void aRouterIsClosedWhenItsPluginEnds() {
    try (var script =
        open(
            """
            class MyRouter(RoutingInterface):
                def route_request(self, endpoints, engine_stats, request_stats, request):
                    return endpoints[0].url

                def close(self):
                    print("closed")
            """)) {
      pick(script);
      script.end();
    }

    assertThat(output.lines).containsExactly("INFO closed");
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
      var strategy = Scripts.first(script);
      var first = request(Map.of());
      var second = request(Map.of());
      var endpoint = fleet.endpoint(1);
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
    assertThat(output.lines)
        .containsExactly(
            "INFO []", "INFO [(2, 0)]", "INFO [(1, 1)]", "INFO [(1, 0)]", "INFO [(0, 0)]");
  }

  @Test
  void theLineOfProductionStackIsWrittenWhenAskedFor() {
    var router = FOUR + "        logger.info('mine')\n        return endpoints[2].url\n";
    try (var script = open(router)) {
      pick(script, Map.of("compat-log", "true"), Map.of("x-request-id", "r-1"));
    }
    assertThat(output.lines).hasSize(2);
    assertThat(output.lines.get(0)).isEqualTo("INFO mine");
    assertThat(output.lines.get(1))
        .matches(
            "INFO Routing request r-1 with session id None to http://10.0.0.1:8002 at [0-9.]+,"
                + " process time = [0-9.]+");
  }
}
