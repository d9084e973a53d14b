package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RequestQueue.Arrival;
import io.signalbox.host.chain.WaitingLine.Served;
import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.config.FlowControlConfig.Full;
import io.signalbox.host.config.FlowControlConfig.Weights;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.host.telemetry.FlowControlMetrics;
import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of those that wait for flow control, in front of an endpoint that is always full. */
class FairLineTest {
  private static final Map<String, Integer> PRIORITIES = Map.of("batch", -1, "chat", 1);
  private static final int LONGEST_PROMPT = 400;
  private static final int LONGEST_ANSWER = 300;

  private final Router router = new Bench("a").inFlight("a", 1).router();
  private final CandidateSet candidates = new CandidateSet(RequestSignals.UNKNOWN);

  private RequestQueue queue(int maxWaiting) {
    var full = new Full(OptionalInt.of(1), 5, 0.8);
    var config =
        new FlowControlConfig(true, maxWaiting, Duration.ofSeconds(30), full, new Weights(1, 2));
    var rule = QueueRule.Fair.of(config, new Fullness(full), new Objectives(PRIORITIES));
    return new RequestQueue(
        new FairLine("m", rule, FlowControlMetrics.unread(), System::nanoTime), System::nanoTime);
  }

  private Waiting waiting(RequestQueue queue, String user, String objective, int promptTokens) {
    var body = ByteBuffer.allocate(4 * promptTokens);
    var request =
        new InferenceRequest(
            new Scanned("m", user, false),
            RequestHeaders.of(Map.of(SteeringHeaders.OBJECTIVE, objective)),
            body::duplicate);
    var chain = new Chain("random", List.of(), List.of(), Set.of());
    return new Waiting(router, queue, request, chain.chosen(), result -> {});
  }

  private Arrival arrive(RequestQueue queue, Waiting request) {
    candidates.reset(request.request(), router.snapshot().model("m").orElseThrow());
    return queue.arrive(request, candidates);
  }

  private Waiting arrive(RequestQueue queue, String user) {
    var request = waiting(queue, user, "", 10);
    assertThat(arrive(queue, request)).isInstanceOf(Arrival.Waits.class);
    return request;
  }

  /** Whoever is first; that it has no candidates lets it go. */
  private static Waiting next(RequestQueue queue) {
    return Optional.ofNullable(queue.next(request -> null)).orElseThrow();
  }

  private static void serve(RequestQueue queue, Waiting request, double prompt, double output) {
    queue.left(request);
    queue.ended(request, new Served(prompt, output));
  }

  @Test
  void whoWasServedLeastGoesFirst() {
    var queue = queue(9);
    var ann = arrive(queue, "ann");
    var annAgain = arrive(queue, "ann");
    var bob = arrive(queue, "bob");

    assertThat(next(queue)).isSameAs(ann);
    assertThat(next(queue)).isSameAs(bob);
    // Bob's answer is long, and ann's short.
    serve(queue, bob, 10, 500);
    serve(queue, ann, 10, 5);
    var bobAgain = arrive(queue, "bob");

    assertThat(next(queue)).isSameAs(annAgain);
    assertThat(next(queue)).isSameAs(bobAgain);
  }

  @Test
  void whoComesBackIsLiftedToThoseWhoWait() {
    var queue = queue(9);
    arrive(queue, "ann");
    serve(queue, next(queue), 100, 100);
    var ann = arrive(queue, "ann");

    var bob = arrive(queue, "bob");

    assertThat(bob.share().served).isEqualTo(ann.share().served).isEqualTo(300);
  }

  @Test
  void whoWentAwayIsChargedWhatWasExpectedAndAFailureNothing() {
    var queue = queue(9);
    var left = arrive(queue, "ann");
    var failed = arrive(queue, "bob");
    var others = List.of(arrive(queue, "ann"), arrive(queue, "bob"));
    for (var gone : List.of(next(queue), next(queue))) {
      queue.left(gone);
    }

    queue.ended(left, Served.UNKNOWN);
    queue.ended(failed, Served.NOTHING);

    // 10 of the prompt, and twice the 15 that the answer is taken to have.
    assertThat(others.get(0).share().served).isEqualTo(40);
    assertThat(others.get(1).share().served).isZero();
  }

  @Test
  void usersWhoOweNothingAreForgotten() {
    var queue = queue(9);
    var band = arrive(queue, "first").share().band();
    serve(queue, next(queue), 10, 10);
    for (int i = 0; i < 10_000; i++) {
      arrive(queue, "user" + i);
      serve(queue, next(queue), 10, 10);
    }

    assertThat(band.users()).isLessThanOrEqualTo(1);
  }

