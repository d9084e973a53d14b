package io.signalbox.host;

import io.signalbox.host.SoakRecord.Failure;
import io.signalbox.host.SoakVerdict.Resource;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a soak showed, as tables in Markdown. */
final class SoakReport {
  private static final double NANOS_PER_SECOND = 1e9;

  private final SoakRecord record;
  private final Duration length;
  private final long seed;

  SoakReport(SoakRecord record, Duration length, long seed) {
    this.record = record;
    this.length = length;
    this.seed = seed;
  }

  String text() {
    return """
    %d s (asked for: %d), seed %d, %d cores: %d requests were answered, %d aborted by their clients, %d failed.

    | request | fate | status | reason | how many |
    |---|---|---|---|---|
    %s
    | fault | how often | until announced, median s | longest s |
    |---|---|---|---|
    %s
    | | second third | last third | may grow by |
    |---|---|---|---|
    %s\
    """
        .formatted(
            record.totals().seconds(),
            length.toSeconds(),
            seed,
            Runtime.getRuntime().availableProcessors(),
            record.totals().answered(),
            record.totals().aborted(),
            record.failures().size(),
            failures(),
            faults(),
            resources());
  }

  private String failures() {
    var verdict = new SoakVerdict(record);
    return record.failures().stream()
        .collect(
            Collectors.groupingBy(
                failure -> row(verdict, failure), TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(each -> each.getKey() + " | " + each.getValue() + " |\n")
        .collect(Collectors.joining());
  }

  private static String row(SoakVerdict verdict, Failure failure) {
    return "| %s | %s | %d | %s"
        .formatted(
            failure.sent(),
            verdict.fate(failure).name().toLowerCase(Locale.ROOT).replace('_', ' '),
            failure.status(),
            failure.cause());
  }

  private String faults() {
    return Stream.of(SoakFault.values()).map(this::row).collect(Collectors.joining());
  }

  private String row(SoakFault fault) {
    var seconds =
        record.notices().stream()
            .filter(notice -> notice.fault() == fault)
            .mapToDouble(notice -> notice.announcedNanos() / NANOS_PER_SECOND)
            .sorted()
            .toArray();
    return seconds.length == 0
        ? "| %s | 0 | | |%n".formatted(fault.what())
        : String.format(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f |%n",
            fault.what(),
            seconds.length,
            seconds[seconds.length / 2],
            seconds[seconds.length - 1]);
  }

  private String resources() {
    var all = record.footprints();
    return Stream.of(Resource.values())
        .map(resource ->
            "| %s | %d | %d | %d |%n"
                .formatted(
                    resource.what(),
                    resource.inThird(1, all),
                    resource.inThird(2, all),
                    resource.growth()))
        .collect(Collectors.joining());
  }
}
