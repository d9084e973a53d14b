package io.signalbox.host.prefix;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.PromptBlocks;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two event loops learn at once: one may do the work of both, and no prompt stays in the queue. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Both prompts are known.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A prompt is left in the queue.")
@State
public class BothLearned {
  private static final PrefixMetrics METRICS = new PrefixMetrics(new SimpleMeterRegistry());
  private static final List<RegisteredEndpoint> ENDPOINTS =
      new EndpointRegistry(() -> 0)
          .apply(
              List.of(
                  new ModelConfig(
                      "m",
                      ModelConfig.DEFAULT_ENGINE,
                      List.of(new EndpointAddress("10.0.0.1:8000", "10.0.0.1", 8000)))))
          .endpoints();
  private static final PromptBlocks ONE = blocks("aaaaaaaa");
  private static final PromptBlocks OTHER = blocks("bbbbbbbb");

  private final PrefixIndex index = new PrefixIndex("m", 8, 1, METRICS);

  public BothLearned() {
    index.retain(ENDPOINTS);
  }

  private static PromptBlocks blocks(String prompt) {
    var body = "{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}";
    return new InferenceRequest(
            new Scanned("m", null, false),
            new NoHeaders(),
            () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
        .blocks(new BlockHashing(4, 1));
  }

  @Actor
  public void learnOne() {
    index.learn(ONE, ENDPOINTS.getFirst());
  }

  @Actor
  public void learnOther() {
    index.learn(OTHER, ENDPOINTS.getFirst());
  }

  @Arbiter
  public void lookUp(ZZ_Result result) {
    result.r1 = isKnown(ONE);
    result.r2 = isKnown(OTHER);
  }

  private boolean isKnown(PromptBlocks blocks) {
    var tokens = new double[1];
    index.cachedTokens(blocks, new One(), tokens);
    return tokens[0] > 0;
  }

  private record One() implements Candidates {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public Endpoint endpoint(int position) {
      return ENDPOINTS.getFirst();
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException();
    }
  }

  private record NoHeaders() implements RequestHeaders {
    @Override
    public @Nullable String first(String name) {
      return null;
    }

    @Override
    public Map<String, String> all() {
      return Map.of();
    }
  }
}
