package io.signalbox.host.limits;

/** What the allowances that replicas share had for a request. */
sealed interface SharedAnswer {
  /** Enough, and it was taken. */
  record Granted(SharedShare share, Standing standing) implements SharedAnswer {}

  /** Of one too little; nothing was taken. */
  record Denied(Claim claim, Shortage shortage, Standing standing) implements SharedAnswer {}
}
