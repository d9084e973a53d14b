package io.signalbox.host.extproc;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One case of a file: messages of a proxy, in their order, and what it is to be answered.
 *
 * @param name what it is called in reports and lists
 */
record ExtProcCase(String name, JsonObject json) {
  /** The cases of a file: a JSON array of objects. */
  static List<ExtProcCase> read(Path file) {
    JsonArray array;
    try {
      array = new JsonArray(Files.readString(file));
    } catch (DecodeException e) {
      throw new IllegalArgumentException(file + " is not a JSON array: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cases = new ArrayList<ExtProcCase>();
    for (int i = 0; i < array.size(); i++) {
      if (!(array.getValue(i) instanceof JsonObject json)
          || !(json.getValue("name") instanceof String name)) {
        throw new IllegalArgumentException(file + ": case " + i + " must be an object with a name");
      }
      cases.add(new ExtProcCase(name, json));
    }
    return cases;
  }

  /** The text of an endpoint picker's configuration; empty where the case names a chain itself. */
  String config() {
    return json.getString("config", "");
  }

  /** The chain that decides; empty where a configuration says so. */
  String chain() {
    return json.getString("chain", "");
  }

  /** The modes of the listener, as Envoy calls them; in full duplex where it does not say. */
  JsonObject modes() {
    return json.getJsonObject("modes", new JsonObject());
  }

  List<JsonObject> pods() {
    return objects("pods");
  }

  List<JsonObject> messages() {
    return objects("messages_in");
  }

  List<JsonObject> expected() {
    return objects("expected");
  }

  private List<JsonObject> objects(String key) {
    return json.getJsonArray(key, new JsonArray()).stream().map(JsonObject.class::cast).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
