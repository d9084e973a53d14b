package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import io.signalbox.envoy.extproc.v3.CommonResponse;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValueOption.HeaderAppendAction;
import io.signalbox.envoy.extproc.v3.ImmediateResponse;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.extproc.ExtProcCaseRun.Said;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what was said with what a case expects, stream by stream: the order of messages,
 * statuses, destinations, metadata and bodies. Headers count by what the proxy is left with, so one
 * that is copied without a change may be left out.
 */
final class ExtProcCaseCheck {
  private final ExtProcCase row;
  private final Map<String, ArrayDeque<Said>> saidByStream = new LinkedHashMap<>();

  ExtProcCaseCheck(ExtProcCase row, List<Said> said) {
    this.row = row;
    said.forEach(each ->
        saidByStream.computeIfAbsent(each.stream(), stream -> new ArrayDeque<>()).add(each));
  }

  /** Fails where anything is otherwise, and where anything more was said. */
  void check() {
    for (var expected : row.expected()) {
      var queue = saidByStream.getOrDefault(expected.getString("stream", ""), new ArrayDeque<>());
      assertThat(queue).as("nothing was said instead of " + expected.encode()).isNotEmpty();
      check(expected, queue);
    }
    saidByStream.forEach((stream, left) -> assertThat(left).as("said besides").isEmpty());
  }

  private void check(JsonObject expected, ArrayDeque<Said> queue) {
    var said = queue.remove();
    var message = said.message();
    assertThat(type(message)).isEqualTo(expected.getString("type"));
    switch (message.getResponseCase()) {
      case REQUEST_HEADERS -> head(expected, said, message.getRequestHeaders().getResponse());
      case RESPONSE_HEADERS -> head(expected, said, message.getResponseHeaders().getResponse());
      case REQUEST_BODY, RESPONSE_BODY -> body(expected, said, queue);
      case IMMEDIATE_RESPONSE -> immediate(expected, message.getImmediateResponse());
      case REQUEST_TRAILERS, RESPONSE_TRAILERS, RESPONSE_NOT_SET -> {}
    }
    metadata(expected, message.getDynamicMetadata());
  }

  private static String type(ProcessingResponse message) {
    return message.getResponseCase().name().toLowerCase(java.util.Locale.ROOT);
  }

  private void head(JsonObject expected, Said said, CommonResponse response) {
    var mutation = response.getHeaderMutation();
    var set = set(mutation);
    if (expected.containsKey("clear_route_cache")) {
      assertThat(response.getClearRouteCache()).isEqualTo(expected.getBoolean("clear_route_cache"));
    }
    var left = new LinkedHashMap<>(said.heard().headers());
    mutation.getRemoveHeadersList().forEach(left::remove);
    mutation
        .getSetHeadersList()
        .forEach(option -> {
          var header = option.getHeader();
          if (option.getAppendAction() == HeaderAppendAction.ADD_IF_ABSENT) {
            left.putIfAbsent(header.getKey(), header.getRawValue().toStringUtf8());
          } else {
            left.put(header.getKey(), header.getRawValue().toStringUtf8());
          }
        });
    // What every request has, and cases leave out.
    left.putIfAbsent(":method", "POST");
    for (var header : expected.getJsonObject("set_headers", new JsonObject())) {
      assertThat(left).containsEntry(header.getKey(), String.valueOf(header.getValue()));
    }
    assertThat(texts(expected, "absent_headers")).allMatch(name -> !set.containsKey(name));
    assertThat(texts(expected, "present_headers")).allMatch(left::containsKey);
    assertThat(texts(expected, "removed_headers")).allMatch(name -> !left.containsKey(name));
    assertThat(set.keySet()).as("pseudo headers").noneMatch(name -> name.startsWith(":"));
    if (expected.getBoolean("content_length_equals_sent_body", false)) {
      var length = Optional.ofNullable(set.get("content-length")).map(Integer::valueOf);
      assertThat(length.orElse(sentBytes(said.stream()))).isEqualTo(sentBytes(said.stream()));
    }
  }

  private int sentBytes(String stream) {
    return saidByStream.getOrDefault(stream, new ArrayDeque<>()).stream()
        .map(Said::message)
        .filter(ProcessingResponse::hasRequestBody)
        .mapToInt(message -> bytes(message).size())
        .sum();
  }

  private static List<String> texts(JsonObject expected, String key) {
    return expected.getJsonArray(key, new JsonArray()).stream().map(String.class::cast).toList();
  }

