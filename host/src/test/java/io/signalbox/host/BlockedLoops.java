package io.signalbox.host;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails the tests of a class in which Vert.x found a blocked event loop. */
final class BlockedLoops implements BeforeAllCallback, AfterAllCallback {
  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

  private static Logger checker() {
    return (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    warnings.start();
    checker().addAppender(warnings);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    checker().detachAppender(warnings);
    if (!warnings.list.isEmpty()) {
      throw new AssertionError("an event loop was blocked: " + warnings.list);
    }
  }
}
