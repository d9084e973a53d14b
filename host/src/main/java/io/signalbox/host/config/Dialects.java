package io.signalbox.host.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The dialects that engines' metrics pages may be in: those of the configuration, then those built
 * in whose names it does not take.
 *
 * @param byEngine in the order in which a page is tried for them
 */
public record Dialects(Map<String, DialectConfig> byEngine) {
  private static final String RESOURCE = "dialects.yaml";

  /** Those that are built in. */
  public static final Dialects BUILT_IN = new Dialects(builtIn());

  public Dialects {
    byEngine = Collections.unmodifiableMap(new LinkedHashMap<>(byEngine));
  }

  private static Map<String, DialectConfig> builtIn() {
    var problems = new ConfigProblems();
    try (var resource = Dialects.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("there is no " + RESOURCE);
      }
      var text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      var section = new YamlSection(ConfigReader.parse(text, problems), "", problems);
      var dialects = new DialectsReader(problems).read(section);
      problems.throwIfAny();
      return dialects;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** These dialects of the configuration, and those built in. */
  static Dialects with(Map<String, DialectConfig> configured) {
    if (configured.isEmpty()) {
      return BUILT_IN;
    }
    var all = new LinkedHashMap<>(configured);
    BUILT_IN.byEngine.forEach(all::putIfAbsent);
    return new Dialects(all);
  }

  /** The names of the engines. */
  public Set<String> engines() {
    return byEngine.keySet();
  }

  /** Those that an engine may speak: its own, or any where it is not said which engine it is. */
  public List<DialectConfig> of(String engine) {
    var its = byEngine.get(engine);
    return its == null ? List.copyOf(byEngine.values()) : List.of(its);
  }
}
