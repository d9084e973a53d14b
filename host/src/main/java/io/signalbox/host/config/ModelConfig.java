package io.signalbox.host.config;

import java.util.List;

/**
 * One model and where it is served.
 *
 * @param name what requests call it
 * @param engine the kind of engine; {@value #DEFAULT_ENGINE} where not configured
 * @param endpoints may be empty: requests are then answered 503
 */
public record ModelConfig(String name, String engine, List<EndpointAddress> endpoints) {
  /** The engine where none is named. */
  public static final String DEFAULT_ENGINE = "vllm";

  /** The engines whose metrics pages are understood. */
  public static final List<String> ENGINES = List.of("vllm");

  public ModelConfig {
    endpoints = List.copyOf(endpoints);
  }
}
