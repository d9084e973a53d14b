package io.signalbox.host.cases;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of cases, all for one strategy.
 *
 * @param strategy the id of the strategy
 * @param cases at least one; no two of the same name
 */
public record CaseFile(String strategy, List<PluginCase> cases) {
  public CaseFile {
    cases = List.copyOf(cases);
  }

  /**
   * Reads a file.
   *
   * @throws CaseException when it cannot be read, or says something that means nothing
   */
  public static CaseFile read(Path file) {
    var part = new JsonPart(file, "", parse(file)).knowing(Set.of("strategy", "cases"));
    var cases = part.parts("cases").stream().map(CaseReader::read).toList();
    if (cases.isEmpty()) {
      throw part.problem("cases", "must have at least one case");
    }
    var names = new HashSet<String>();
    for (var one : cases) {
      if (!names.add(one.name())) {
        throw part.problem("cases", "two have the name \"" + one.name() + "\"");
      }
    }
    return new CaseFile(part.text("strategy"), cases);
  }

  private static JsonObject parse(Path file) {
    try {
      return new JsonObject(Files.readString(file));
    } catch (IOException e) {
      throw new CaseException(file, "", "cannot be read: " + e);
    } catch (DecodeException e) {
      throw new CaseException(file, "", "is not a JSON object: " + e.getMessage());
    }
  }
}
