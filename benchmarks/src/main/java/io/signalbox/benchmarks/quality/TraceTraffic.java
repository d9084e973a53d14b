package io.signalbox.benchmarks.quality;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The requests of a trace, each at its time, whether or not those before are answered, and each of
 * a session of its own: a trace does not say who sent it.
 */
final class TraceTraffic {
  private TraceTraffic() {}

  /**
   * All requests of the trace's first {@code length}. Prompts are made up from the seed, so that
   * they have as much in common as the trace says.
   */
  static Traffic of(List<TraceRequest> trace, Duration length, long seed) {
    var clients =
        IntStream.range(0, trace.size())
            .filter(i -> trace.get(i).atMillis() < length.toMillis())
            .mapToObj(i -> client(i, trace.get(i), seed))
            .toList();
    return new Traffic(clients, length.toNanos());
  }

  private static Client client(int number, TraceRequest request, long seed) {
    return new Client(
        "request-" + number,
        Duration.ofMillis(request.atMillis()).toNanos(),
        Stream.generate(() -> turn(request, seed)).limit(1).iterator());
  }

  private static Turn turn(TraceRequest request, long seed) {
    var text = new StringBuilder(4 * request.inputTokens());
    int left = request.inputTokens();
    for (long block : request.blocks()) {
      int tokens = Math.min(left, TraceRequest.BLOCK_TOKENS);
      PromptText.append(text, new SplittableRandom(seed + block), tokens);
      left -= tokens;
    }
    return new Turn(0, Optional.of(""), text.toString(), request.outputTokens());
  }
}
