package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.signalbox.fuzzing.Cuts;
import io.signalbox.fuzzing.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Answers of engines, streamed and not: what is found in them, whatever the pieces they come in,
 * beside a splitter of events and Jackson's tokens.
 *
 * <p>Where an event is no JSON, or has two members of one name, nothing is promised but that the
 * pieces do not matter.
 */
public final class AnswerTarget implements FuzzTarget {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** What the scanner says of itself: deeper texts and longer names it does not know. */
  private static final int MOST_DEPTH = 6;

  private static final long LARGEST_COUNT = 1_000_000_000_000L;

  @Override
  public void check(byte[] input) {
    checkPieces(input, "text/event-stream");
    checkPieces(input, "application/json");
    try {
      var counts = new Counts();
      long deltas = 0;
      for (var event : events(input)) {
        deltas += counts.read(event) > 0 ? 1 : 0;
      }
      checkStream(input, counts, deltas);
    } catch (IOException e) {
      // An event that is no JSON.
    }
    try {
      var counts = new Counts();
      counts.read(input);
      checkText(input, counts);
    } catch (IOException e) {
      // No JSON.
    }
  }

  private static AnswerReader reader(String type) {
    return AnswerReader.of(new AnswerHead(200, type, null));
  }

  private static void checkPieces(byte[] input, String type) {
    var whole = reader(type);
    whole.read(input, 0, input.length);
    var byByte = reader(type);
    for (int i = 0; i < input.length; i++) {
      byByte.read(input, i, i + 1);
    }
    assertSame(byByte, whole, "byte by byte");
    Cuts.of(input)
        .forEach(cut -> {
          var inTwo = reader(type);
          inTwo.read(input, 0, cut);
          inTwo.read(input, cut, input.length);
          assertSame(inTwo, whole, "cut at " + cut);
        });
  }

  private static void assertSame(AnswerReader found, AnswerReader whole, String how) {
    assertThat(found.usage()).as(how).isEqualTo(whole.usage());
    assertThat(found.deltas()).as(how).isEqualTo(whole.deltas());
  }

  private static void checkStream(byte[] input, Counts counts, long deltas) {
    var found = reader("text/event-stream");
    found.read(input, 0, input.length);
    assertThat(found.deltas()).as("deltas").isEqualTo(deltas);
    boolean counted = Double.isNaN(counts.output) && deltas > 0;
    assertThat(found.usage())
        .isEqualTo(new Usage(counts.prompt, counts.cached, counted ? deltas : counts.output));
  }

  private static void checkText(byte[] input, Counts counts) {
    var found = reader("application/json");
    found.read(input, 0, input.length);
    boolean promptAlone = !Double.isNaN(counts.prompt) && Double.isNaN(counts.output);
    assertThat(found.usage())
        .isEqualTo(new Usage(counts.prompt, counts.cached, promptAlone ? 0 : counts.output));
  }

  /**
   * The data of each event, as the HTML standard has it; throws where one is not ended, of which no
   * more is promised than of what is no JSON.
   */
  private static List<byte[]> events(byte[] stream) throws IOException {
    var events = new ArrayList<byte[]>();
    var data = new ByteArrayOutputStream();
    var line = new ByteArrayOutputStream();
    for (int i = 0; i < stream.length; i++) {
      if (stream[i] != '\n' && stream[i] != '\r') {
        line.write(stream[i]);
        continue;
      }
      if (stream[i] == '\r' && i + 1 < stream.length && stream[i + 1] == '\n') {
        i++;
      }
      if (line.size() == 0) {
        events.add(data.toByteArray());
        data.reset();
      } else if (line.toString(java.nio.charset.StandardCharsets.ISO_8859_1).startsWith("data:")) {
        data.write(line.toByteArray(), 5, line.size() - 5);
        data.write('\n');
      }
      line.reset();
    }
    if (line.size() > 0 || data.size() > 0) {
      throw new IOException("an event without its end");
    }
    return events;
  }

  /** What Jackson's tokens come to. */
  private static final class Counts {
    private double prompt = Double.NaN;
    private double cached = Double.NaN;
    private double output = Double.NaN;
    private int texts;

    /** How many generated texts there are in a JSON text, or in none at all. */
    int read(byte[] json) throws IOException {
      texts = 0;
      if (new String(json, java.nio.charset.StandardCharsets.UTF_8).strip().isEmpty()) {
        return 0;
      }
      try (var parser =
          JSON.createParser(new String(json, java.nio.charset.StandardCharsets.UTF_8))) {
        value(parser, parser.nextToken(), new ArrayList<>());
        if (parser.nextToken() != null) {
          throw new IOException("more than one text");
        }
      } catch (IllegalStateException e) {
        throw new IOException(e);
      }
      return texts;
    }

    private void value(JsonParser parser, JsonToken token, List<String> path) throws IOException {
      switch (token) {
        case START_OBJECT -> {
          if (path.size() > MOST_DEPTH) {
            throw new IOException("too deep");
          }
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            path.add(parser.currentName());
            value(parser, parser.nextToken(), path);
            path.removeLast();
          }
        }
        case START_ARRAY -> {
          if (path.size() > MOST_DEPTH) {
            throw new IOException("too deep");
          }
          for (var next = parser.nextToken();
              next != JsonToken.END_ARRAY;
              next = parser.nextToken()) {
            path.add("[]");
            value(parser, next, path);
            path.removeLast();
          }
        }
        case VALUE_STRING -> texts += !parser.getText().isEmpty() && isGenerated(path) ? 1 : 0;
        case VALUE_NUMBER_INT -> count(parser.getText(), path);
        default -> {}
      }
    }

    private static boolean isGenerated(List<String> path) {
      if (path.isEmpty()) {
        return false;
      }
      var own = path.getLast();
      if (path.size() > 1 && Set.of("role", "type").contains(own)) {
        return false;
      }
      if (path.getFirst().equals("delta")) {
        return true;
      }
      return path.getFirst().equals("choices")
          && path.size() >= 3
          && ((path.get(2).equals("delta") && path.size() > 3)
              || (path.get(2).equals("text") && path.size() == 3));
    }

    private void count(String digits, List<String> path) {
      if (digits.startsWith("-") || digits.length() > 12) {
        return;
      }
      boolean within = path.size() > 1 && Set.of("response", "message").contains(path.getFirst());
      var its = within ? path.subList(1, path.size()) : path;
      if (its.size() < 2 || !its.getFirst().equals("usage")) {
        return;
      }
      double value = Long.parseLong(digits);
      if (its.size() == 2) {
        switch (its.get(1)) {
          case "prompt_tokens", "input_tokens" -> prompt = value;
          case "completion_tokens", "output_tokens" -> output = value;
          default -> {}
        }
      } else if (its.size() == 3
          && Set.of("prompt_tokens_details", "input_tokens_details").contains(its.get(1))
          && its.get(2).equals("cached_tokens")
          && value < LARGEST_COUNT) {
        cached = value;
      }
    }
  }
}
