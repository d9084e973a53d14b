package io.signalbox.host.prefill;

import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A request for a pair of endpoints, as it came.
 *
 * @param headers all of the client's
 * @param path with the query
 * @param body as it is to be served; empty where not all of it is known
 * @param id ours
 */
public record PairRequest(
    InferenceRequest inference,
    RequestHeaders headers,
    String path,
    Optional<Buffer> body,
    String id) {}
