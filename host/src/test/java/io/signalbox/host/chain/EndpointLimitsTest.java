package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.chain.RoutingResult.EndpointsAtLimit;
import io.signalbox.host.chain.RoutingResult.Limited;
import io.signalbox.host.chain.RoutingResult.NoCandidates;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.LimitsConfig;
import io.signalbox.host.limits.Limiter;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.LimitMetrics;
import io.signalbox.host.telemetry.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Limits on the way of a decision: who is a candidate, and what becomes of what was taken. */
class EndpointLimitsTest {
  private static final int NO = LimitsConfig.UNLIMITED;

  private final AtomicLong now = new AtomicLong();
  private final Limiter limiter =
      new Limiter(
          1000,
          new Limiter.Surroundings(
              now::get, Runnable::run, new LimitMetrics(new SimpleMeterRegistry()), null));
  private final Bench bench = new Bench("a", "b");

  private Router router(LimitsConfig perModel, LimitsConfig perEndpoint) {
    limiter.apply(
        new AccessConfig(
            AccessConfig.Identity.KEYS,
            LimitsConfig.NONE,
            perModel,
            perEndpoint,
            1000,
            Optional.empty(),
            List.of()),
        List.of());
    return bench.router(
        "least-request",
        new Router.Shared(RequestSignals.UNKNOWN, List.of(), new Queues(now::get), limiter));
  }

