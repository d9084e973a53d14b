package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** What clients entrust to us is told to their engine and to nobody else. */
@ExtendWith(BlockedLoops.class)
final class SecretsIT {
  private static final String SECRET = "s3cr3t";

  private static final Logger OURS = (Logger) LoggerFactory.getLogger("io.signalbox");

  private static HttpResponse<String> chat(RunningHost host, String body, String... more) {
    var headers =
        new ArrayList<>(
            List.of(
                "authorization", "Bearer " + SECRET + "-key",
                "cookie", "session=" + SECRET,
                "proxy-authorization", "Basic " + SECRET,
                "x-anything", SECRET,
                "x-signalbox-explain", "1"));
    headers.addAll(List.of(more));
    return host.gateway().chat(body, headers.toArray(String[]::new));
  }

  private static String prompt(String model) {
    return """
    {"model":"%s","max_tokens":2,"messages":[{"role":"user","content":"%s prompt"}]}\
    """
        .formatted(model, SECRET);
  }

  @Test
  void keysCookiesAndPromptsAreToldToNobody() {
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    OURS.addAppender(lines);
    OURS.setLevel(Level.TRACE);
    var told = new ArrayList<String>();
    try (var engine = new RecordingEngine();
        var liar = new RawEngine("this is no HTTP " + SECRET + "\r\n\r\n");
        var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                """
                models:
                  - {name: served, endpoints: ["%s"]}
                  - {name: failing, endpoints: ["%s"]}
                  - {name: away, endpoints: ["127.0.0.1:%d"]}
                routing: {default: "prefix-cache, least-request"}
                """
                    .formatted(engine.address(), liar.address(), FreePort.find()))) {
      var served = chat(host, prompt("served"));
      assertThat(served.statusCode()).isEqualTo(200);
      assertThat(engine.last().header("authorization")).containsExactly("Bearer s3cr3t-key");
      assertThat(engine.last().body()).contains(SECRET);
      told.add(served.headers().map().toString());
      var id = Answers.header(served, "request-id");
      told.add(host.admin().get("/decisions/" + id).body());

      for (var refused :
          List.of(
              chat(host, prompt("failing")),
              chat(host, prompt("away")),
              chat(host, prompt("nobodys")),
              chat(host, "{\"model\":\"served\",\"messages\":\"" + SECRET),
              chat(host, "[\"" + SECRET + "\"]"),
              chat(host, prompt("served"), "routing-strategy", "no,such,chain"))) {
        assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
        told.add(refused.headers().map() + refused.body());
      }
      for (var page : List.of("/metrics", "/endpoints", "/config", "/plugins")) {
        told.add(host.admin().get(page).body());
      }
    } finally {
      OURS.detachAppender(lines);
      OURS.setLevel(null);
    }

    assertThat(told).hasSize(12).noneMatch(text -> text.contains(SECRET));
    assertThat(lines.list).isNotEmpty();
    assertThat(lines.list)
        .extracting(line -> line.getFormattedMessage() + line.getKeyValuePairs())
        .noneMatch(line -> line.contains(SECRET));
  }
}
