package io.signalbox.host;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is in {@code conf} for those who operate hosts: the dashboard and the alert rules. */
final class OperatorFiles {
  private static final Pattern LEGEND = Pattern.compile("\\{\\{([a-z_]+)}}");
  private static final Pattern RULE = Pattern.compile("\\$labels\\.([a-z_]+)");
  private static final Pattern VARIABLE = Pattern.compile("label_values\\(([a-z_]+), ([a-z_]+)\\)");

  private OperatorFiles() {}

  /**
   * An expression, and where it stands.
   *
   * @param labels that the text beside it shows
   */
  record Expression(String place, String text, List<String> labels) {}

  /** A rule of {@code conf/alerts.yaml}. */
  record Alert(String name, String expression, String holds, String severity, String summary) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String text(String file) {
    try {
      return Files.readString(Markdown.ROOT.resolve("conf").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonObject dashboard() {
    return new JsonObject(text("grafana-dashboard.json"));
  }

  @SuppressWarnings("unchecked")
  static List<Alert> alerts() {
    var yaml = new Load(LoadSettings.builder().build()).loadFromString(text("alerts.yaml"));
    return objects(new JsonObject((Map<String, Object>) yaml), "groups")
        .flatMap(group -> objects(group, "rules"))
        .map(rule ->
            new Alert(
                rule.getString("alert"),
                rule.getString("expr"),
                rule.getString("for"),
                rule.getJsonObject("labels").getString("severity"),
                rule.getJsonObject("annotations").getString("summary")))
        .toList();
  }

  private static Stream<JsonObject> objects(JsonObject in, String member) {
    return PromQl.objects(in.getJsonArray(member, new JsonArray())).stream();
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** Every expression of both files, with Grafana's variables replaced. */
  static List<Expression> expressions() {
    var all = new ArrayList<Expression>();
    objects(dashboard(), "panels")
        .forEach(panel ->
            objects(panel, "targets")
                .map(target ->
                    new Expression(
                        "panel " + panel.getString("title"),
                        target.getString("expr").replace("$__rate_interval", "5m"),
                        groups(LEGEND, target.getString("legendFormat"))))
                .forEach(all::add));
    objects(dashboard().getJsonObject("templating"), "list")
        .filter(variable -> variable.getString("type").equals("query"))
        .map(OperatorFiles::variable)
        .forEach(all::add);
    alerts().stream()
        .map(alert ->
            new Expression(
                "alert " + alert.name(), alert.expression(), groups(RULE, alert.summary())))
        .forEach(all::add);
    return List.copyOf(all);
  }

  private static Expression variable(JsonObject variable) {
    var definition = variable.getString("definition");
    var query = VARIABLE.matcher(definition);
    if (!query.matches()) {
      throw new AssertionError("what variable is " + definition);
    }
    MatchResult found = query.toMatchResult();
    return new Expression(
        "variable " + variable.getString("name"), found.group(1), List.of(found.group(2)));
  }
}
