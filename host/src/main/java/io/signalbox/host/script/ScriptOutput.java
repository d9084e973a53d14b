package io.signalbox.host.script;

import org.slf4j.event.Level;

/**
 * Where a script's lines go: what it prints, and what it says to {@code log}. Called on the thread
 * that calls the script; lines come bounded in length and number.
 */
@FunctionalInterface
public interface ScriptOutput {
  /**
   * One line.
   *
   * @param text without a line feed, at most 2,000 characters
   */
  void line(Level level, String text);
}
