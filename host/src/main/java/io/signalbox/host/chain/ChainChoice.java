package io.signalbox.host.chain;

import io.signalbox.host.config.ModelRouting;
import io.signalbox.sdk.RouteRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * Which chain decides a request, highest first: the one its model is locked to, the one the request
 * header {@value Router#HEADER} asks for, the one of its model's profile, the default. For one
 * event loop.
 */
final class ChainChoice {
  private final ChainCache chains;
  private final Map<String, ModelChains> models = new HashMap<>();

  ChainChoice(RoutingPlan plan, ChainCache chains) {
    this.chains = chains;
    // A model that says nothing costs its requests nothing.
    plan.models()
        .forEach((model, routing) -> {
          if (!routing.equals(ModelRouting.NONE)) {
            models.put(model, new ModelChains(routing, chains::find));
          }
        });
  }

  /**
   * The chain for a request.
   *
   * @throws ChainException when the request asks for one that cannot be used
   */
  Chain find(RouteRequest request) {
    var model = models.get(request.model());
    if (model == null) {
      return chains.find(request.header(Router.HEADER));
    }
    var locked = model.locked();
    if (locked != null) {
      return locked;
    }
    var asked = request.header(Router.HEADER);
    if (asked == null || asked.isBlank()) {
      var profile = model.profile(request).map(model::ofProfile);
      if (profile.isPresent()) {
        return profile.get();
      }
    }
    return chains.find(asked);
  }

  /** What the answer says of the choice, by header: the profile that was chosen by our own rule. */
  Map<String, String> headers(RouteRequest request) {
    var model = models.get(request.model());
    if (model == null || !ModelChains.isAuto(request)) {
      return Map.of();
    }
    return model
        .profile(request)
        .map(profile -> Map.of(ModelChains.ANSWER_HEADER, profile))
        .orElse(Map.of());
  }
}
