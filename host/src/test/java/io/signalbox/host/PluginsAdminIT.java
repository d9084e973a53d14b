package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators see of plugins and do to them over HTTP, on a running host with a real folder. */
@ExtendWith(BlockedLoops.class)
final class PluginsAdminIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private static Path base;

  private static Engines engines;
  private static RunningHost host;

  /** A filter that keeps every endpoint. */
  private static String filter(String id) {
    return """
    export const strategy = { name: "%s", kind: "filter" };
    export function keep(request, endpoint) {
      return true;
    }
    """
        .formatted(id);
  }

  private static String scorer(String id, String score) {
    return """
    export const strategy = { name: "%s", kind: "scorer", prefer: "low", needs: ["waiting"] };
    export function score(request, endpoint) {
      return %s;
    }
    """
        .formatted(id, score);
  }

  @BeforeAll
  static void start() throws IOException {
    engines = Engines.start(2);
    Files.createDirectories(plugins());
    Files.writeString(plugins().resolve("there.mjs"), scorer("there", "endpoint.waiting"));
    var ports = RunningHost.Ports.free();
    var file = base.resolve("signalbox.yaml");
    var addresses = List.of(engines.get(0).address(), engines.get(1).address());
    Files.writeString(file, ports.yaml(RunningHost.models(addresses)));
    host = RunningHost.follow(ports, file);
  }

  @AfterAll
  static void stop() {
    host.close();
    engines.close();
  }

  private static Path plugins() {
    return base.resolve("plugins");
  }

  private static Set<String> files() throws IOException {
    try (var files = Files.list(plugins())) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static HttpResponse<String> send(String method, String path, String body) {
    return send(host.admin(), method, path, body);
  }

  private static HttpResponse<String> send(Client admin, String method, String path, String body) {
    return admin.send(admin.request(path).method(method, BodyPublishers.ofString(body)));
  }

  private static JsonObject get(String path) {
    var answer = host.admin().get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  /** The state of each version, newest first. */
  private static List<String> states(JsonObject plugin) {
    return objects(plugin.getJsonArray("versions")).stream()
        .map(version -> version.getInteger("version") + " " + version.getString("state"))
        .toList();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static JsonObject ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void theListSaysWhatRunsAndHow() {
    var page = get("/plugins");

    assertThat(page.getBoolean("enabled")).isTrue();
    assertThat(page.getString("folder")).isEqualTo(plugins().toAbsolutePath().toString());
    assertThat(page.getValue("problem")).isNull();
    var scripts = page.getJsonObject("scripts");
    assertThat(objects(scripts.getJsonArray("languages")))
        .extracting(language -> language.getString("language"))
        .containsExactly("javascript", "python");
    assertThat(objects(scripts.getJsonArray("languages")).getFirst().getString("state"))
        .isIn("optimised", "interpreted");
    assertThat(scripts.getInteger("abandonedThreads")).isZero();
    assertThat(objects(page.getJsonArray("plugins")))
        .extracting(plugin -> plugin.getString("name"))
        .contains("there");
  }

  @Test
  void countsAreThoseOfNow() throws Exception {
    var plugin = get("/plugins/there");
    var strategy = plugin.getJsonArray("strategies").getJsonObject(0);
    assertThat(plugin.getString("language")).isEqualTo("javascript");
    assertThat(plugin.getString("placement")).isEqualTo("worker");
    assertThat(states(plugin)).containsExactly("1 active");
    assertThat(strategy.getString("id")).isEqualTo("there");
    assertThat(strategy.getString("kind")).isEqualTo("scorer");
    assertThat(strategy.getJsonArray("needs")).containsExactly("waiting");
    assertThat(strategy.getString("breaker")).isEqualTo("closed");
    assertThat(strategy.getJsonObject("shadow").getValue("meanRegret")).isNull();

    long before = asked();
    assertThat(host.gateway().chat(Bodies.HELLO, "routing-strategy", "there").statusCode())
        .isEqualTo(200);

    Eventually.until(SOON, () -> asked() > before, "the call is not counted");
  }

  private static long asked() {
    var calls =
        get("/plugins/there").getJsonArray("strategies").getJsonObject(0).getJsonObject("calls");
    return calls.stream().mapToLong(call -> ((Number) call.getValue()).longValue()).sum();
  }

  @Test
  void aScriptIsUploadedReplacedRolledBackActivatedAndDeleted() throws IOException {
    var first = ok(send("PUT", "/plugins/life.mjs", scorer("life", "1")));
    assertThat(states(first)).containsExactly("1 active");
    assertThat(plugins().resolve("life.mjs")).hasContent(scorer("life", "1"));
    assertThat(files()).noneMatch(name -> name.startsWith("."));
    var answer = host.gateway().chat(Bodies.HELLO, "routing-strategy", "life");
    assertThat(Answers.header(answer, "routing-strategy")).isEqualTo("life");

    assertThat(states(ok(send("PUT", "/plugins/life.mjs", scorer("life", "2")))))
        .containsExactly("2 active", "1 retired");
    assertThat(states(ok(send("POST", "/plugins/life/roll-back", ""))))
        .containsExactly("2 retired", "1 active");
    assertThat(states(ok(send("POST", "/plugins/life/activate?version=2", ""))))
        .containsExactly("2 active", "1 retired");
    assertThat(plugins().resolve("life.mjs")).hasContent(scorer("life", "2"));

    var deleted = ok(send("DELETE", "/plugins/life", ""));
    assertThat(deleted.getJsonArray("deleted")).containsExactly("life.mjs");
    assertThat(plugins().resolve("life.mjs")).doesNotExist();
    assertThat(host.admin().get("/plugins/life").statusCode()).isEqualTo(404);
  }

  @Test
  void aCheckChangesNothing() throws IOException {
    var before = files();

    var answer = ok(send("POST", "/plugins/only-tried.mjs/check", filter("only-tried")));

    assertThat(answer.getJsonArray("strategies")).containsExactly("only-tried");
    assertThat(files()).isEqualTo(before);
    assertThat(host.admin().get("/plugins/only-tried").statusCode()).isEqualTo(404);
  }

  @Test
  void aRejectedScriptIsSaidToBeWrongAtItsPlace() {
    var text = filter("wrong").replace("return true", "return 7");

    var answer = send("PUT", "/plugins/wrong.mjs", text);

    assertThat(answer.statusCode()).isEqualTo(422);
    var problem = new JsonObject(answer.body()).getJsonObject("problem");
    assertThat(problem.getString("file")).isEqualTo("wrong.mjs");
    assertThat(problem.getInteger("line")).isEqualTo(2);
    assertThat(problem.getInteger("column")).isPositive();
    assertThat(problem.getString("text")).contains("keep must give a boolean");
    assertThat(plugins().resolve("wrong.mjs")).doesNotExist();
  }

  /** Something that is not done. */
  record Refused(String name, String request, String body, int status, String error) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Refused> refused() {
    var fine = filter("fine");
    return List.of(
        new Refused("no script", "PUT /plugins/fine.txt", fine, 422, "ending in .js, .mjs, .py"),
        new Refused("a jar", "PUT /plugins/fine.jar", fine, 422, "ending in .js, .mjs, .py"),
        new Refused("a path", "PUT /plugins/..%2Ffine.mjs", fine, 422, "allowed are A-Z a-z 0-9"),
        new Refused("a hidden file", "PUT /plugins/.fine.mjs", fine, 422, "no . in front"),
        new Refused("typings", "PUT /plugins/fine.d.ts", fine, 422, "ending in .js"),
        new Refused("no name", "PUT /plugins/.mjs", fine, 422, "ending in .js"),
        new Refused(
            "a long name", "PUT /plugins/" + "x".repeat(65) + ".mjs", fine, 422, "at most 64"),
        new Refused("nothing", "PUT /plugins/fine.mjs", "", 422, "it is empty"),
        new Refused("too much", "PUT /plugins/fine.mjs", "/".repeat((1 << 20) + 1), 413, "1 MiB"),
        new Refused("no language", "PUT /plugins/fine.mjs", "strategy =", 422, "fine.mjs:1:"),
        new Refused("no plugin", "PUT /plugins/fine.mjs", "1;", 422, "strategy"),
        new Refused(
            "a taken id", "PUT /plugins/fine.mjs", filter("there"), 422, "is plugin there's"),
        new Refused(
            "a built-in id",
            "PUT /plugins/fine.mjs",
            filter("least-request"),
            422,
            "two strategies are called \"least-request\""),
        new Refused("a taken name", "PUT /plugins/there.js", fine, 409, "there.mjs is the plugin"),
        new Refused("a wrong check", "POST /plugins/fine.mjs/check", "1;", 422, "strategy"),
        new Refused("an unknown plugin", "DELETE /plugins/none", "", 404, "there are: there"),
        new Refused("a way out", "DELETE /plugins/..%2Fplugins", "", 404, "there is no plugin"),
        new Refused(
            "no such plugin", "POST /plugins/none/activate?version=1", "", 404, "no plugin"),
        new Refused(
            "no such version", "POST /plugins/there/activate?version=9", "", 404, "it has [1]"),
        new Refused("no version", "POST /plugins/there/activate", "", 400, "?version="),
        new Refused("no number", "POST /plugins/there/activate?version=x", "", 400, "?version="),
        new Refused(
            "nothing before", "POST /plugins/there/roll-back", "", 409, "no version before"),
        new Refused("nobody", "POST /plugins/none/roll-back", "", 404, "there is no plugin"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeDoneIsSaidAndNotDone(Refused row) throws IOException {
    var before = files();
    var request = row.request().split(" ", 2);

    var answer = send(request[0], request[1], row.body());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(row.status());
    assertThat(new JsonObject(answer.body()).getString("error")).contains(row.error());
    assertThat(files()).isEqualTo(before);
    assertThat(states(get("/plugins/there"))).containsExactly("1 active");
  }

  @Test
  void aFolderIsDeletedWithAllInItButNotWhatItsLinksLeadTo() throws Exception {
    var outside = Files.createDirectories(base.resolve("outside"));
    Files.writeString(outside.resolve("kept.mjs"), "export const x = 1;");
    var folder = Files.createDirectories(plugins().resolve("foldered"));
    Files.createSymbolicLink(folder.resolve("linked"), outside);
    Files.writeString(folder.resolve("main.mjs"), filter("foldered"));
    Eventually.until(
        SOON,
        () -> host.admin().get("/plugins/foldered").statusCode() == 200,
        "the folder is not found");

    var deleted = ok(send("DELETE", "/plugins/foldered", ""));

    assertThat(deleted.getJsonArray("deleted")).containsExactly("foldered");
    assertThat(folder).doesNotExist();
    assertThat(outside.resolve("kept.mjs")).exists();
  }

  @Test
  void aWebPageChangesNothing() {
    var admin = host.admin();
    var answer =
        admin.send(
            admin
                .request("/plugins/there/roll-back")
                .header("origin", "http://127.0.0.1:" + host.ports().admin())
                .POST(BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("web pages");
  }

  @Test
  void whereTheNetworkReachesAdminPluginsAreShownAndNotChanged() {
    try (var open =
        start(
            "",
            Map.of("admin: {host: 127.0.0.1", "admin: {allow-anonymous: true, host: 0.0.0.0"))) {
      assertThat(open.admin().get("/plugins").statusCode()).isEqualTo(200);
      for (var request :
          List.of(
              "PUT /plugins/fine.mjs",
              "POST /plugins/fine.mjs/check",
              "POST /plugins/there/roll-back",
              "POST /plugins/there/activate?version=1",
              "DELETE /plugins/there")) {
        var parts = request.split(" ", 2);
        var answer = send(open.admin(), parts[0], parts[1], filter("fine"));

        assertThat(answer.statusCode()).as(request).isEqualTo(403);
        assertThat(answer.body()).contains("loopback address (admin.host)");
      }
    }
  }

  @Test
  void whereNoPluginsAreUsedNoneIsTaken() {
    try (var without = start("plugins: {enabled: false}", Map.of())) {
      var page = new JsonObject(without.admin().get("/plugins").body());
      assertThat(page.getBoolean("enabled")).isFalse();
      assertThat(page.getJsonArray("plugins")).isEmpty();
      for (var request : List.of("PUT /plugins/fine.mjs", "DELETE /plugins/fine")) {
        var parts = request.split(" ", 2);
        var answer = send(without.admin(), parts[0], parts[1], filter("fine"));

        assertThat(answer.statusCode()).as(request).isEqualTo(409);
        assertThat(answer.body()).contains("plugins.enabled");
      }
    }
  }

  private static RunningHost start(String more, Map<String, String> replacements) {
    var models = RunningHost.models(List.of(engines.get(0).address()));
    return RunningHost.start(RunningHost.Ports.free(), models + "\n" + more, replacements);
  }
}
