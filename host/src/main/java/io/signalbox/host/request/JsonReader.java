package io.signalbox.host.request;

import org.jspecify.annotations.Nullable;

/** An answer that is one JSON text. */
final class JsonReader implements AnswerReader {
  private final UsageScanner scanner = new UsageScanner();

  @Override
  public void read(byte[] piece, int from, int to) {
    scanner.read(piece, from, to);
  }

  @Override
  public void nameModel() {
    scanner.nameModel();
  }

  @Override
  public @Nullable String model() {
    return scanner.model();
  }

  @Override
  public long deltas() {
    return 0;
  }

  @Override
  public Usage usage() {
    double prompt = scanner.promptTokens();
    double output = scanner.outputTokens();
    // Embeddings tell of the prompt alone, since nothing is generated.
    boolean promptAlone = !Double.isNaN(prompt) && Double.isNaN(output);
    return new Usage(prompt, scanner.cachedTokens(), promptAlone ? 0 : output);
  }
}
