package io.signalbox.host.extproc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.benchmarks.ExtProcMessages;
import io.signalbox.benchmarks.RequestBodies;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.host.chain.Observation;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.extproc.Destination.Rewritten;
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
  private static final RequestHead NO_HEADERS = new RequestHead(HeaderMap.getDefaultInstance());

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

  /** Parses request_headers, and reads method, path and length. */
  @Benchmark
  public ApiCall readRequestHeaders() throws InvalidProtocolBufferException {
    var parsed = ProcessingRequest.parseFrom(head);
    var requestHead = new RequestHead(parsed.getRequestHeaders().getHeaders());
    return requestHead.announcedBytes() > 0 ? requestHead.call() : new ApiCall.ListModels();
  }

  /** Parses a request_body of 4 KiB. */
  @Benchmark
  public int parseRequestBody() throws InvalidProtocolBufferException {
    return ProcessingRequest.parseFrom(body).getRequestBody().getBody().size();
  }

  /** Makes and writes the answer that names the endpoint, in both dialects. */
  @Benchmark
  public byte[] writeRoute() {
    return Answers.routeByBody(
            Destination.of(picked, marks, ControlHeaders.NOTHING, Rewritten.NOT, REQUEST_ID))
        .toByteArray();
  }

  /** Makes and writes the answer to response_headers, in both dialects. */
  @Benchmark
  public byte[] writeDiagnosis() {
    return Answers.answerHead(AnswerMarks.of(picked, NO_HEADERS, marks, REQUEST_ID), false)
        .toByteArray();
  }
}
