package io.signalbox.host.plugin;

import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.ParameterException;
import io.signalbox.sdk.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts what the operator configures for a plugin in the place of its own defaults. */
final class ConfiguredDefaults {
  private ConfiguredDefaults() {}

  /**
   * The strategies as they are to be used, by id.
   *
   * @param given values by the parameter's name
   * @throws PluginException when a parameter is none of theirs, or its value is not allowed
   */
  static Map<String, StrategyDescription> in(
      List<StrategyDescription> declared, Map<String, String> given) {
    requireKnown(given, declared);
    var configured = new LinkedHashMap<String, StrategyDescription>();
    declared.forEach(strategy -> configured.put(strategy.id(), withDefaults(strategy, given)));
    return configured;
  }

  private static void requireKnown(Map<String, String> given, List<StrategyDescription> declared) {
    for (var name : given.keySet()) {
      if (declared.stream()
          .flatMap(strategy -> strategy.parameters().stream())
          .noneMatch(parameter -> parameter.name().equals(name))) {
        throw new PluginException(
            "configured parameter \"" + name + "\" is none of its strategies'");
      }
    }
  }

  private static StrategyDescription withDefaults(
      StrategyDescription description, Map<String, String> given) {
    var parameters = new ArrayList<Parameter>();
    for (var parameter : description.parameters()) {
      var value = given.get(parameter.name());
      parameters.add(value == null ? parameter : withDefault(parameter, value));
    }
    return new StrategyDescription(
        description.id(),
        description.kind(),
        description.prefers(),
        description.defaultBand(),
        description.naturalScale(),
        description.needs(),
        parameters);
  }

  private static Parameter withDefault(Parameter parameter, String given) {
    try {
      var values = Parameters.of(List.of(parameter), Map.of(parameter.name(), given));
      return switch (parameter) {
        case Parameter.Numeric n ->
            new Parameter.Numeric(
                n.name(), values.number(n.name()), n.min(), n.max(), n.unit(), n.description());
        case Parameter.Text t ->
            new Parameter.Text(t.name(), values.text(t.name()), t.description());
      };
    } catch (ParameterException e) {
      throw new PluginException("configured " + e.getMessage(), e);
    }
  }
}
