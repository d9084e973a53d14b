package io.signalbox.host.chain;

import io.signalbox.strategies.BuiltinStrategies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Which cases are not answered as the reference answers them, and why: {@code
 * strategy-cases-differences.yaml}.
 *
 * @param notBuiltYet names of strategies that are still to come
 * @param notApplicable what of the reference has no counterpart
 * @param differs what ours answers otherwise, on purpose
 */
record StrategyCaseLists(List<String> notBuiltYet, List<Entry> notApplicable, List<Entry> differs) {
  /**
   * Cases with one reason.
   *
   * @param cases their ids; one that ends with an asterisk stands for all that begin so
   */
  record Entry(List<String> cases, String reason) {
    boolean names(StrategyCase row) {
      return cases.stream().anyMatch(id -> matches(id, row));
    }

    static boolean matches(String id, StrategyCase row) {
      return id.endsWith("*")
          ? row.id().startsWith(id.substring(0, id.length() - 1))
          : row.id().equals(id);
    }
  }

  static StrategyCaseLists read() {
    try (var file = open()) {
      var root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(file);
      return new StrategyCaseLists(
          texts(root, "not-built-yet"), entries(root, "not-applicable"), entries(root, "differs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open() {
    var name = "/cases/strategy-cases-differences.yaml";
    return Objects.requireNonNull(StrategyCaseLists.class.getResourceAsStream(name), name);
  }

  private static Object value(Map<?, ?> mapping, String key) {
    var value = mapping.get(key);
    if (value == null) {
      throw new IllegalArgumentException("\"" + key + "\" is missing in " + mapping);
    }
    return value;
  }

  private static List<String> texts(Map<?, ?> mapping, String key) {
    return ((List<?>) value(mapping, key)).stream().map(String.class::cast).toList();
  }

  private static List<Entry> entries(Map<?, ?> mapping, String key) {
    var entries = new ArrayList<Entry>();
    for (var item : (List<?>) value(mapping, key)) {
      var entry = (Map<?, ?>) item;
      entries.add(new Entry(texts(entry, "cases"), value(entry, "reason").toString().strip()));
    }
    return entries;
  }

  /** Why a case cannot be asked. */
  Optional<String> reasonNotAsked(StrategyCase row) {
    return notBuiltYet.contains(row.strategy())
        ? Optional.of("not built yet")
        : reason(notApplicable, row);
  }

  /** Whether ours may differ. */
  boolean mayDiffer(StrategyCase row) {
    return differs.stream().anyMatch(entry -> entry.names(row));
  }

  /** Whether ours differs; a case that only an asterisk stands for may agree by chance. */
  boolean mustDiffer(StrategyCase row) {
    return differs.stream().anyMatch(entry -> entry.cases().contains(row.id()));
  }

  private static Optional<String> reason(List<Entry> entries, StrategyCase row) {
    return entries.stream().filter(entry -> entry.names(row)).map(Entry::reason).findFirst();
  }

  /** What is wrong with the lists themselves, given all cases they are about. */
  List<String> problems(List<StrategyCase> cases) {
    var problems = new ArrayList<String>();
    for (var factory : BuiltinStrategies.create()) {
      if (notBuiltYet.contains(factory.id())) {
        problems.add(factory.id() + " is built now: list its cases one by one, or run them");
      }
    }
    for (var entries : List.of(notApplicable, differs)) {
      for (var entry : entries) {
        if (entry.reason().isEmpty()) {
          problems.add(entry.cases() + " has no reason");
        }
        entry.cases().stream()
            .filter(id -> cases.stream().noneMatch(row -> Entry.matches(id, row)))
            .forEach(id -> problems.add("no case is called " + id));
      }
    }
    return problems;
  }
}
