package io.signalbox.benchmarks;

import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.endpoint.Reservation;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decisions of one router, each in flight until the next is made. For one thread at a time. */
final class Decisions {
  private final InferenceRequest request =
      new InferenceRequest(
          new Scanned(RequestBodies.MODEL, null, true),
          RequestHeaders.of(Map.of()),
          () -> ByteBuffer.allocate(0));
  private final String name;
  private final Router router;
  private @Nullable Reservation reservation;
  private String picked = "";
  private int pending;
  private long failures;

  Decisions(String name, Router router) {
    this.name = name;
    this.router = router;
  }

  String name() {
    return name;
  }

  /** Decides; for routers that do so at once. */
  void decide() {
    router.route(request, this::take);
  }

  /**
   * Decides; on the router's event loop.
   *
   * @param then called there when it is made
   */
  void decide(Runnable then) {
    pending++;
    router.route(
        request,
        result -> {
          pending--;
          take(result);
          then.run();
        });
  }

  private void take(RoutingResult result) {
    if (reservation != null) {
      reservation.release();
      reservation = null;
    }
    if (result instanceof Picked made) {
      reservation = made.reservation();
    }
    if (result instanceof Picked made && made.degraded().isEmpty()) {
      picked = made.endpoint().address();
    } else {
      picked = "";
      failures++;
    }
  }

  /** Decisions that are not made yet. */
  int pending() {
    return pending;
  }

  /** The address that was chosen last; empty where the strategy had no part in it. */
  String picked() {
    return picked;
  }

  /** Counts failures from now on: cold calls may fail. */
  void warm() {
    failures = 0;
  }

  /** Decisions in which the strategy had no part. */
  long failures() {
    return failures;
  }
}
