package io.signalbox.benchmarks;

/**
 * Exchanges with one server. A slot starts the next when its last has ended, at once or at a pace.
 */
interface Load extends AutoCloseable {
  /** What this load counts. */
  Tally tally();

  /**
   * Starts every slot.
   *
   * @param perSecond exchanges of all of them; infinite: as many as there can be
   */
  void start(double perSecond);

  /** How many slots there are. */
  int slots();

  /** Whether what is counted comes at a pace of the engines, whatever the server does. */
  boolean paced();

  /** Whether a slot is left that goes on. */
  boolean busy();

  /** Lets exchanges end and starts no more; those that do not end in time count as errors. */
  void stop();

  /** Closes the connections. */
  @Override
  void close();
}
