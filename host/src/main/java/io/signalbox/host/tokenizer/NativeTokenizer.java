package io.signalbox.host.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Loads Hugging Face's tokenizers, whose native code comes in the library's jar. Nothing is
 * fetched: the library is told to stay offline, and to unpack its code below the system's folder
 * for temporary files unless told otherwise.
 */
final class NativeTokenizer {
  static {
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("RUST_FLAVOR", "cpu");
    setUnlessSet("ENGINE_CACHE_DIR", System.getProperty("java.io.tmpdir"));
  }

  private NativeTokenizer() {}

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Reads a {@code tokenizer.json}; takes a second or so, most of it at the first call. */
  static LoadedTokenizer load(Path file) throws IOException {
    return new LoadedTokenizer(
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(file)
            .optAddSpecialTokens(false)
            .optTruncation(false)
            .optPadding(false)
            .build());
  }
}
