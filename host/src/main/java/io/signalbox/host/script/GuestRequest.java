package io.signalbox.host.script;

import io.signalbox.sdk.RouteRequest;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.HostAccess.Export;
import org.jspecify.annotations.Nullable;

/**
 * What the prelude of a script sees of a request; public only because GraalVM asks for it. Used by
 * the thread that calls the script.
 */
public final class GuestRequest {
  private final RouteRequest request;
  private boolean promptRead;

  GuestRequest(RouteRequest request) {
    this.request = request;
  }

  /** Whether the script has seen the prompt or the body, so that it may stand in its messages. */
  boolean promptRead() {
    return promptRead;
  }

  /**
   * The same at every call about one exchange; hardly ever that of another that is open meanwhile.
   */
  @Export
  public int exchange() {
    return System.identityHashCode(request);
  }

  @Export
  public String model() {
    return request.model();
  }

  @Export
  public @Nullable String user() {
    return request.user();
  }

  @Export
  public boolean hasUser() {
    return request.user() != null;
  }

  @Export
  public boolean stream() {
    return request.stream();
  }

  @Export
  public @Nullable String sessionId() {
    return request.sessionId();
  }

  @Export
  public boolean hasSessionId() {
    return request.sessionId() != null;
  }

  /** Name, value, name, value… */
  @Export
  public String[] headers() {
    var headers = request.headers();
    var pairs = new String[2 * headers.size()];
    int i = 0;
    for (var header : headers.entrySet()) {
      pairs[i++] = header.getKey();
      pairs[i++] = header.getValue();
    }
    return pairs;
  }

  @Export
  public String prompt() {
    promptRead = true;
    return request.prompt();
  }

  @Export
  public double promptTokens() {
    return request.promptTokens();
  }

  @Export
  public String bodyText() {
    promptRead = true;
    return StandardCharsets.UTF_8.decode(request.body()).toString();
  }

  /** One character for each byte: the cheapest way for bytes into Python. */
  @Export
  public String bodyBytesAsLatin1() {
    promptRead = true;
    return StandardCharsets.ISO_8859_1.decode(request.body()).toString();
  }
}
