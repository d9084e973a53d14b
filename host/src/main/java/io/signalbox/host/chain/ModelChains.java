package io.signalbox.host.chain;

import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.config.ModelRouting.Profile;
import io.signalbox.sdk.RouteRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chains that one model's configuration names, compiled for one event loop.
 *
 * <p>A profile is chosen by the request header {@value #HEADER}: by name, or with {@code auto} by
 * what the profiles say of the requests they are for. Of those that fit, the one that says most is
 * chosen, then the one with the narrower bounds, then the first in alphabetical order. Without a
 * header, with a name that does not exist, or where none fits, it is the model's default profile.
 */
final class ModelChains {
  /** The request header that names a profile. */
  static final String HEADER = "config-profile";

  /** The response header that tells which profile {@code auto} chose. */
  static final String ANSWER_HEADER = "x-aibrix-config-profile";

  private static final String AUTO = "auto";

  private final ModelRouting routing;
  private final @Nullable Chain locked;
  private final Map<String, Chain> byProfile = new HashMap<>();

  /** Compiles them. */
  ModelChains(ModelRouting routing, RoutingPlan plan, ChainCache chains) {
    this.routing = routing;
    this.locked = routing.lockedStrategy().map(chains::find).orElse(null);
    var profiles = new ProfileChains(plan);
    routing
        .profiles()
        .forEach((name, profile) ->
            profiles.of(profile).ifPresent(parsed -> byProfile.put(name, chains.compiled(parsed))));
  }

  /** The chain that decides whatever a request asks for; null where there is none. */
  @Nullable Chain locked() {
    return locked;
  }

  /** The chain of a profile; null where it names none. */
  @Nullable Chain ofProfile(String name) {
    return byProfile.get(name);
  }

  /** Whether a request leaves it to us to choose a profile. */
  static boolean isAuto(RouteRequest request) {
    return AUTO.equalsIgnoreCase(request.header(HEADER));
  }

  /** The profile of a request; empty where there is none for it. */
  Optional<String> profile(RouteRequest request) {
    var asked = request.header(HEADER);
    if (asked == null || routing.profiles().isEmpty()) {
      return byDefault();
    }
    if (AUTO.equalsIgnoreCase(asked)) {
      return fitting(request).or(this::byDefault);
    }
    return routing.profiles().containsKey(asked) ? Optional.of(asked) : byDefault();
  }

  private Optional<String> byDefault() {
    return routing.defaultProfile();
  }

  private Optional<String> fitting(RouteRequest request) {
    String best = null;
    Profile bestProfile = null;
    for (var entry : routing.profiles().entrySet()) {
      var profile = entry.getValue();
      if (profile.hasHints()
          && profile.promptTokens().contains(request.promptTokens())
          && profile.maxTokens().contains(request.maxTokens())
          && (bestProfile == null || saysMore(profile, bestProfile))) {
        best = entry.getKey();
        bestProfile = profile;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean saysMore(Profile profile, Profile other) {
    if (profile.hints() != other.hints()) {
      return profile.hints() > other.hints();
    }
    long lower = (long) profile.promptTokens().from() + profile.maxTokens().from();
    long otherLower = (long) other.promptTokens().from() + other.maxTokens().from();
    if (lower != otherLower) {
      return lower > otherLower;
    }
    long upper = (long) profile.promptTokens().below() + profile.maxTokens().below();
    return upper < (long) other.promptTokens().below() + other.maxTokens().below();
  }
}
