package io.signalbox.host.limits;

/** What a request holds of the allowances that replicas share. Ended once. */
interface SharedShare {
  /** The request took so many tokens, and is over. Does not block, and may be lost. */
  void settle(long reserved, long used);

  /** The request reached no engine, and is over; likewise. */
  void giveBack(long reserved);
}
