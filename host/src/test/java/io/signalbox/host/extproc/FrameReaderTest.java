package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private static final int MAX_BYTES = 1_000_000;

  /** Writes down what is found. */
  private static final class Found implements FrameReader.Receiver {
    final List<String> found = new ArrayList<>();

    @Override
    public void message(byte[] bytes, int from, int to) {
      found.add(ByteString.copyFrom(bytes, from, to - from).toStringUtf8());
    }

    @Override
    public void compressed() {
      found.add("(compressed)");
    }

    @Override
    public void tooLarge() {
      found.add("(too large)");
    }
  }

  private static Buffer frame(String message) {
    var bytes = Buffer.buffer(message);
    return Buffer.buffer().appendByte((byte) 0).appendInt(bytes.length()).appendBuffer(bytes);
  }

  /** Reads a stream that arrives in pieces which end at these places. */
  private static List<String> read(Buffer stream, int maxBytes, int... ends) {
    var found = new Found();
    var frames = new FrameReader(found, maxBytes);
    int from = 0;
    for (int to : ends) {
      frames.read(stream.getBuffer(from, to));
      from = to;
    }
    frames.read(stream.getBuffer(from, stream.length()));
    return found.found;
  }

  @Test
  void messagesAreFoundHoweverTheyAreSplit() {
    var stream = frame("one").appendBuffer(frame("")).appendBuffer(frame("three" + "e".repeat(40)));
    var messages = List.of("one", "", "three" + "e".repeat(40));
    for (int first = 0; first <= stream.length(); first++) {
      for (int second = first; second <= stream.length(); second++) {
        assertThat(read(stream, MAX_BYTES, first, second))
            .as("split at %d and %d", first, second)
            .isEqualTo(messages);
      }
    }
  }

  @Test
  void aMessageIsFoundByteByByte() {
    var message = "m".repeat(70_000);
    var stream = frame(message).appendBuffer(frame("next"));
    var ends = IntStream.range(1, stream.length()).toArray();
    assertThat(read(stream, MAX_BYTES, ends)).containsExactly(message, "next");
  }

  @Test
  void messagesOfAnySizeAreFoundInPiecesOfAnySize() {
    var random = new SplittableRandom(1);
    for (int run = 0; run < 200; run++) {
      var stream = Buffer.buffer();
      var messages = new ArrayList<String>();
      for (int i = 0; i < 5; i++) {
        var message = "m".repeat(random.nextInt(50_000));
        messages.add(message);
        stream.appendBuffer(frame(message));
      }
      var ends = random.ints(8, 0, stream.length()).sorted().toArray();
      assertThat(read(stream, MAX_BYTES, ends)).isEqualTo(messages);
    }
  }

  @Test
  void aMessageThatIsTooLargeIsLeftOutHoweverItIsSplit() {
    var stream = frame("before").appendBuffer(frame("too large")).appendBuffer(frame("after"));
    for (int first = 0; first <= stream.length(); first++) {
      assertThat(read(stream, 8, first))
          .as("split at %d", first)
          .containsExactly("before", "(too large)", "after");
    }
  }

  @Test
  void aMessageThatIsCompressedIsLeftOut() {
    var compressed = frame("compressed").setByte(0, (byte) 1);
    assertThat(read(compressed.appendBuffer(frame("after")), MAX_BYTES))
        .containsExactly("(compressed)", "after");
  }

  /** Else whoever announces large messages on many streams would take all memory. */
  @Test
  void aLengthThatIsOnlyAnnouncedTakesNothing() {
    var readers = new ArrayList<FrameReader>();
    for (int i = 0; i < 10_000; i++) {
      var frames = new FrameReader(new Found(), Integer.MAX_VALUE);
      frames.read(Buffer.buffer().appendByte((byte) 0).appendInt(Integer.MAX_VALUE - 100));
      readers.add(frames);
    }
    assertThat(readers).hasSize(10_000);
  }
}
