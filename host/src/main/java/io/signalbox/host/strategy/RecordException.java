package io.signalbox.host.strategy;

/** A record cannot be read; the message says where and what is allowed, and quotes no text. */
public final class RecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param path of the member, such as {@code endpoints[3].address}
   * @param problem goes on after the path
   */
  RecordException(String path, String problem) {
    super(path + " " + problem, null, false, false);
  }
}
