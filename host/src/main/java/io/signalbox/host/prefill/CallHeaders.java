package io.signalbox.host.prefill;

import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/**
 * The headers of calls of ours: the client's, credentials included, without those that steer or
 * belong to its connection.
 */
final class CallHeaders {
  private CallHeaders() {}

  /** Those of a request whose answer is the client's. */
  static void ofDecode(PairRequest request, MultiMap to) {
    var client = MultiMap.caseInsensitiveMultiMap().addAll(request.headers().all());
    HopByHop.copyRequest(client, to);
    if (!to.contains(AnswerHeaders.ENGINE_REQUEST_ID)) {
      to.set(AnswerHeaders.ENGINE_REQUEST_ID, request.id());
    }
  }

  /** Those of a prefill request: without wishes about an answer that the client will not get. */
  static void ofPrefill(PairRequest request, MultiMap to) {
    ofDecode(request, to);
    to.remove(HttpHeaders.ACCEPT).remove(HttpHeaders.ACCEPT_ENCODING);
  }
}
