package io.signalbox.host.extproc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.benchmarks.ExtProcMessages;
import io.signalbox.benchmarks.RequestBodies;
import io.signalbox.host.chain.Observation;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.extproc.Destination.Rewritten;
import io.signalbox.host.extproc.ProxyMessage.RequestHeaders;
import io.signalbox.host.request.ApiCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading Envoy's messages and making ours. */
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExtProcMessagesBenchmark {
  private static final String REQUEST_ID = "0123456789abcdef0123456789abcdef";

  private final byte[] head = ExtProcMessages.requestHeaders(4096).toByteArray();
  private final byte[] body = ExtProcMessages.requestBody(RequestBodies.chat(4096)).toByteArray();
  private final Picked picked = picked();
  private final Marks marks = new Marks(Dialect.BOTH);

  private static Picked picked() {
    var model =
        new ModelConfig(
            RequestBodies.MODEL,
            ModelConfig.DEFAULT_ENGINE,
            List.of(new EndpointAddress("a", "127.0.0.1", 8000)));
    var endpoint = new EndpointRegistry().apply(List.of(model)).endpoints().getFirst();
    return new Picked(
        endpoint,
        Optional.empty(),
        endpoint.reserve(),
        Observation.NONE,
        "least-request",
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Reads request_headers, and of them method, path and length. */
  @Benchmark
  public ApiCall readRequestHeaders() throws InvalidProtocolBufferException {
    var message = MessageReader.read(head, 0, head.length);
    if (message.part() instanceof RequestHeaders(var headers)
        && headers.head().announcedBytes() > 0) {
      return headers.head().call();
    }
    throw new IllegalStateException("no request headers");
  }

  /** Reads a request_body of 4 KiB. */
  @Benchmark
  public Object readRequestBody() throws InvalidProtocolBufferException {
    return MessageReader.read(body, 0, body.length);
  }

  /** Makes the answer that names the endpoint, in both dialects. */
  @Benchmark
  public Object writeRoute() {
    return Frame.of(
        Answers.routeByBody(
            Destination.of(picked, marks, ControlHeaders.NOTHING, Rewritten.NOT, REQUEST_ID)));
  }

  /** The same where there is nothing else to tell. */
  @Benchmark
  public Object writePlainRoute() {
    return marks.of(picked).atBody().with(REQUEST_ID);
  }

  /** Makes the answer to response_headers, in both dialects. */
  @Benchmark
  public Object writeDiagnosis() {
    return Frame.of(
        Answers.answerHead(
            AnswerMarks.of(picked, picked.endpoint(), marks, REQUEST_ID).build(), false));
  }
}
