package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmokeTest {
  record E(String host, int port, Map<String, String> labels) implements Endpoint {
    @Override
    public String address() {
      return host + ":" + port;
    }

    @Override
    public String model() {
      return "m";
    }
  }

  record R() implements RouteRequest {
    @Override
    public String model() {
      return "m";
    }

    @Override
    public String user() {
      return "u";
    }

    @Override
    public boolean stream() {
      return false;
    }

    @Override
    public String header(String name) {
      return headers().getOrDefault(name, "");
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("x-a", "b");
    }

    @Override
    public String prompt() {
      return "hello";
    }

    @Override
    public double promptTokens() {
      return 2;
    }

    @Override
    public ByteBuffer body() {
      return ByteBuffer.wrap(new byte[] {1});
    }
  }

  record T(int size) implements EndpointTable {
    @Override
    public Endpoint endpoint(int row) {
      return new E("10.0.0.1", 8000 + row, Map.of());
    }

    @Override
    public double value(Signal signal, int row) {
      return signal.ordinal() * 10 + row;
    }
  }

  record C(EndpointTable table) implements TableCandidates {
    @Override
    public int row(int index) {
      return index;
    }

    @Override
    public int size() {
      return table.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return table.endpoint(index);
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void both() {
    try (var runtime = new ScriptRuntime()) {
      System.err.println(runtime.report());
      for (var source :
          new ScriptSource[] {
            ScriptSource.of(
                "a.mjs",
                """
                import { log } from "signalbox";
                log.info("hi", {a: 1});
                console.log("x");
                export const strategy = { name: "a", kind: "scorer", prefer: "low", needs: ["waiting"] };
                export function score(request, endpoint) { return endpoint.waiting + endpoint.inFlight + request.prompt.length; }
                """),
            ScriptSource.of(
                "a.py",
                """
                from signalbox import scorer, log
                log.info("hi")
                print("x")
                @scorer("a", prefer="low", needs=["waiting"])
                def score(request, endpoint):
                    return endpoint.waiting + endpoint.in_flight + len(request.prompt)
                """)
          }) {
        var script =
            runtime.open(
                source,
                Grants.NONE,
                (level, text) -> System.err.println(level + " " + text),
                new Random(1));
        var scores = new double[3];
        script.strategies().get(0).score(new R(), new C(new T(3)), Parameters.NONE, scores);
        assertThat(scores).containsExactly(25, 27, 29);
        script.close();
      }
    }
  }
}
