package io.signalbox.host.chain;

import io.signalbox.host.config.ModelRouting.Profile;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Makes the chains of profiles. A profile's parameters are put where its chain uses the strategy
 * they are for, with named chains in the place of their names, as if they were written there; what
 * the chain says itself stays. So the canonical text of such a chain says them too.
 */
record ProfileChains(RoutingPlan plan) {
  /**
   * The chain of a profile; empty where it says neither a chain nor parameters.
   *
   * @throws ChainException when it cannot be read
   */
  Optional<ParsedChain> of(Profile profile) {
    if (profile.parameters().isEmpty()) {
      return profile.strategy().map(plan::parse);
    }
    return Optional.of(written(profile).with(profile.parameters()));
  }

  /** Its chain without its parameters, named chains spelt out. */
  private ParsedChain written(Profile profile) {
    return new ParsedChain(
        plan.expand(profile.strategy().map(plan::parse).orElse(plan.defaultChain())));
  }

  /**
   * Checks the parameters alone: that each is for a strategy of the chain, and could be written in
   * it.
   *
   * @param key of the parameters below the model
   * @throws ChainException when the chain cannot be read
   */
  void checkParameters(String model, String key, Profile profile, RoutingPlan.Problems problems) {
    if (profile.parameters().isEmpty()) {
      return;
    }
    var used = new TreeSet<String>();
    for (var stage : written(profile).stages()) {
      stage.terms().forEach(term -> used.add(term.name()));
    }
    profile
        .parameters()
        .forEach((strategy, own) -> {
          var path = key + "." + strategy;
          if (!used.contains(strategy)) {
            problems.add(
                new ChainSource.OfModel(model, path),
                "the profile's chain has no strategy of this name, but " + String.join(", ", used));
          }
          own.forEach((name, value) -> {
            if (!ChainParser.isValue(value)) {
              problems.add(
                  new ChainSource.OfModel(model, path + "." + name),
                  "a value has printable ASCII characters except , + : ; = and spaces");
            }
          });
        });
  }
}