  private static Map<String, String> set(HeaderMutation mutation) {
    var set = new LinkedHashMap<String, String>();
    mutation
        .getSetHeadersList()
        .forEach(option ->
            set.put(option.getHeader().getKey(), option.getHeader().getRawValue().toStringUtf8()));
    return set;
  }

  private void body(JsonObject expected, Said first, ArrayDeque<Said> queue) {
    var pieces = new ArrayList<>(List.of(first.message()));
    for (int more = expected.getInteger("chunks", 1) - 1; more > 0; more--) {
      pieces.add(queue.remove().message());
    }
    var joined =
        pieces.stream().map(ExtProcCaseCheck::bytes).reduce(ByteString::concat).orElseThrow();
    if (expected.containsKey("body") || expected.containsKey("body_b64")) {
      assertThat(joined).isEqualTo(ExtProcCaseRun.body(expected));
    }
    if (expected.containsKey("body_json")) {
      assertThat(new JsonObject(joined.toStringUtf8()))
          .isEqualTo(expected.getJsonObject("body_json"));
    }
    if (expected.containsKey("body_mutation")) {
      assertThat(mutation(pieces.getFirst())).isEqualTo(expected.getString("body_mutation"));
    }
    if (expected.containsKey("end_of_stream")) {
      assertThat(ends(pieces.getLast())).isEqualTo(expected.getBoolean("end_of_stream"));
    }
    if (expected.getBoolean("end_of_stream_only_on_last", false)) {
      assertThat(pieces.stream().filter(ExtProcCaseCheck::ends)).containsExactly(pieces.getLast());
    }
    if (expected.containsKey("max_chunk_bytes")) {
      assertThat(pieces)
          .allMatch(piece -> bytes(piece).size() <= expected.getInteger("max_chunk_bytes"));
    }
    if (expected.getBoolean("joined_equals_input", false)) {
      assertThat(joined).isEqualTo(input("request_body"));
    }
    if (expected.containsKey("set_headers")) {
      head(expected, first, common(first.message()));
    }
  }

  private ByteString input(String type) {
    return row.messages().stream()
        .filter(message -> message.getString("type").equals(type))
        .map(ExtProcCaseRun::body)
        .reduce(ByteString.EMPTY, ByteString::concat);
  }

  private static CommonResponse common(ProcessingResponse message) {
    return message.hasRequestBody()
        ? message.getRequestBody().getResponse()
        : message.getResponseBody().getResponse();
  }

  private static ByteString bytes(ProcessingResponse message) {
    var mutation = common(message).getBodyMutation();
    return mutation.hasStreamedResponse()
        ? mutation.getStreamedResponse().getBody()
        : mutation.getBody();
  }

  private static boolean ends(ProcessingResponse message) {
    return common(message).getBodyMutation().getStreamedResponse().getEndOfStream();
  }

  private static String mutation(ProcessingResponse message) {
    return switch (common(message).getBodyMutation().getMutationCase()) {
      case STREAMED_RESPONSE -> "streamed_response";
      case BODY -> "body";
      case CLEAR_BODY -> "clear_body";
      case MUTATION_NOT_SET -> "none";
    };
  }

  /** Texts of errors may differ; what programs go by may not. */
  private static void immediate(JsonObject expected, ImmediateResponse response) {
    assertThat(response.getStatus().getCode()).isEqualTo(expected.getInteger("status"));
    var set = set(response.getHeaders());
    for (var header : expected.getJsonObject("headers", new JsonObject())) {
      assertThat(set).containsEntry(header.getKey(), String.valueOf(header.getValue()));
    }
    var error = expected.getJsonObject("error");
    if (error != null) {
      assertThat(set).containsEntry("content-type", "application/json");
      var ours = new JsonObject(response.getBody().toStringUtf8()).getJsonObject("error");
      for (var member : error) {
        assertThat(ours.getValue(member.getKey())).as(member.getKey()).isEqualTo(member.getValue());
      }
    }
  }

  private static void metadata(JsonObject expected, Struct metadata) {
    for (var namespace : expected.getJsonObject("dynamic_metadata", new JsonObject())) {
      var fields = metadata.getFieldsOrThrow(namespace.getKey()).getStructValue();
      for (var field : (JsonObject) namespace.getValue()) {
        assertThat(fields.getFieldsOrThrow(field.getKey()).getStringValue())
            .isEqualTo(field.getValue());
      }
    }
  }
}
