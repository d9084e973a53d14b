package io.signalbox.host;

import io.signalbox.host.SoakFault.Cost;
import io.signalbox.host.SoakRecord.Course;
import io.signalbox.host.SoakRecord.Failure;
import io.signalbox.host.SoakRecord.Footprint;
import io.signalbox.host.SoakRecord.Notice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What of a soak is not as it must be. */
final class SoakVerdict {
  /** What became of a request that failed. */
  enum Fate {
    /** No engine was well for all of its life. */
    NOBODY_WELL,
    /** An engine that a fault befell had taken it. */
    TAKEN,
    /** An engine that a fault befell had begun to answer. */
    CUT_OFF,
    /** A healthy engine could have served it. */
    LOST
  }

  /** A resource, and by how much it may be more in the last third of a soak than in the second. */
  enum Resource {
    HEAP("heap after collections", 24 << 20),
    NATIVE("native memory", 16 << 20),
    /** Connections to engines come and go with what the engines have. */
    FILES("open files", 96),
    THREADS("threads", 12);

    private final String what;
    private final long growth;

    Resource(String what, long growth) {
      this.what = what;
      this.growth = growth;
    }

    private long of(Footprint footprint) {
      return switch (this) {
        case HEAP -> footprint.heapBytes();
        case NATIVE -> footprint.nativeBytes();
        case FILES -> footprint.files();
        case THREADS -> footprint.threads();
      };
    }

    String what() {
      return what;
    }

    long growth() {
      return growth;
    }

    /** The median in a third of the soak, counted from 0. */
    long inThird(int third, List<Footprint> footprints) {
      int size = footprints.size() / 3;
      return footprints.stream()
          .skip((long) third * size)
          .limit(size)
          .mapToLong(this::of)
          .sorted()
          .skip(size / 2)
          .findFirst()
          .orElse(0);
    }
  }

  /** Reasons with which the gateway gives up a request that an engine had taken. */
  private static final Set<String> TAKEN_REASONS = Set.of("engine-failed", "engine-timeout");

  /** How a proxy says that it sent the request nowhere. */
  private static final Pattern NOT_SENT =
      Pattern.compile("connection failure|connection timeout|no healthy upstream|overflow");

  static final int FEWEST_FOOTPRINTS = 9;

  private static final Pattern WRONG = Pattern.compile("LEAK|Exception in thread|^\\S+ ERROR ");

  /** What is logged as an error, and is none of ours; and why it does no harm. */
  private static final Map<Pattern, String> HARMLESS =
      Map.of(
          Pattern.compile(
              "The stream has been closed\\n[\\s\\S]*grpc.health.handler.GrpcHealthCheckV1Handler"),
          "Envoy gave up a health check that a busy machine answered late, and Vert.x answers it",
          Pattern.compile(
              "^\\S+ ERROR DefaultHttp2Connection .*onStreamClosed[\\s\\S]*"
                  + "at io.vertx.core.http.impl.VertxHttp2Stream\\$3.cancel"),
          "Envoy closed a connection with trailers in Vert.x' queue, for which nobody waits; the"
              + " stream's end was told before",
          Pattern.compile("^\\S+ ERROR ConnectionBase .*Connection reset by peer"),
          "an engine that ended reset a connection on which nothing was under way");

  private static final Pattern NEW_ENTRY = Pattern.compile("^(\\d\\d:|Exception in thread)");

  private final SoakRecord record;

  SoakVerdict(SoakRecord record) {
    this.record = record;
  }

  /**
   * All that is not as it must be; empty where all is.
   *
   * @param expected the faults that must have happened
   */
  List<String> problems(Set<SoakFault> expected) {
    var problems = new ArrayList<String>();
    record.failures().stream()
        .filter(failure -> fate(failure) == Fate.LOST)
        .forEach(failure -> problems.add("lost: " + failure));
    record.notices().stream()
        .filter(notice -> notice.course() != Course.ANNOUNCED_AND_OVER)
        .forEach(notice -> problems.add("fault: " + notice));
    missing(expected).forEach(fault -> problems.add("did not happen: " + fault));
    totals(problems);
    growth(problems);
    entries(record.log()).stream()
        .filter(entry -> WRONG.matcher(entry).find())
        .filter(entry -> HARMLESS.keySet().stream().noneMatch(each -> each.matcher(entry).find()))
        .forEach(entry -> problems.add("log: " + entry));
    return problems;
  }

  /**
   * A request is lost where it failed though an engine was well for all of its life, unless one
   * that was not had taken it: that may have begun it, so it was not repeated.
   */
  Fate fate(Failure failure) {
    if (failure.began()) {
      return befell(failure) ? Fate.CUT_OFF : Fate.LOST;
    }
    boolean anybodyWell =
        record.engines().stream()
            .anyMatch(engine ->
                record.windows().stream()
                    .noneMatch(
                        window -> window.engine().equals(engine) && window.overlaps(failure)));
    if (!anybodyWell) {
      return Fate.NOBODY_WELL;
    }
    return wasTaken(failure) && befell(failure) ? Fate.TAKEN : Fate.LOST;
  }

  private static boolean wasTaken(Failure failure) {
    return failure.reason().isEmpty()
        ? failure.status() >= 500 && !NOT_SENT.matcher(failure.text()).find()
        : TAKEN_REASONS.contains(failure.reason());
  }

  /**
   * Whether its endpoint had a fault that costs the requests it has; any endpoint, where a proxy
   * answers that names none.
   */
  private boolean befell(Failure failure) {
    return record.windows().stream()
        .anyMatch(window ->
            (failure.endpoint().isEmpty() || window.engine().equals(failure.endpoint()))
                && window.fault().cost() == Cost.TAKEN
                && window.overlaps(failure));
  }

  private Set<SoakFault> missing(Set<SoakFault> expected) {
    var missing = EnumSet.copyOf(expected);
    record.notices().stream().map(Notice::fault).forEach(missing::remove);
    return missing;
  }

  private void totals(List<String> problems) {
    var totals = record.totals();
    if (totals.answered() == 0) {
      problems.add("nothing was answered");
    }
    if (totals.leftInFlight() != 0) {
      problems.add("left in flight: " + totals.leftInFlight());
    }
    if (totals.aborted() == 0 || totals.cancelled() == 0) {
      problems.add(
          "aborted by clients: %d, seen to be: %.0f"
              .formatted(totals.aborted(), totals.cancelled()));
    }
  }

  private void growth(List<String> problems) {
    var footprints = record.footprints();
    if (footprints.size() < FEWEST_FOOTPRINTS) {
      problems.add("only " + footprints.size() + " footprints were taken");
      return;
    }
    for (var resource : Resource.values()) {
      long before = resource.inThird(1, footprints);
      long after = resource.inThird(2, footprints);
      if (after - before > resource.growth()) {
        problems.add("%s grew from %d to %d".formatted(resource.what(), before, after));
      }
    }
  }

  /** Lines that belong together: an entry, and the exception below it. */
  private static List<String> entries(List<String> lines) {
    var entries = new ArrayList<StringBuilder>();
    for (var line : lines) {
      if (entries.isEmpty() || NEW_ENTRY.matcher(line).find()) {
        entries.add(new StringBuilder(line));
      } else {
        entries.getLast().append('\n').append(line);
      }
    }
    return entries.stream().map(StringBuilder::toString).toList();
  }
}
