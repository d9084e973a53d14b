package io.signalbox.host.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** A host name or address, IPv6 in brackets, with a port that may be left out. */
public record HostAndPort(String host, int port) {
  /** What {@link #parse} reads, for messages. */
  static final String ALLOWED = "host:port with a port from 1 to 65535";

  private static final Pattern SHAPE =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?");

  /** The parts, or empty where the text has another shape or the port is out of range. */
  public static Optional<HostAndPort> parse(String text, int defaultPort) {
    var matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    int port = matcher.group(3) == null ? defaultPort : Integer.parseInt(matcher.group(3));
    return port >= 1 && port <= 65_535
        ? Optional.of(new HostAndPort(host, port))
        : Optional.empty();
  }

  /** As one text; IPv6 in brackets. */
  public String joined() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
