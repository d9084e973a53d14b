package io.signalbox.host;

import io.signalbox.host.EnvoyProcess.Shipped;
import java.util.function.UnaryOperator;

/** The ways in which Envoy can be told to pass bodies through ext_proc. */
enum ProxyMode {
  BUFFERED(Shipped.BUFFERED, "BUFFERED", "NONE", ""),
  BUFFERED_ALL(Shipped.BUFFERED, "BUFFERED", "BUFFERED", ""),
  PARTIAL(Shipped.BUFFERED, "BUFFERED_PARTIAL", "STREAMED", ""),
  HELD(
      Shipped.BUFFERED,
      "STREAMED",
      "STREAMED",
      "send_body_without_waiting_for_header_response: true"),
  ON_DEMAND(Shipped.BUFFERED, "NONE", "STREAMED", ""),
  DUPLEX(Shipped.FULL_DUPLEX, "FULL_DUPLEX_STREAMED", "FULL_DUPLEX_STREAMED", ""),
  /** Answers pass alone. */
  DUPLEX_REQUESTS(Shipped.FULL_DUPLEX, "FULL_DUPLEX_STREAMED", "NONE", "");

  private final Shipped shipped;
  private final String requests;
  private final String answers;
  private final String setting;

  /**
   * A way.
   *
   * @param setting a line of the filter's configuration; may be empty
   */
  ProxyMode(Shipped shipped, String requests, String answers, String setting) {
    this.shipped = shipped;
    this.requests = requests;
    this.answers = answers;
    this.setting = setting;
  }

  private String modes(String yaml) {
    return yaml.replaceFirst("request_body_mode: \\w+", "request_body_mode: " + requests)
        .replaceFirst("response_body_mode: \\w+", "response_body_mode: " + answers)
        .replace(
            "failure_mode_allow: false", "failure_mode_allow: false\n              " + setting);
  }

  /** Trailers are off in HTTP/1.1 unless asked for, towards clients and engines. */
  private static String trailers(String yaml) {
    return yaml.replace(
            "          stat_prefix: inference\n",
            "          stat_prefix: inference\n"
                + "          http_protocol_options: { enable_trailers: true }\n")
        .replace("request_trailer_mode: SKIP", "request_trailer_mode: SEND")
        .replace("response_trailer_mode: SKIP", "response_trailer_mode: SEND")
        .replace(
            "    cleanup_interval: 60s\n",
            """
                cleanup_interval: 60s
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: { http_protocol_options: { enable_trailers: true } }
            """);
  }

  EnvoyProcess start(String version, int extProcPort) throws Exception {
    return start(version, extProcPort, UnaryOperator.identity());
  }

  EnvoyProcess start(String version, int extProcPort, UnaryOperator<String> more) throws Exception {
    return EnvoyProcess.start(
        version, shipped, extProcPort, yaml -> more.apply(trailers(modes(yaml))));
  }
}
