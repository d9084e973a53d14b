package io.signalbox.benchmarks.quality;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A request of a trace in the format that Mooncake published: one JSON object a line, with {@code
 * timestamp}, {@code input_length}, {@code output_length} and {@code hash_ids}, of which two
 * requests have as many in common, from the first on, as their prompts have blocks of {@value
 * #BLOCK_TOKENS} tokens. Other members are ignored.
 *
 * @param atMillis since the beginning of the trace
 * @param blocks one for each block of the prompt, the last of which may be shorter
 */
record TraceRequest(long atMillis, int inputTokens, int outputTokens, List<Long> blocks) {
  static final int BLOCK_TOKENS = 512;

  /** Longer prompts and answers no engine has; a number beyond it is a mistake. */
  private static final int MAX_TOKENS = 10_000_000;

  private static final long MAX_MILLIS = 1_000L * 60 * 60 * 24 * 365;

  TraceRequest {
    blocks = List.copyOf(blocks);
  }

  /**
   * All requests of a file, in its order; empty lines are skipped.
   *
   * @throws TraceException where a line is none, or there is none
   */
  static List<TraceRequest> read(Path file) throws IOException {
    var requests = new ArrayList<TraceRequest>();
    try (var lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          requests.add(parse(line, file.getFileName() + ":" + number));
        }
      }
    }
    if (requests.isEmpty()) {
      throw new TraceException(file.getFileName().toString(), "has no requests");
    }
    return requests;
  }

  private static TraceRequest parse(String line, String where) {
    JsonObject members;
    try {
      members = new JsonObject(line);
    } catch (DecodeException | ClassCastException e) {
      throw new TraceException(where, "is not a JSON object");
    }
    long at = integer(members, "timestamp", where, 0, MAX_MILLIS);
    int input = (int) integer(members, "input_length", where, 1, MAX_TOKENS);
    int output = (int) integer(members, "output_length", where, 1, MAX_TOKENS);
    return new TraceRequest(at, input, output, blocks(members, input, where));
  }

  private static long integer(
      JsonObject members, String name, String where, long least, long most) {
    return switch (members.getValue(name)) {
      case Integer number when number >= least && number <= most -> number;
      case Long number when number >= least && number <= most -> number;
      case null, default ->
          throw new TraceException(
              where, "%s must be an integer from %d to %d".formatted(name, least, most));
    };
  }

  private static List<Long> blocks(JsonObject members, int inputTokens, String where) {
    int wanted = Math.ceilDiv(inputTokens, BLOCK_TOKENS);
    if (!(members.getValue("hash_ids") instanceof JsonArray ids) || ids.size() != wanted) {
      throw new TraceException(
          where,
          "hash_ids must be a list of %d integers, one for each %d tokens of input_length"
              .formatted(wanted, BLOCK_TOKENS));
    }
    var blocks = new ArrayList<Long>(wanted);
    for (var id : ids) {
      switch (id) {
        case Integer number when number >= 0 -> blocks.add(number.longValue());
        case Long number when number >= 0 -> blocks.add(number);
        case null, default ->
            throw new TraceException(where, "hash_ids must be integers of 0 or more");
      }
    }
    return blocks;
  }
}
