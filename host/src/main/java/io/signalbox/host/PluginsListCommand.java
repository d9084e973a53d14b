package io.signalbox.host;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Lists the plugins of a running host.")
final class PluginsListCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(names = "--admin", paramLabel = "URL", description = "Where the host's admin listens.")
  private URI admin = URI.create("http://127.0.0.1:8090");

  @Override
  public Integer call() throws InterruptedException {
    var page = page();
    var out = spec.commandLine().getOut();
    text(page, "problem").ifPresent(problem -> out.println("The folder: " + problem));
    var plugins = objects(page.getJsonArray("plugins"));
    if (plugins.isEmpty()) {
      out.println("No plugins in " + text(page, "folder").orElse("the plugins folder"));
    } else {
      var rows = new ArrayList<List<String>>();
      rows.add(List.of("PLUGIN", "VERSION", "STATE", "STRATEGIES", "CALLS", "PROBLEM"));
      plugins.forEach(plugin -> rows.add(row(plugin)));
      print(rows);
    }
    return 0;
  }

  private JsonObject page() throws InterruptedException {
    var url = admin.resolve("/plugins");
    HttpResponse<String> answer;
    try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      var request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
      answer = client.send(request, BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "nobody answers at "
              + url
              + " ("
              + e
              + "): is the host running, and --admin where its admin listens?");
    }
    try {
      if (answer.statusCode() == 200) {
        return new JsonObject(answer.body());
      }
    } catch (DecodeException _) {
      // Somebody else's page.
    }
    throw new StartException(url + " is no page of Signalbox: status " + answer.statusCode());
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /** One line, whatever a script wrote into its messages. */
  private static Optional<String> text(JsonObject object, String member) {
    return Optional.ofNullable(object.getString(member))
        .map(text -> text.replaceAll("\\p{Cntrl}+", " "));
  }

  /** The version that decides or is tried; the newest where none does. */
  private static List<String> row(JsonObject plugin) {
    var versions = objects(plugin.getJsonArray("versions"));
    var shown =
        versions.stream()
            .filter(version -> List.of("active", "trial").contains(version.getString("state")))
            .findFirst()
            .or(() -> versions.stream().findFirst());
    var strategies = objects(plugin.getJsonArray("strategies"));
    return List.of(
        text(plugin, "name").orElse("?"),
        shown.map(version -> "" + version.getInteger("version")).orElse("-"),
        shown.flatMap(version -> text(version, "state")).orElse("-"),
        strategies.stream()
            .map(strategy -> strategy.getString("id"))
            .collect(Collectors.joining(", ")),
        calls(strategies),
        text(plugin, "problem").or(() -> lastProblem(strategies)).orElse(""));
  }

  private static Optional<String> lastProblem(List<JsonObject> strategies) {
    return strategies.stream()
        .flatMap(strategy -> text(strategy, "lastProblem").stream())
        .findFirst();
  }

  private static String calls(List<JsonObject> strategies) {
    long sum = 0;
    for (var strategy : strategies) {
      var answered = strategy.getJsonObject("calls").getLong("answered");
      if (answered == null) {
        return "not counted";
      }
      sum += answered;
    }
    return "" + sum;
  }

  private void print(List<List<String>> rows) {
    var widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        line.append(row.get(column)).repeat(' ', widths[column] - row.get(column).length() + 2);
      }
      spec.commandLine().getOut().println(line.toString().stripTrailing());
    }
  }
}
