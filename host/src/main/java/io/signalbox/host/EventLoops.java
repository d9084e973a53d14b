package io.signalbox.host;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** How many event loops route: one for each core. */
final class EventLoops {
  /** Files are used where they lie, so no folder is needed for copies of those in jars. */
  private static final FileSystemOptions NOTHING_UNPACKED =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  private EventLoops() {}

  static int count() {
    return Runtime.getRuntime().availableProcessors();
  }

  static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(count())
        .setPreferNativeTransport(true)
        .setFileSystemOptions(NOTHING_UNPACKED);
  }
}
