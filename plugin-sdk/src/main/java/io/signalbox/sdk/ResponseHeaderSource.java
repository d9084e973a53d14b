package io.signalbox.sdk;

import java.util.function.BiConsumer;

/**
 * What a {@link Strategy} also implements to add headers to the answers of the requests that chains
 * it is part of have decided.
 */
public interface ResponseHeaderSource {
  /**
   * Says which headers the client gets; told once, when the endpoint is chosen, by whatever stage.
   * Called on the thread that calls the strategy, and as hot as it.
   *
   * @param headers takes a lower-case name and a value without line breaks; where two strategies
   *     set the same name, the later in the chain wins
   */
  void responseHeaders(RouteRequest request, Endpoint chosen, BiConsumer<String, String> headers);
}
