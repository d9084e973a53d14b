package io.signalbox.host.limits;

/** What a request holds of one allowance. Ended once, by its {@link Admission}. */
record Share(Claim claim, Allowance allowance) {
  /** The request took so many tokens, and is over. */
  void settle(long reserved, long used, long nowNanos) {
    allowance.correct(claim.quota(), reserved, used, nowNanos);
    allowance.leave();
  }

  /** The request reached no engine, and is over. */
  void giveBack(long reserved, long nowNanos) {
    allowance.giveBack(claim.quota(), reserved, nowNanos);
    allowance.leave();
  }
}