  /** 100 tokens of prompt, and 20 of an answer. */
  private static InferenceRequest request() {
    var body = "{\"model\":\"m\",\"prompt\":\"%s\"}".formatted("x".repeat(400));
    return new InferenceRequest(
        new Scanned("m", null, false, 20),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static Picked picked(Router router) {
    return (Picked) Bench.route(router, request());
  }

  private static void end(Picked picked) {
    picked.reservation().release();
    picked.observation().accepted(new AnswerHead(200, "application/json", null));
    picked.observation().completed();
  }

  @Test
  void anEndpointWithAsManyRequestsAsItMayHaveIsNoCandidate() {
    var router = router(LimitsConfig.NONE, new LimitsConfig(NO, NO, NO, 2, NO, NO));
    var hosts = new ArrayList<String>();
    var all = new ArrayList<Picked>();
    for (int i = 0; i < 4; i++) {
      all.add(picked(router));
      hosts.add(all.getLast().endpoint().host());
    }
    assertThat(hosts).containsExactlyInAnyOrder("a", "a", "b", "b");

    var refused = (EndpointsAtLimit) Bench.route(router, request());

    assertThat(refused.refusal().reason()).isEqualTo(Reason.ENDPOINT_LIMIT);
    assertThat(refused.refusal().headers()).isEqualTo(Map.of("retry-after", "1"));
    end(all.getFirst());
    assertThat(picked(router).endpoint()).isEqualTo(all.getFirst().endpoint());
  }

  @Test
  void requestsOfReplicasCountToo() {
    var router = router(LimitsConfig.NONE, new LimitsConfig(NO, NO, NO, 2, NO, NO));
    bench.endpoint("a").traffic().inFlightElsewhere(2);
    bench.endpoint("b").traffic().inFlightElsewhere(1);

    assertThat(picked(router).endpoint().host()).isEqualTo("b");
    assertThat(Bench.route(router, request())).isInstanceOf(EndpointsAtLimit.class);
  }

  @Test
  void ratesOfEndpointsNarrowTheCandidates() {
    var router = router(LimitsConfig.NONE, LimitsConfig.perMinute(1, NO));
    var hosts = new TreeSet<String>();
    for (int i = 0; i < 2; i++) {
      var choice = picked(router);
      hosts.add(choice.endpoint().host());
      end(choice);
    }
    assertThat(hosts).containsExactly("a", "b");

    assertThat(((EndpointsAtLimit) Bench.route(router, request())).retryAfter())
        .isEqualTo(Duration.ofMinutes(1));
    now.addAndGet(TimeUnit.MINUTES.toNanos(1));
    end(picked(router));
  }

  @Test
  void tokensOfEndpointsAreReservedAndGivenBack() {
    var router = router(LimitsConfig.NONE, LimitsConfig.perMinute(NO, 130));
    var first = picked(router);
    var second = picked(router);
    assertThat(Bench.route(router, request())).isInstanceOf(EndpointsAtLimit.class);

    first.reservation().release();
    first.observation().failed();
    second.reservation().release();
    second.observation().cancelled();

    assertThat(picked(router).endpoint()).isEqualTo(first.endpoint());
    // The prompt of the one that was cancelled counts.
    assertThat(Bench.route(router, request())).isInstanceOf(EndpointsAtLimit.class);
  }

  @Test
  void withoutEndpointsThatIsWhatIsSaid() {
    var router = router(LimitsConfig.NONE, LimitsConfig.perMinute(1, NO));

    assertThat(
            Bench.route(
                router,
                new InferenceRequest(
                    new Scanned("m", null, false, 20),
                    RequestHeaders.of(Map.of("routing-strategy", "random")),
                    () -> ByteBuffer.allocate(0))))
        .isInstanceOf(Picked.class);
    assertThat(Bench.routeAround(new Bench("a").router(), request(), "a:8000"))
        .isInstanceOf(NoCandidates.class);
  }

  /** Two event loops that decide at the same time never take more places than there are. */
  @Test
  void eventLoopsNeverTakeMoreThanThereIs() throws InterruptedException {
    int most = 50;
    var first = router(LimitsConfig.NONE, new LimitsConfig(NO, NO, NO, most, NO, NO));
    var second =
        bench.router(
            "least-request",
            new Router.Shared(RequestSignals.UNKNOWN, List.of(), new Queues(now::get), limiter));
    var taken = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (var router : List.of(first, second)) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 2 * most; i++) {
                  if (Bench.route(router, request()) instanceof Picked) {
                    taken.incrementAndGet();
                  }
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(taken).hasValue(2 * most);
    assertThat(bench.endpoint("a").inFlight()).isEqualTo(most);
    assertThat(bench.endpoint("b").inFlight()).isEqualTo(most);
  }

  @Test
  void whatNoEndpointTakesCostsTheModelNothing() {
    var router = router(LimitsConfig.perMinute(2, NO), new LimitsConfig(NO, NO, NO, 1, NO, NO));
    bench.endpoint("b").traffic().inFlightElsewhere(1);
    var first = picked(router);
    for (int i = 0; i < 10; i++) {
      assertThat(Bench.route(router, request())).isInstanceOf(EndpointsAtLimit.class);
    }
    end(first);

    assertThat(picked(router).headers()).containsEntry("x-ratelimit-remaining-requests", "0");
    assertThat(Bench.route(router, request())).isInstanceOf(Limited.class);
  }

  @Test
  void aSecondTryGoesOnWithWhatTheFirstWasAdmittedWith() {
    var router = router(LimitsConfig.perMinute(NO, 120), LimitsConfig.NONE);
    var first = picked(router);
    first.reservation().release();
    var carried = first.observation().failedOver();
    var results = new ArrayList<RoutingResult>();
    router.routeAround(request(), Detour.around(first.endpoint().address()), carried, results::add);
    var second = (Picked) results.getFirst();

    assertThat(Bench.route(router, request())).isInstanceOf(Limited.class);
    second.reservation().release();
    second.observation().failed();
    end(picked(router));
  }

  @Test
  void whereThereIsNoSecondAllIsGivenBack() {
    var router = router(LimitsConfig.perMinute(NO, 120), LimitsConfig.NONE);
    bench.endpoint("b").traffic().inFlightElsewhere(1);
    var one = new Bench("a");
    var alone =
        one.router(
            "least-request",
            new Router.Shared(RequestSignals.UNKNOWN, List.of(), new Queues(now::get), limiter));
    var first = picked(alone);
    first.reservation().release();
    var results = new ArrayList<RoutingResult>();
    alone.routeAround(
        request(), Detour.around("a:8000"), first.observation().failedOver(), results::add);

    assertThat(results.getFirst()).isInstanceOf(NoCandidates.class);
    end(picked(router));
  }

  @Test
  void whoStopsWaitingGivesBackWhatWasTaken() {
    var router = router(LimitsConfig.perMinute(2, NO), LimitsConfig.NONE);
    var chain = "vtc-basic;max-load=1;queue=2;max-wait=20";
    var asking =
        new InferenceRequest(
            new Scanned("m", null, false, 20),
            RequestHeaders.of(Map.of(Router.HEADER, chain)),
            () -> ByteBuffer.allocate(0));
    bench.inFlight("a", 1).inFlight("b", 1);
    var results = new ArrayList<RoutingResult>();
    var pending = router.route(asking, results::add);
    assertThat(pending.longestWait()).isPositive();

    pending.cancel();
    pending.cancel();

    assertThat(results).isEmpty();
    end(picked(router));
    end(picked(router));
    assertThat(Bench.route(router, request())).isInstanceOf(Limited.class);
  }
}
