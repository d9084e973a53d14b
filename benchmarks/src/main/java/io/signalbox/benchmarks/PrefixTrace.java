package io.signalbox.benchmarks;

import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Conversations as prompts: one of five instructions of 200 blocks, then turns of 60 to 299 blocks
 * until there are {@value #LONGEST}. A conversation stays at its endpoint, but for one turn in
 * eight.
 */
final class PrefixTrace {
  /** Blocks of the last prompt of each conversation. */
  static final int LONGEST = 2000;

  /** Small blocks, so that texts are small; what is measured is the index, not hashing. */
  static final PrefixIndexConfig CONFIG =
      new PrefixIndexConfig(PrefixIndexConfig.DEFAULT.blocks(), 8, 0);

  private static final int CONVERSATIONS = 300;
  private static final int INSTRUCTIONS = 5;

  private final List<Turn> turns = new ArrayList<>();

  /** One prompt, and the number of the endpoint it goes to. */
  record Turn(InferenceRequest request, int endpoint, boolean last) {}

  PrefixTrace(int endpoints) {
    var random = new SplittableRandom(1);
    var instructions = new ArrayList<String>();
    for (int i = 0; i < INSTRUCTIONS; i++) {
      instructions.add(text(random, 200));
    }
    for (int i = 0; i < CONVERSATIONS; i++) {
      converse(instructions.get(random.nextInt(INSTRUCTIONS)), random, endpoints);
    }
  }

  private void converse(String instruction, SplittableRandom random, int endpoints) {
    var said = new StringBuilder(instruction);
    int home = random.nextInt(endpoints);
    boolean last = false;
    while (!last) {
      said.append(text(random, 60 + random.nextInt(240)));
      last = said.length() >= LONGEST * CONFIG.blockBytes();
      int length = Math.min(said.length(), LONGEST * CONFIG.blockBytes());
      int endpoint = random.nextInt(8) == 0 ? random.nextInt(endpoints) : home;
      turns.add(new Turn(request(said.substring(0, length)), endpoint, last));
    }
  }

  private static String text(SplittableRandom random, int blocks) {
    var text = new StringBuilder();
    for (int i = 0; i < blocks; i++) {
      text.append(String.format(Locale.ROOT, "%08d", random.nextInt(100_000_000)));
    }
    return text.toString();
  }

  /** A completion of a prompt without characters that JSON escapes. */
  static InferenceRequest request(String prompt) {
    var body = ("{\"prompt\": \"" + prompt + "\"}").getBytes(StandardCharsets.UTF_8);
    return new InferenceRequest(
        new Scanned(RequestBodies.MODEL, null, false),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body));
  }

  /** All prompts, conversation by conversation. */
  List<Turn> turns() {
    return turns;
  }
}
