package io.signalbox.host.limits;

import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import java.util.Optional;

/** Who sends a request. */
public sealed interface Identity {
  /** Whose request it is from now on, whatever its body says. */
  Scanned of(Scanned body);

  /** The header that showed who it is, in lower case, and that is no engine's business. */
  default Optional<String> credential() {
    return Optional.empty();
  }

  /** The headers that engines may see. */
  default RequestHeaders shown(RequestHeaders all) {
    return credential().map(all::without).orElse(all);
  }

  /** No users are configured: what the body says stands. */
  record Unasked() implements Identity {
    @Override
    public Scanned of(Scanned body) {
      return body;
    }
  }

  /**
   * A user.
   *
   * @param credential the header that showed it; empty where that is not secret
   */
  record Known(String user, Optional<String> credential) implements Identity {
    @Override
    public Scanned of(Scanned body) {
      return body.withUser(user);
    }
  }

  /** Nobody in particular, which is allowed; a user that the body names is not believed. */
  record Anonymous() implements Identity {
    @Override
    public Scanned of(Scanned body) {
      return body.withUser(null);
    }
  }

  /** Nobody who may send requests. */
  record Stranger(Refusal refusal) implements Identity {
    @Override
    public Scanned of(Scanned body) {
      return body.withUser(null);
    }
  }
}
