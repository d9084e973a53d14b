package io.signalbox.benchmarks;

import io.signalbox.host.script.ScriptLanguage;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/** How long it takes from the save of a plugin to the first decision by what was saved. */
final class PluginReloads {
  private static final String ID = "moving";
  private static final int WARM_UP = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PluginRig rig;
  private final ScriptLanguage language;

  private PluginReloads(PluginRig rig, ScriptLanguage language) {
    this.rig = rig;
    this.language = language;
  }

  /** Arguments: a language, how many reloads. Three more come first, and do not count. */
  public static void main(String[] args) {
    var language = ScriptLanguage.valueOf(args[0]);
    int count = Integer.parseInt(args[1]);
    try (var rig = new PluginRig()) {
      var reloads = new PluginReloads(rig, language);
      reloads.save(0);
      rig.start();
      var decisions = new Decisions(ID, rig.router(ID));
      var millis =
          IntStream.rangeClosed(1, WARM_UP + count)
              .mapToDouble(version -> reloads.measure(version, decisions))
              .skip(WARM_UP)
              .sorted()
              .toArray();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %d |%n",
          language.title(),
          Round.median(millis),
          millis[millis.length - 1],
          count);
    }
  }

  private double measure(int version, Decisions decisions) {
    long start = System.nanoTime();
    save(version);
    while (!rig.decide(decisions).equals(preferred(version))) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("version " + version + " does not come");
      }
      Pause.of(Duration.ofMillis(1));
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** Each version prefers another endpoint, by which it is recognised. */
  private static String preferred(int version) {
    return SampledFleet.address(version % PluginRig.ENDPOINTS);
  }

  private void save(int version) {
    var text =
        switch (language) {
          case JAVASCRIPT ->
              """
              export const strategy = { name: "%s", kind: "scorer", prefer: "low" };
              export const score = (request, endpoint) => (endpoint.address === "%s" ? 0 : 1);
              """;
          case PYTHON ->
              """
              from signalbox import scorer


              @scorer("%s", prefer="low")
              def score(request, endpoint):
                  return 0 if endpoint.address == "%s" else 1
              """;
        };
    rig.save(ID + language.extensions().getLast(), text.formatted(ID, preferred(version)));
  }
}
