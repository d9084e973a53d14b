package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes what an API server tells. Of a pod that changed only what {@link PodReader} and the
 * client look at is taken, which is little of it: to decode all would be most of what a change
 * costs, and of the memory that many pods take. Safe for any thread.
 */
final class WatchedFields extends KubernetesSerialization {
  private static final JsonFactory JSON = new JsonFactory();

  WatchedFields() {
    super(new JsonMapper(), true);
  }

  @Override
  public <T> T unmarshal(String json, Class<T> type) {
    if (type.equals(WatchEvent.class)) {
      var event = podEvent(json);
      if (event.isPresent()) {
        return type.cast(event.get());
      }
    }
    return super.unmarshal(json, type);
  }

  /**
   * An event of a pod, where it begins as servers write it; empty where it is of something else,
   * begins otherwise, or cannot be read, which the client then finds itself.
   */
  private static Optional<WatchEvent> podEvent(String json) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      var event = new WatchEvent();
      for (var name = parser.nextName(); name != null; name = parser.nextName()) {
        if (name.equals("type")) {
          event.setType(parser.nextStringValue());
        } else if (name.equals("object")
            && parser.nextToken() == JsonToken.START_OBJECT
            && isPod(parser)) {
          event.setObject(new Fields(parser).pod());
        } else {
          return Optional.empty();
        }
      }
      return Optional.of(event).filter(its -> its.getObject() != null);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Whether the first two fields say so, in whatever order. */
  private static boolean isPod(JsonParser parser) {
    return switch (String.valueOf(parser.nextName())) {
      case "kind" ->
          "Pod".equals(parser.nextStringValue())
              && "apiVersion".equals(parser.nextName())
              && "v1".equals(parser.nextStringValue());
      case "apiVersion" ->
          "v1".equals(parser.nextStringValue())
              && "kind".equals(parser.nextName())
              && "Pod".equals(parser.nextStringValue());
      default -> false;
    };
  }

  /** Takes the fields of one pod from where the parser stands; what is not named is passed over. */
  private record Fields(JsonParser parser) {
    Pod pod() {
      var pod = new Pod();
      rest(name -> {
        switch (name) {
          case "metadata" -> pod.setMetadata(metadata());
          case "spec" -> pod.setSpec(spec());
          case "status" -> pod.setStatus(status());
          default -> {}
        }
      });
      return pod;
    }

    private ObjectMeta metadata() {
      var metadata = new ObjectMeta();
      each(name -> {
        switch (name) {
          case "namespace" -> metadata.setNamespace(text());
          case "name" -> metadata.setName(text());
          case "uid" -> metadata.setUid(text());
          case "resourceVersion" -> metadata.setResourceVersion(text());
          case "creationTimestamp" -> metadata.setCreationTimestamp(text());
          case "deletionTimestamp" -> metadata.setDeletionTimestamp(text());
          case "labels" -> metadata.setLabels(texts());
          case "annotations" -> metadata.setAnnotations(texts());
          default -> {}
        }
      });
      return metadata;
    }

    private PodSpec spec() {
      var spec = new PodSpec();
      each(name -> {
        if (name.equals("containers")) {
          spec.setContainers(list(this::container));
        }
      });
      return spec;
    }

    private Container container() {
      var container = new Container();
      each(name -> {
        switch (name) {
          case "name" -> container.setName(text());
          case "env" -> container.setEnv(list(this::variable));
          default -> {}
        }
      });
      return container;
    }

    /** Null but for the one that is looked at. */
    private @Nullable EnvVar variable() {
      var variable = new EnvVar();
      each(name -> {
        switch (name) {
          case "name" -> variable.setName(text());
          case "value" -> variable.setValue(text());
          default -> {}
        }
      });
      return PodReader.RANKS.equals(variable.getName()) ? variable : null;
    }

    private PodStatus status() {
      var status = new PodStatus();
      each(name -> {
        switch (name) {
          case "podIP" -> status.setPodIP(text());
          case "conditions" -> status.setConditions(list(this::condition));
          default -> {}
        }
      });
      return status;
    }

    private PodCondition condition() {
      var condition = new PodCondition();
      each(name -> {
        switch (name) {
          case "type" -> condition.setType(text());
          case "status" -> condition.setStatus(text());
          default -> {}
        }
      });
      return condition;
    }

    /** The fields of the object at which the parser stands; none where it is no object. */
    private void each(Consumer<String> field) {
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        rest(field);
      }
    }

    private void rest(Consumer<String> field) {
      for (var name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        field.accept(name);
        parser.skipChildren();
      }
    }

    /** The members of the array at which the parser stands, without those that are null. */
    private <T> List<T> list(Supplier<@Nullable T> member) {
      var list = new ArrayList<T>();
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          var taken = member.get();
          parser.skipChildren();
          if (taken != null) {
            list.add(taken);
          }
        }
      }
      return list;
    }

    private Map<String, String> texts() {
      var texts = new LinkedHashMap<String, String>();
      each(name -> {
        var text = text();
        if (text != null) {
          texts.put(name, text);
        }
      });
      return texts;
    }

    /** Null where it is none. */
    private @Nullable String text() {
      return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
    }
  }
}
