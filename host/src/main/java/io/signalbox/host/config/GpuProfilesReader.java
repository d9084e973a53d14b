package io.signalbox.host.config;

import io.signalbox.host.config.GpuProfileConfig.Slo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code gpu-profiles} of a model: what its endpoints can do, and should. */
record GpuProfilesReader(ConfigProblems problems) {
  private static final String OUTPUT = "output-tokens";
  private static final String PROMPT = "prompt-tokens";
  private static final String TTFT = "ttft-seconds";
  private static final int MOST_NUMBERS = 64;
  private static final String AXIS =
      "a list of 1 to " + MOST_NUMBERS + " numbers, at least 1 and ascending";
  private static final String TABLE =
      "a list of rows, one for each of output-tokens, with a number for each of prompt-tokens";

  Map<String, GpuProfileConfig> read(YamlSection profiles) {
    var read = new TreeMap<String, GpuProfileConfig>();
    profiles.namedSections().forEach((name, section) -> read.put(name, profile(section)));
    return read;
  }

  private GpuProfileConfig profile(YamlSection section) {
    var output = axis(section, OUTPUT);
    var prompt = axis(section, PROMPT);
    section.require("requests-per-second", TABLE);
    section.require("e2e-seconds", TABLE);
    var profile =
        new GpuProfileConfig(
            output,
            prompt,
            table(section, "requests-per-second", output, prompt),
            table(section, "e2e-seconds", output, prompt),
            table(section, TTFT, output, prompt),
            slo(section.section("slo")));
    if (profile.slo().tpot().isEmpty() && profile.slo().ttft().isPresent() && !section.has(TTFT)) {
      problems.add(section.child("slo") + ".ttft", "needs " + TTFT + " to be compared with");
    }
    section.finish();
    return profile;
  }

  private static List<Double> axis(YamlSection section, String key) {
    section.require(key, AXIS);
    return section.read(key, AXIS, GpuProfilesReader::axis).orElse(List.of());
  }

  private static Optional<List<Double>> axis(Node node) {
    return YamlValues.numbers(node).filter(GpuProfilesReader::ascends);
  }

  private static boolean ascends(List<Double> numbers) {
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) < (i == 0 ? 1 : Math.nextUp(numbers.get(i - 1)))) {
        return false;
      }
    }
    return !numbers.isEmpty() && numbers.size() <= MOST_NUMBERS;
  }

  private List<List<Double>> table(
      YamlSection section, String key, List<Double> output, List<Double> prompt) {
    var table = section.read(key, TABLE, GpuProfilesReader::rows).orElse(List.of());
    // Without its axes there is nothing to compare a table with.
    if (table.isEmpty() || output.isEmpty() || prompt.isEmpty()) {
      return table;
    }
    if (table.size() != output.size()) {
      problems.add(
          section.child(key),
          "must have " + output.size() + " rows, as many as " + OUTPUT + ", not " + table.size());
    }
    for (int i = 0; i < table.size(); i++) {
      int size = table.get(i).size();
      if (size != prompt.size()) {
        problems.add(
            section.child(key),
            "row %d must have %d numbers, as many as %s, not %d"
                .formatted(i + 1, prompt.size(), PROMPT, size));
      }
    }
    return table;
  }

  private static Optional<List<List<Double>>> rows(Node node) {
    var rows = new ArrayList<List<Double>>();
    for (var item : YamlValues.items(node).orElse(List.of())) {
      var row = YamlValues.numbers(item);
      if (row.isEmpty()) {
        return Optional.empty();
      }
      rows.add(row.get());
    }
    return Optional.of(List.copyOf(rows)).filter(read -> !read.isEmpty());
  }

  private static Slo slo(YamlSection section) {
    var slo =
        new Slo(
            target(section, "tpot"),
            target(section, "ttft"),
            target(section, "tpat"),
            target(section, "e2e"));
    section.finish();
    return slo;
  }

  private static Optional<Duration> target(YamlSection section, String key) {
    return Optional.of(
            section.duration(key, Duration.ZERO, Duration.ofNanos(1_000), Duration.ofHours(1)))
        .filter(Duration::isPositive);
  }
}
