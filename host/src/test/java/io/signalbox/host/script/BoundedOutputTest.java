package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class BoundedOutputTest {
  private final Scripts.Lines lines = new Scripts.Lines();
  private long now = Long.MAX_VALUE - 5;
  private final BoundedOutput output = new BoundedOutput(lines, () -> now);

  @Test
  void eachLineIsOne() {
    output.text(Level.INFO, "a\r\nb\n");
    output.text(Level.WARN, "");

    assertThat(lines.lines).containsExactly("INFO a", "INFO b", "WARN ");
  }

  @Test
  void longLinesAreCut() {
    output.text(Level.INFO, "x".repeat(BoundedOutput.MAX_LINE + 1) + "\ny");

    assertThat(lines.lines).containsExactly("INFO " + "x".repeat(BoundedOutput.MAX_LINE), "INFO y");
  }

  @Test
  void tooManyInASecondAreDroppedAndCounted() {
    for (int i = 0; i < BoundedOutput.MAX_LINES_PER_SECOND + 7; i++) {
      output.text(Level.INFO, "line");
    }
    assertThat(lines.lines).hasSize(BoundedOutput.MAX_LINES_PER_SECOND);

    now += TimeUnit.SECONDS.toNanos(1);
    output.text(Level.INFO, "later");
    assertThat(lines.lines)
        .hasSize(BoundedOutput.MAX_LINES_PER_SECOND + 2)
        .endsWith("WARN output dropped: 7 times since the last line", "INFO later");
  }
}