  @Test
  void usersWhoOweAreRememberedAsFarAsThereIsRoom() {
    var queue = queue(9);
    var band = arrive(queue, "first").share().band();
    var first = next(queue);
    var all = new ArrayList<Waiting>();
    for (int i = 0; i < 10_000; i++) {
      arrive(queue, "user" + i);
      all.add(next(queue));
    }
    serve(queue, first, 1, 1);
    // Nobody owes more than who went last, until answers turn out to be long.
    all.removeLast();
    all.forEach(one -> serve(queue, one, 1_000_000, 1_000_000));

    assertThat(band.users()).isEqualTo(4_096 + 1);
  }

  /** A model of the queue beside it: who waits, in the order they came. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderHoldsWhoeverLeaves(long seed) {
    var random = new SplittableRandom(seed);
    var queue = queue(40);
    var model = new ArrayList<Waiting>();
    var running = new ArrayList<Waiting>();
    var objectives = List.of("batch", "", "chat");
    var dispatched = new IdentityHashMap<Waiting, Boolean>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          var user = "user" + random.nextInt(6);
          var request =
              waiting(queue, user, objectives.get(random.nextInt(3)), 1 + random.nextInt(100));
          switch (arrive(queue, request)) {
            case Arrival.Waits(boolean first, var displaced) -> {
              assertThat(first).isEqualTo(model.isEmpty());
              assertThat(displaced.isPresent()).isEqualTo(model.size() == 40);
              displaced.ifPresent(victim -> {
                assertThat(priority(victim)).isLessThanOrEqualTo(priority(request));
                assertThat(model.remove(victim)).isTrue();
              });
              model.add(request);
            }
            case Arrival.Refused _ -> {
              assertThat(model).hasSize(40);
              assertThat(model).allMatch(other -> priority(other) >= priority(request));
            }
            case Arrival.Goes _ -> throw new AssertionError("the endpoint is full");
          }
        }
        case 3 -> {
          if (!model.isEmpty()) {
            var gone = model.remove(random.nextInt(model.size()));
            assertThat(queue.remove(gone, Outcome.CANCELLED)).isTrue();
            assertThat(queue.remove(gone, Outcome.EXPIRED)).isFalse();
          }
        }
        case 4 -> {
          if (!model.isEmpty()) {
            var expected = first(model);
            var next = next(queue);
            assertThat(next).isSameAs(expected);
            assertThat(dispatched.put(next, true)).isNull();
            model.remove(next);
            running.add(next);
          }
        }
        default -> {
          if (!running.isEmpty()) {
            var done = running.remove(random.nextInt(running.size()));
            serve(queue, done, 1 + random.nextInt(100), random.nextInt(100));
          }
        }
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    assertThat(dispatched).hasSizeGreaterThan(1_000);
  }

  private static int priority(Waiting request) {
    return request.share().band().priority();
  }

  /** The highest priority, of that the user served least, of that the first. */
  private static Waiting first(List<Waiting> model) {
    int highest = model.stream().mapToInt(FairLineTest::priority).max().orElseThrow();
    var share =
        model.stream()
            .filter(request -> priority(request) == highest)
            .map(Waiting::share)
            .min(FairShare.LEAST_SERVED)
            .orElseThrow();
    return model.stream().filter(request -> request.share() == share).findFirst().orElseThrow();
  }

  /** Ann sends many short requests, Bob few long ones; both always have some waiting. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void twoUsersWithRequestsWaitingAreServedAlike(int places) {
    var random = new SplittableRandom(places);
    var queue = queue(100);
    var waiting = new int[2];
    var running = new ArrayList<Waiting>();
    var served = new double[2];
    double bound = 2.0 * Math.max(LONGEST_PROMPT, 2 * LONGEST_ANSWER * places);
    double widest = 0;
    for (int step = 0; step < 20_000; step++) {
      for (int user = 0; user < 2; user++) {
        for (; waiting[user] < 20; waiting[user]++) {
          int prompt = 1 + random.nextInt(user == 0 ? 10 : LONGEST_PROMPT);
          arrive(queue, waiting(queue, name(user), "", prompt));
        }
      }
      while (running.size() < places) {
        var next = next(queue);
        waiting[user(next)]--;
        running.add(next);
      }
      var done = running.remove(random.nextInt(running.size()));
      double prompt = done.request().body().remaining() / 4.0;
      double output = 1 + random.nextInt(user(done) == 0 ? 10 : LONGEST_ANSWER);
      serve(queue, done, prompt, output);
      served[user(done)] += prompt + 2 * output;
      widest = Math.max(widest, Math.abs(served[0] - served[1]));
    }

    assertThat(widest).isLessThanOrEqualTo(bound);
    assertThat(served[0]).isGreaterThan(5 * bound);
  }

  private static String name(int user) {
    return user == 0 ? "ann" : "bob";
  }

  private static int user(Waiting request) {
    return "ann".equals(request.request().user()) ? 0 : 1;
  }
}
