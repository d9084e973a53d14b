package io.signalbox.host.chain;

import io.signalbox.host.config.ModelRouting;
import io.signalbox.sdk.RouteRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
            models.put(model, new ModelChains(routing, plan, chains));
          }
        });
  }

  /**
   * The chain for a request.
   *
   * @throws ChainException when the request asks for one that cannot be used
   */
  ChosenChain find(RouteRequest request) {
    var model = models.get(request.model());
    var asked = request.header(Router.HEADER);
    if (model == null) {
      return chains.find(asked).chosen();
    }
    var profile = model.profile(request);
    var headers = headers(request, profile);
    var locked = model.locked();
    if (locked != null) {
      return new ChosenChain(locked, Optional.empty(), headers);
    }
    if (asked == null || asked.isBlank()) {
      var ofProfile = profile.map(model::ofProfile);
      if (ofProfile.isPresent()) {
        return new ChosenChain(ofProfile.get(), profile, headers);
      }
    }
    return new ChosenChain(chains.find(asked), Optional.empty(), headers);
  }

  /** What the answer says of the choice: the profile that was chosen by our own rule. */
  private static Map<String, String> headers(RouteRequest request, Optional<String> profile) {
    return profile.isPresent() && ModelChains.isAuto(request)
        ? Map.of(ModelChains.ANSWER_HEADER, profile.get())
        : Map.of();
  }
}
