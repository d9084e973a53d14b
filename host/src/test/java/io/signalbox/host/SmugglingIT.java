package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two servers could read differently, and texts that want to be headers: what reaches
 * an engine is one request for each decision, framed by the gateway alone.
 */
@ExtendWith(BlockedLoops.class)
final class SmugglingIT {
  private static final String BODY = "{\"model\":\"recorded\"}";
  private static final String HIDDEN =
      "POST /v1/hidden HTTP/1.1\r\nhost: a\r\ncontent-length: " + BODY.length() + "\r\n\r\n" + BODY;

  private static RecordingEngine engine;
  private static RunningHost host;

  @BeforeAll
  static void start() {
    engine = new RecordingEngine();
    var models = "models: [{name: recorded, endpoints: [\"" + engine.address() + "\"]}]";
    host = RunningHost.start(RunningHost.Ports.free(), models);
  }

  @AfterAll
  static void stop() {
    host.close();
    engine.close();
  }

  @BeforeEach
  void forget() {
    engine.received().clear();
  }

  /** What the gateway answers on one connection until it closes it, or is silent for a second. */
  private static String raw(String bytes) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      var answer = new StringBuilder();
      var in = socket.getInputStream();
      try {
        for (int b = in.read(); b >= 0; b = in.read()) {
          answer.append((char) b);
        }
      } catch (SocketTimeoutException | SocketException e) {
        // What came until then counts.
      }
      return answer.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of one connection. */
  record Ambiguous(String name, String head, String body) {
    @Override
    public String toString() {
      return name;
    }

    String bytes() {
      return "POST /v1/open HTTP/1.1\r\nhost: a\r\n" + head + "\r\n\r\n" + body;
    }
  }

  private static String chunked(String body) {
    return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }

  /** Whatever follows what is refused is not looked at: it may be a body. */
  static List<Ambiguous> refused() {
    var length = "content-length: " + BODY.length();
    return List.of(
        new Ambiguous("two lengths", length + "\r\ncontent-length: 0", BODY + HIDDEN),
        new Ambiguous("a list of lengths", length + ", 0", BODY + HIDDEN),
        new Ambiguous("a length with a sign", "content-length: +" + BODY.length(), BODY + HIDDEN),
        new Ambiguous("a length below zero", "content-length: -1", BODY + HIDDEN),
        new Ambiguous("a length in hexadecimal", "content-length: 0x14", BODY + HIDDEN),
        new Ambiguous("a space before the colon", "content-length : 5", BODY + HIDDEN),
        new Ambiguous("a header without a colon", "content-length", BODY + HIDDEN),
        new Ambiguous("a name with a line feed in it", "x\n-a: b\r\n" + length, BODY + HIDDEN),
        new Ambiguous("a zero byte in a value", "x-a: b\0c\r\n" + length, BODY + HIDDEN),
        new Ambiguous(
            "a carriage return in a value", "x-a: b\rx-injected: 1\r\n" + length, BODY + HIDDEN));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsAmbiguousReachesNoEngine(Ambiguous row) {
    var answer = raw(row.bytes());

    assertThat(answer).matches("(?s)(HTTP/1\\.[01] 400 .*)?");
    assertThat(answer).containsPattern("(?s)^$|connection: close");
    assertThat(engine.received()).isEmpty();
  }

  static List<Ambiguous> framed() {
    var chunks = chunked(BODY);
    return List.of(
        new Ambiguous(
            "chunks and a length", "transfer-encoding: chunked\r\ncontent-length: 3", chunks),
        new Ambiguous(
            "a length and chunks", "content-length: 300\r\ntransfer-encoding: chunked", chunks),
        new Ambiguous("chunks, said with capitals", "Transfer-Encoding: ChUnKeD", chunks),
        new Ambiguous(
            "an extension of a chunk",
            "transfer-encoding: chunked",
            chunks.replaceFirst("\r\n", ";x=\"y\"\r\n")),
        new Ambiguous(
            "trailers",
            "transfer-encoding: chunked\r\ntrailer: x-injected",
            chunks.replaceFirst("0\r\n", "0\r\nx-injected: 1\r\n")),
        new Ambiguous(
            "a folded value", "x-a: b\r\n x-injected: 1\r\ncontent-length: " + BODY.length(), BODY),
        new Ambiguous(
            "a header that is named as the connection's",
            "connection: content-length\r\ncontent-length: " + BODY.length(),
            BODY));
  }

  @ParameterizedTest
  @MethodSource("framed")
  void whatIsForwardedIsFramedByTheGatewayAlone(Ambiguous row) {
    var answer = raw(row.bytes());

    // Refused is fine as well.
    assertThat(answer).startsWith("HTTP/1.1 ");
    for (var received : engine.received()) {
      assertThat(received.uri()).isEqualTo("/v1/open");
      assertThat(received.body()).isEqualTo(BODY);
      assertThat(received.header("content-length")).containsExactly("" + BODY.length());
      assertThat(received.header("transfer-encoding")).isEmpty();
      assertThat(received.header("x-injected")).isEmpty();
    }
    assertThat(engine.received()).hasSize(answer.startsWith("HTTP/1.1 200 ") ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/a%0d%0ax-injected:%201",
        "/v1/a%00",
        "/v1/../v1/a",
        "/v1/%2e%2e/a",
        "/v1//a\\b",
        "http://10.0.0.9:8000/v1/open"
      })
  void aPathThatCouldBeReadInTwoWaysIsRefused(String path) {
    var bytes =
        "POST "
            + path
            + " HTTP/1.1\r\nhost: a\r\ncontent-length: "
            + BODY.length()
            + "\r\n\r\n"
            + BODY;

    assertThat(raw(bytes)).matches("(?s)HTTP/1\\.1 40[04] .*");
    assertThat(engine.received()).isEmpty();
  }

  /** Names of models, as JSON writes them, that want to be more than a text. */
  static List<String> names() {
    return List.of("\\r\\nx-injected: 1", "\\u0000", "a\\nset-cookie: a=b", "\\ud800", "\\u0085");
  }

  @ParameterizedTest
  @MethodSource("names")
  void aTextOfABodyIsNeverAHeader(String model) {
    var answer = host.gateway().chat("{\"model\":\"" + model + "\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().map()).doesNotContainKeys("x-injected", "set-cookie");
    assertThat(Answers.header(answer, "content-type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @MethodSource("names")
  void neitherBehindEnvoy(String model) throws Exception {
    try (var client = new ExtProcClient(host.ports().extProc())) {
      var stream = client.open();
      stream.ask(ExtProcClient.headers("POST", Client.CHAT));
      var answer = stream.ask(ExtProcClient.body("{\"model\":\"" + model + "\"}"));

      assertThat(answer.getImmediateResponse().getStatus().getCode()).isEqualTo(400);
      assertThat(answer.getImmediateResponse().getHeaders().getSetHeadersList())
          .isNotEmpty()
          .allSatisfy(header ->
              assertThat(header.getHeader().getRawValue().toStringUtf8()).matches("[ -~]*"));
    }
  }
}
