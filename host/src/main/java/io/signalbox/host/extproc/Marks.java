package io.signalbox.host.extproc;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValueOption;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.extproc.Destination.Rewritten;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.DialectHeaders;
import io.signalbox.host.request.SteeringHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What proxies and clients are told of endpoints and chains, in the words of a dialect: made once
 * for each, since they return with every request. One per event loop.
 */
final class Marks {
  /** Of each kind; when there are more, as chains of clients may be, all are made anew. */
  private static final int MAX_KEPT = 4096;

  private static final String LOAD_BALANCER = "envoy.lb";

  private final Dialect dialect;
  private final Map<String, OfEndpoint> endpoints = new HashMap<>();
  private final Map<String, HeaderValueOption> chains = new HashMap<>();
  private final Map<Choice, OfChoice> choices = new HashMap<>();

  Marks(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * What is told of an endpoint that was chosen alone.
   *
   * @param toProxy headers of the request
   * @param metadata for the proxy's load balancer; empty where the dialect has none
   * @param toClient headers of the answer
   */
  record OfEndpoint(
      List<HeaderValueOption> toProxy, Struct metadata, List<HeaderValueOption> toClient) {}

  /** An endpoint that a chain chose. */
  private record Choice(String address, String chain) {}

  /**
   * What is told of a decision of which there is nothing else to tell, up to the request's id.
   *
   * @param atBody to the proxy, in the answer to the body
   * @param atAnswer to the client, in the head of the engine's answer
   */
  record OfChoice(Frame.Template atBody, Frame.Template atAnswer) {}

  Dialect dialect() {
    return dialect;
  }

  /** Those of the endpoint at an address, {@code ip:port}. */
  OfEndpoint endpoint(String address) {
    return kept(endpoints, address, this::make);
  }

  /** Names a chain. */
  HeaderValueOption chain(String text) {
    return kept(chains, text, name -> Answers.set(AnswerHeaders.STRATEGY, name));
  }

  /** Whether endpoint and chain are all there is to tell of a decision, as with most. */
  static boolean areAll(Picked picked) {
    return picked.fallbacks().isEmpty()
        && picked.prefill().isEmpty()
        && picked.headers().isEmpty()
        && picked.explanation().isEmpty()
        && picked.degraded().isEmpty();
  }

  /** Those of a decision of which they {@linkplain #areAll are all}. */
  OfChoice of(Picked picked) {
    return kept(
        choices,
        new Choice(picked.endpoint().address(), picked.chain()),
        choice ->
            new OfChoice(
                new Frame.Template(id ->
                    Answers.routeByBody(
                        Destination.of(picked, this, ControlHeaders.NOTHING, Rewritten.NOT, id))),
                new Frame.Template(id ->
                    Answers.answerHead(
                        AnswerMarks.of(picked, picked.endpoint(), this, id).build(), false))));
  }

  private static <K, T> T kept(Map<K, T> all, K key, Function<K, T> make) {
    var known = all.get(key);
    if (known == null) {
      if (all.size() >= MAX_KEPT) {
        all.clear();
      }
      known = make.apply(key);
      all.put(key, known);
    }
    return known;
  }

  private OfEndpoint make(String address) {
    var toClient = new ArrayList<HeaderValueOption>();
    toClient.add(Answers.set(AnswerHeaders.TARGET, address));
    DialectHeaders.ofAnswer(
        address, dialect, (name, value) -> toClient.add(Answers.set(name, value)));
    return new OfEndpoint(toProxy(address, address), metadata(address), List.copyOf(toClient));
  }

  /**
   * Sends the request to an endpoint.
   *
   * @param all the same address, and those to try after it, with commas between
   */
  List<HeaderValueOption> toProxy(String address, String all) {
    var target = Answers.set(AnswerHeaders.TARGET, address);
    var destination = Answers.set(SteeringHeaders.DESTINATION, all);
    return switch (dialect) {
      case AIBRIX -> List.of(target);
      case ENDPOINT_PICKER -> List.of(destination);
      case BOTH -> List.of(target, destination);
    };
  }

  /** The same for the proxy's load balancer. */
  Struct metadata(String all) {
    if (!dialect.speaksEndpointPicker()) {
      return Struct.getDefaultInstance();
    }
    var named =
        Struct.newBuilder()
            .putFields(SteeringHeaders.DESTINATION, Value.newBuilder().setStringValue(all).build());
    return Struct.newBuilder()
        .putFields(LOAD_BALANCER, Value.newBuilder().setStructValue(named).build())
        .build();
  }

  /** That an answer passed us, which no decision of ours led to. */
  HeaderMutation seen() {
    var headers = HeaderMutation.newBuilder();
    DialectHeaders.ofAnyAnswer(
        dialect, (name, value) -> headers.addSetHeaders(Answers.set(name, value)));
    return headers.build();
  }
}
