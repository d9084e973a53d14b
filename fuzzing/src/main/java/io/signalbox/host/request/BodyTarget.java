package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.fuzzing.Cuts;
import io.signalbox.fuzzing.FuzzTarget;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.ScanResult.Unreadable;
import io.signalbox.host.telemetry.Reason;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bodies of requests: what streaming passes find, beside Jackson's tree of the whole. */
public final class BodyTarget implements FuzzTarget {
  private static final ObjectMapper TREES =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(BodyScanner.MAX_DEPTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Two members of one name: which one counts, a tree does not say. */
  private static final ObjectMapper STRICT_TREES =
      new ObjectMapper(
              TREES
                  .getFactory()
                  .rebuild()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Override
  public void check(byte[] body) {
    var found = BodyScanner.scan(new ByteArrayInputStream(body));
    switch (found) {
      case Scanned scanned -> {
        var tree =
            tree(TREES, body)
                .or(() -> tree(TREES, withoutSurplus(body)))
                .orElseThrow(() -> new AssertionError("this is no JSON"));
        assertThat(scanned.model()).isEqualTo(tree.path("model").textValue());
        tree(STRICT_TREES, body)
            .ifPresent(strict -> {
              assertThat(scanned).isEqualTo(expected(strict));
              checkChanges(body, strict);
              checkPrompt(scanned, body, strict);
            });
      }
      case Unreadable(var reason, var problem) -> {
        assertThat(problem).isNotBlank();
        tree(STRICT_TREES, body)
            .ifPresent(tree -> {
              assertThat(expected(tree)).isNull();
              assertThat(reason)
                  .isEqualTo(tree.isObject() ? Reason.MISSING_MODEL : Reason.INVALID_BODY);
            });
      }
    }
    checkPieces(body, found);
    if (found instanceof Scanned scanned && isUtf8(body)) {
      checkBeginnings(body, scanned);
    }
  }

  /** Without the bytes that Jackson passes over in names that it knows. */
  private static byte[] withoutSurplus(byte[] body) {
    var rest = new ByteArrayOutputStream(body.length);
    for (byte one : body) {
      if (one != (byte) 0xff) {
        rest.write(one);
      }
    }
    return rest.toByteArray();
  }

  private static Optional<JsonNode> tree(ObjectMapper mapper, byte[] body) {
    try {
      return Optional.of(mapper.readTree(body)).filter(tree -> !tree.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      // Broken UTF-8 or UTF-32.
      return Optional.empty();
    }
  }

  /** What a decision needs; null where the tree has no model to route by. */
  private static @Nullable Scanned expected(JsonNode tree) {
    var model = tree.path("model").textValue();
    if (model == null || model.isBlank() || model.length() > BodyScanner.MAX_MODEL_LENGTH) {
      return null;
    }
    double most = Double.POSITIVE_INFINITY;
    for (var name : List.of("max_tokens", "max_completion_tokens", "max_output_tokens")) {
      var limit = tree.path(name);
      if (limit.isIntegralNumber() && limit.doubleValue() >= 0) {
        most = Math.min(most, limit.doubleValue());
      }
    }
    boolean stream = tree.path("stream").isBoolean() && tree.path("stream").booleanValue();
    return new Scanned(model, tree.path("user").textValue(), stream, most);
  }

  /** What is wrong with a body may be said otherwise where it comes in pieces, but not whether. */
  private static void checkPieces(byte[] body, ScanResult whole) {
    Cuts.of(body)
        .forEach(cut -> {
          var inTwo =
              new SequenceInputStream(
                  new ByteArrayInputStream(body, 0, cut),
                  new ByteArrayInputStream(body, cut, body.length - cut));
          assertThat(withoutProblem(BodyScanner.scan(inTwo)))
              .as("cut at %d", cut)
              .isEqualTo(withoutProblem(whole));
        });
  }

  private static ScanResult withoutProblem(ScanResult result) {
    return result instanceof Unreadable(var reason, var _) ? new Unreadable(reason, "") : result;
  }

  /** Whether it is not in another encoding, and has no byte order mark. */
  private static boolean isUtf8(byte[] body) {
    if (body[0] < 0) {
      return false;
    }
    for (byte b : body) {
      if (b == 0) {
        return false;
      }
    }
    return true;
  }

  /** What is readable in full is readable as far as it came, and from the model on it routes. */
  private static void checkBeginnings(byte[] body, Scanned whole) {
    boolean known = false;
    for (int cut : Cuts.of(body).toArray()) {
      if (new String(body, 0, cut, StandardCharsets.UTF_8).isBlank()) {
        continue;
      }
      switch (BodyScanner.scanBeginning(new ByteArrayInputStream(body, 0, cut), cut)) {
        case Scanned found -> {
          known = true;
          assertThat(found.model()).as("cut at %d", cut).isEqualTo(whole.model());
        }
        case Unreadable(var reason, var problem) -> {
          assertThat(known).as("cut at %d, behind the model: %s", cut, problem).isFalse();
          assertThat(reason).as("cut at %d", cut).isEqualTo(Reason.BODY_TOO_LARGE);
        }
      }
    }
  }

  /** Changes of members and of the model change what they should, and nothing else. */
  private static void checkChanges(byte[] body, JsonNode tree) {
    var members = JsonMembers.of(Buffer.buffer(body));
    var place = ModelRewrite.find(new ByteArrayInputStream(body));
    if (members.isEmpty() || place.isEmpty()) {
      assertThat(isUtf8(body)).as("places are known in UTF-8").isFalse();
      return;
    }
    var same = members.get().edited(new JsonEdit(Set.of(), Map.of(), Map.of()));
    assertThat(same.getBytes()).isEqualTo(body);
    var edited =
        members
            .get()
            .edited(
                new JsonEdit(Set.of("user"), Map.of("max_tokens", "1"), Map.of("stream", "true")));
    var changed = tree.<ObjectNode>deepCopy();
    changed.remove("user");
    if (changed.has("max_tokens")) {
      changed.put("max_tokens", 1);
    }
    changed.put("stream", true);
    assertThat(tree(STRICT_TREES, edited.getBytes())).contains(changed);

    var rewritten =
        Buffer.buffer()
            .appendBytes(body, 0, place.get().from())
            .appendBytes(ModelRewrite.quoted("other \"one\""))
            .appendBytes(body, place.get().to(), body.length - place.get().to());
    var renamed = tree.<ObjectNode>deepCopy();
    renamed.put("model", "other \"one\"");
    assertThat(tree(STRICT_TREES, rewritten.getBytes())).contains(renamed);
  }

  private static void checkPrompt(Scanned scanned, byte[] body, JsonNode tree) {
    var texts = new ArrayList<String>();
    for (var member : tree.properties()) {
      if (Set.of("prompt", "input", "messages").contains(member.getKey())) {
        pieces(member.getValue(), texts);
      }
    }
    var request = new InferenceRequest(scanned, new NoHeaders(), () -> ByteBuffer.wrap(body));
    double tokens = InferenceRequest.promptTokensAtLast(request);
    assertThat(request.prompt()).isEqualTo(String.join("\n", texts));
    assertThat(Double.valueOf(tokens)).isEqualTo(Double.valueOf(request.promptTokens()));
  }

  private static void pieces(JsonNode value, List<String> into) {
    if (value.isTextual()) {
      into.add(value.textValue());
    } else if (value.isArray()) {
      value.forEach(one -> pieces(one, into));
    } else {
      for (var member : value.properties()) {
        var its = member.getValue();
        if (member.getKey().equals("content")
            || (member.getKey().equals("text") && its.isTextual())) {
          pieces(its, into);
        }
      }
    }
  }

  private record NoHeaders() implements RequestHeaders {
    @Override
    public @Nullable String first(String name) {
      return null;
    }

    @Override
    public Map<String, String> all() {
      return Map.of();
    }
  }
}
