package io.signalbox.host.request;

import java.nio.ByteBuffer;

/** Reads nothing. */
final class BlindReader implements AnswerReader {
  static final BlindReader INSTANCE = new BlindReader();

  private BlindReader() {}

  @Override
  public void read(ByteBuffer piece) {}

  @Override
  public void read(byte[] piece, int from, int to) {}

  @Override
  public long deltas() {
    return 0;
  }

  @Override
  public Usage usage() {
    return Usage.UNKNOWN;
  }
}
