package io.signalbox.host.script;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.event.Level;

/** What a language runtime itself prints, line by line. */
final class LineStream extends OutputStream {
  private static final int MAX_BYTES = 4 * BoundedOutput.MAX_LINE;

  private final BoundedOutput output;
  private final Level level;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineStream(BoundedOutput output, Level level) {
    this.output = output;
    this.level = level;
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      output.text(level, line.toString(StandardCharsets.UTF_8));
      line.reset();
    } else if (line.size() < MAX_BYTES) {
      line.write(b);
    }
  }
}
