package io.signalbox.host.limits;

import java.util.List;

/** What became of taking from several allowances at once: from all, or from none. */
sealed interface Taking {
  /** From all. */
  record Taken(List<Share> shares, Standing standing) implements Taking {}

  /** One had too little. */
  record TooLittle(Claim claim, Shortage shortage, Standing standing) implements Taking {}

  /** There is no room to remember what was taken. */
  record NoRoom() implements Taking {}
}
