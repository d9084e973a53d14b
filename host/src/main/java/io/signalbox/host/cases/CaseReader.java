package io.signalbox.host.cases;

import io.signalbox.host.cases.Step.Event;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.RouteRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one case. What a step does not say (request, endpoints, candidates) is as the case says; a
 * case without steps is a case of one step.
 */
final class CaseReader {
  private static final Set<String> SCENE = Set.of("request", "endpoints", "candidates");
  private static final Set<String> OF_CASE = with(SCENE, "name", "params", "steps", "expect");
  private static final Set<String> OF_QUESTION = with(SCENE, "expect");
  private static final Set<String> OF_EVENT =
      Set.of("event", "request", "endpoint", "status", "seconds", "promptTokens", "outputTokens");

  private final JsonPart whole;
  private final RouteRequest request;
  private final CaseFleet fleet;

  private CaseReader(JsonPart whole) {
    this.whole = whole;
    this.request = CaseRequest.read(whole.part("request"));
    this.fleet = CaseFleet.read(whole, request.model());
  }

  static PluginCase read(JsonPart part) {
    var reader = new CaseReader(part.knowing(OF_CASE));
    return new PluginCase(part.text("name"), part.part("params").scalars(), reader.steps());
  }

  private List<Step> steps() {
    if (whole.has("steps") == whole.has("expect")) {
      throw whole.problem("", "must have either \"expect\" or \"steps\"");
    }
    if (whole.has("expect")) {
      return List.of(ask(whole));
    }
    var steps = whole.parts("steps").stream().map(this::step).toList();
    if (steps.isEmpty()) {
      throw whole.problem("steps", "must have at least one step");
    }
    return steps;
  }

  private Step step(JsonPart part) {
    return part.has("event") ? event(part.knowing(OF_EVENT)) : ask(part.knowing(OF_QUESTION));
  }

  private Step ask(JsonPart part) {
    var asked = requestOf(part);
    boolean own = part.has("endpoints");
    var endpoints = own ? CaseFleet.read(part, asked.model()) : fleet.serving(asked.model());
    var candidates = endpoints.candidates(own || part.has("candidates") ? part : whole);
    return new Step.Ask(asked, candidates, Expectation.read(part.part("expect"), candidates));
  }

  private RouteRequest requestOf(JsonPart part) {
    return part.has("request") ? CaseRequest.read(part.part("request")) : request;
  }

  private Step event(JsonPart part) {
    var name = part.text("event");
    if (name.equals("reload")) {
      return new Step.Reload();
    }
    var endpoint = fleet.endpoint(part, "endpoint", part.text("endpoint"));
    return new Step.Happened(
        requestOf(part),
        endpoint,
        event(name, part)
            .orElseThrow(() ->
                part.problem(
                    "event",
                    "must be reserved, firstToken, completed, failed, cancelled or reload,"
                        + " not "
                        + name)));
  }

  private static Optional<Event> event(String name, JsonPart part) {
    return switch (name) {
      case "reserved" -> Optional.of(new Event.Reserved());
      case "firstToken" -> Optional.of(new Event.FirstToken(part.number("seconds")));
      case "completed" -> Optional.of(new Event.Completed(completion(part)));
      case "failed" -> Optional.of(new Event.Failed());
      case "cancelled" -> Optional.of(new Event.Cancelled());
      default -> Optional.empty();
    };
  }

  private static Completion completion(JsonPart part) {
    return new Completion(
        part.has("status") ? (int) part.number("status") : 200,
        part.has("seconds") ? part.number("seconds") : 1,
        part.number("promptTokens"),
        part.number("outputTokens"));
  }

  private static Set<String> with(Set<String> names, String... more) {
    var all = new HashSet<>(names);
    all.addAll(List.of(more));
    return all;
  }
}
