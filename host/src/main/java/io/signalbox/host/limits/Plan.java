package io.signalbox.host.limits;

import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.AccessConfig.Identity;
import io.signalbox.host.config.LimitsConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of users and limits. Immutable.
 *
 * @param identity how users are known
 * @param asks whether anybody is asked who it is
 * @param limitsUsers whether any user has limits
 * @param countsUsers whether any user's tokens are limited
 * @param users by name
 * @param anyUser of users who have nothing of their own
 * @param models by name
 * @param anyModel likewise
 * @param profiles by their model's name, then by their own; those that have any
 * @param endpoints by their model's name
 * @param anyEndpoint likewise
 */
record Plan(
    Identity identity,
    boolean asks,
    boolean limitsUsers,
    boolean countsUsers,
    KeyRing keys,
    Map<String, Quota> users,
    Quota anyUser,
    Map<String, Quota> models,
    Quota anyModel,
    Map<String, Map<String, Quota>> profiles,
    Map<String, Quota> endpoints,
    Quota anyEndpoint) {
  static final Plan NONE = of(AccessConfig.DEFAULT, List.of());

  static Plan of(AccessConfig access, List<ModelConfig> models) {
    var anyUser = Quota.of(access.perUser());
    var users = new HashMap<String, Quota>();
    for (var user : access.users()) {
      users.put(user.name(), user.limits().map(Quota::of).orElse(anyUser));
    }
    boolean asks = !access.users().isEmpty() || access.identity() != Identity.KEYS;
    boolean recorded = access.identity() == Identity.AIBRIX;
    return new Plan(
        access.identity(),
        asks,
        asks && (recorded || any(users, anyUser, Quota::limitsAnything)),
        asks && (recorded || any(users, anyUser, Quota::limitsTokens)),
        new KeyRing(access.users()),
        Map.copyOf(users),
        anyUser,
        quotas(models, ModelLimits::limits),
        Quota.of(access.perModel()),
        profiles(models),
        quotas(models, ModelLimits::perEndpoint),
        Quota.of(access.perEndpoint()));
  }

  private static Map<String, Map<String, Quota>> profiles(List<ModelConfig> models) {
    var profiles = new HashMap<String, Map<String, Quota>>();
    for (var model : models) {
      var quotas = new HashMap<String, Quota>();
      model
          .routing()
          .profiles()
          .forEach((name, profile) ->
              profile.limits().ifPresent(own -> quotas.put(name, Quota.of(own))));
      if (!quotas.isEmpty()) {
        profiles.put(model.name(), Map.copyOf(quotas));
      }
    }
    return Map.copyOf(profiles);
  }

  private static boolean any(Map<String, Quota> users, Quota anyUser, Predicate<Quota> what) {
    return what.test(anyUser) || users.values().stream().anyMatch(what);
  }

  /** Of models that say something of their own. */
  private static Map<String, Quota> quotas(
      List<ModelConfig> models, Function<ModelLimits, Optional<LimitsConfig>> which) {
    var quotas = new HashMap<String, Quota>();
    for (var model : models) {
      which.apply(model.limits()).ifPresent(own -> quotas.put(model.name(), Quota.of(own)));
    }
    return Map.copyOf(quotas);
  }

  /** What a user may take; null where nobody of this name is configured. */
  @Nullable Quota user(String name) {
    return users.get(name);
  }

  /** What a model may take. */
  Quota model(String name) {
    return models.getOrDefault(name, anyModel);
  }

  /** Whether profiles of a model have limits. */
  boolean limitsProfiles(String model) {
    return profiles.containsKey(model);
  }

  /** What requests of a profile may take; null where it has no limits. */
  @Nullable Quota profile(String model, String profile) {
    return profiles.getOrDefault(model, Map.of()).get(profile);
  }

  /** What each endpoint of a model may take. */
  Quota endpointOf(String model) {
    return endpoints.getOrDefault(model, anyEndpoint);
  }
}
