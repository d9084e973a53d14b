package io.signalbox.benchmarks;

/** Exchanges with one server in a closed loop: a slot starts the next when its last has ended. */
interface Load extends AutoCloseable {
  /** What this load counts. */
  Tally tally();

  /** Starts every slot. */
  void start();

  /** Whether a slot is left that goes on. */
  boolean busy();

  /** Lets exchanges end and starts no more; those that do not end in time count as errors. */
  void stop();

  /** Closes the connections. */
  @Override
  void close();
}
