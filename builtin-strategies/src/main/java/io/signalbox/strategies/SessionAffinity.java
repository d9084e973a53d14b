package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.ResponseHeaderSource;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the endpoint a session was served by.
 *
 * <p>The session's endpoint is the candidate that header {@code x-session-id} names, else the first
 * in the {@linkplain Rendezvous rendezvous order} of the session key in another header, of 1 to 256
 * bytes; it alone stays. Without either, or where the id names no candidate and there is no key,
 * everyone stays. The answer carries the id of the endpoint finally chosen, by whatever stage.
 *
 * <p>With {@code load-cap} the loads are bounded as by Mirrokni, Thorup and Zadimoghaddam
 * ("Consistent Hashing with Bounded Loads", 2016): an endpoint that would get more than {@code
 * load-cap} times the mean is left to the next in the order. The order of a session without a key
 * is that of its id.
 *
 * <p>Remembers ids, nothing about sessions. One pass over the candidates; allocates only for an
 * endpoint it has not met.
 */
public final class SessionAffinity implements Filter, ResponseHeaderSource {
  /** Names the session's endpoint, in requests and answers. */
  public static final String SESSION_ID = "x-session-id";

  private static final int MAX_KEY_BYTES = 256;
  private static final int MIN_SECRET_CHARACTERS = 16;
  private static final int NOBODY = -1;

  private static final Parameter HEADER =
      new Parameter.Text(
          "header", "x-aibrix-session-key", "the request header with the session key");
  private static final Parameter FORMAT =
      new Parameter.Text(
          "format",
          "aibrix",
          "of the session ids: aibrix (base64 of the address) or signed (opaque, needs key)");
  private static final Parameter KEY =
      new Parameter.Text(
          "key",
          "",
          "secret of at least 16 characters for format=signed, the same in every router");
  private static final Parameter LOAD_CAP =
      new Parameter.Numeric(
          "load-cap",
          0,
          0,
          1_000,
          "",
          "requests in flight, times the mean, that an endpoint may have; 0: no bound, else at least"
              + " 1");

  private final String header;
  private final SessionIds ids;
  private final double loadCap;

  private SessionAffinity(StrategyContext context) {
    var parameters = context.parameters();
    header = parameters.text(HEADER.name()).toLowerCase(Locale.ROOT);
    ids = ids(parameters.text(FORMAT.name()), parameters.text(KEY.name()));
    loadCap = parameters.number(LOAD_CAP.name());
    if (loadCap > 0 && loadCap < 1) {
      throw new IllegalArgumentException(
          "\"load-cap\" must be 0 or at least 1, not " + loadCap + ": someone has the mean");
    }
  }

  private static SessionIds ids(String format, String secret) {
    return switch (format) {
      case "aibrix" -> {
        if (!secret.isEmpty()) {
          throw new IllegalArgumentException("\"key\" is for format=signed");
        }
        yield SessionIds.readable();
      }
      case "signed" -> {
        if (secret.length() < MIN_SECRET_CHARACTERS) {
          throw new IllegalArgumentException(
              "format=signed needs a \"key\" of at least 16 characters");
        }
        yield SessionIds.signed(secret);
      }
      default ->
          throw new IllegalArgumentException(
              "\"format\" must be aibrix or signed, not \"" + format + "\"");
    };
  }

  /** The factory of {@code session-affinity}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "session-affinity",
        Set.of(Signal.IN_FLIGHT),
        List.of(HEADER, FORMAT, KEY, LOAD_CAP),
        SessionAffinity::new);
  }

  @Override
  public void filter(RouteRequest request, Candidates candidates, boolean[] keep) {
    int size = candidates.size();
    int chosen = choice(request, candidates);
    Arrays.fill(keep, 0, size, chosen == NOBODY);
    if (chosen != NOBODY) {
      keep[chosen] = true;
    }
  }

  private int choice(RouteRequest request, Candidates candidates) {
    var id = request.header(SESSION_ID);
    var key = key(request);
    int named = id == null ? NOBODY : named(id, candidates);
    if (named == NOBODY && key == null) {
      return NOBODY;
    }
    double limit = loadLimit(candidates);
    if (named != NOBODY && !exceeds(limit, named, candidates)) {
      return named;
    }
    long order = Rendezvous.hash(key != null ? key : String.valueOf(id));
    int first = heaviest(order, candidates, limit);
    return first == NOBODY ? heaviest(order, candidates, Double.NaN) : first;
  }

  /** The session key; null where there is none, or one too long to be meant. */
  private @Nullable String key(RouteRequest request) {
    var key = request.header(header);
    return key == null || key.isEmpty() || longerThanAllowed(key) ? null : key;
  }

  private static boolean longerThanAllowed(String key) {
    int bytes = 0;
    for (int i = 0; i < key.length() && bytes <= MAX_KEY_BYTES; i++) {
      char c = key.charAt(i);
      // In UTF-8; the two halves of a pair have two bytes each.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes > MAX_KEY_BYTES;
  }

  private int named(String id, Candidates candidates) {
    int named = NOBODY;
    // No end at the first: how long it takes must not tell which it is.
    for (int i = 0; i < candidates.size(); i++) {
      if (ids.names(id, candidates.endpoint(i))) {
        named = i;
      }
    }
    return named;
  }

  /** The most requests an endpoint may have, this one included; NaN where there is no bound. */
  private double loadLimit(Candidates candidates) {
    if (loadCap == 0) {
      return Double.NaN;
    }
    int size = candidates.size();
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    double withThisOne = 1;
    for (int i = 0; i < size; i++) {
      withThisOne += inFlight[i];
    }
    return Math.ceil(loadCap * withThisOne / size);
  }

  private static boolean exceeds(double limit, int index, Candidates candidates) {
    return candidates.column(Signal.IN_FLIGHT)[index] + 1 > limit;
  }

  /** The first in the order of a key that is not over the limit; nobody where all are. */
  private static int heaviest(long order, Candidates candidates, double limit) {
    int heaviest = NOBODY;
    long most = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (exceeds(limit, i, candidates)) {
        continue;
      }
      long weight = Rendezvous.weight(order, candidates.endpoint(i));
      if (heaviest == NOBODY || Long.compareUnsigned(weight, most) > 0) {
        heaviest = i;
        most = weight;
      }
    }
    return heaviest;
  }

  @Override
  public void responseHeaders(
      RouteRequest request, Endpoint chosen, BiConsumer<String, String> headers) {
    headers.accept(SESSION_ID, ids.of(chosen));
  }
}
