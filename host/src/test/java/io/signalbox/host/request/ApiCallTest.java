package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.request.ApiCall.DescribeModel;
import io.signalbox.host.request.ApiCall.Inference;
import io.signalbox.host.request.ApiCall.ListModels;
import io.signalbox.host.request.ApiCall.Refused;
import io.signalbox.host.telemetry.Reason;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ApiCallTest {
  record Row(String method, String target, ApiCall call) {
    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  private static ApiCall unknownPath() {
    return new Refused(
        Refusal.of(Reason.UNKNOWN_PATH, "unknown path; served are the paths under /v1/"));
  }

  private static ApiCall takes(String method) {
    return new Refused(
        Refusal.of(Reason.METHOD_NOT_ALLOWED, "this path takes " + method + " only"));
  }

  static List<Row> rows() {
    return List.of(
        new Row("POST", "/v1/chat/completions", new Inference()),
        new Row("POST", "/v1/completions?beta=1", new Inference()),
        new Row("POST", "/v1/anything/at/all", new Inference()),
        new Row("POST", "/v1/modelsX", new Inference()),
        new Row("GET", "/v1/models", new ListModels()),
        new Row("GET", "/v1/models?limit=5", new ListModels()),
        new Row("GET", "/v1/models/llama", new DescribeModel("llama")),
        new Row("GET", "/v1/models/llama?x=/y", new DescribeModel("llama")),
        new Row("GET", "/v1/models/meta/llama", new DescribeModel("meta/llama")),
        new Row("GET", "/v1/models/meta%2Fllama%203", new DescribeModel("meta/llama 3")),
        new Row("GET", "/v1/models/a+b", new DescribeModel("a+b")),
        new Row("GET", "/v1/models/", new DescribeModel("")),
        new Row("GET", "/v1/chat/completions", takes("POST")),
        new Row("GET", "/v1/modelsX", takes("POST")),
        new Row("PUT", "/v1/chat/completions", takes("POST")),
        new Row("get", "/v1/models", takes("GET")),
        new Row("POST", "/v1/models", takes("GET")),
        new Row("POST", "/v1/models/llama", takes("GET")),
        new Row("DELETE", "/v1/models/llama", takes("GET")),
        new Row("POST", "/v1/", unknownPath()),
        new Row("POST", "/v1", unknownPath()),
        new Row("POST", "/", unknownPath()),
        new Row("POST", "", unknownPath()),
        new Row("POST", "?/v1/chat/completions", unknownPath()),
        new Row("POST", "/v2/chat/completions", unknownPath()),
        new Row("GET", "/health", unknownPath()),
        new Row(
            "GET",
            "/v1/models/%zz",
            new Refused(Refusal.of(Reason.BAD_REQUEST, "the path is not well encoded"))),
        new Row(
            "GET",
            "/v1/models/a%2",
            new Refused(Refusal.of(Reason.BAD_REQUEST, "the path is not well encoded"))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void methodAndPathSayWhatIsAsked(Row row) {
    assertThat(ApiCall.of(row.method(), row.target())).isEqualTo(row.call());
  }
}
