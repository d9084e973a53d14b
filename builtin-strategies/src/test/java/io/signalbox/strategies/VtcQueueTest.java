package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VtcQueueTest {
  private static final Endpoint ENDPOINT = Columns.ports(1).endpoint(0);
  private static final int LONGEST_PROMPT = 400;
  private static final int LONGEST_ANSWER = 300;

  private final AtomicLong now = new AtomicLong();
  private final UserTable users = new UserTable(64);
  private final StrategyContext context = context(Map.of("queue", "1000", "max-load", "4"));
  private final QueuePolicy queue = VtcBasic.factory(users).queuePolicy(context).orElseThrow();
  private final ExchangeObserver observer =
      (ExchangeObserver) VtcBasic.factory(users).create(context);

  private StrategyContext context(Map<String, String> parameters) {
    return StrategyContext.of(
        Parameters.of(VtcBasic.factory(users).parameters(), parameters),
        new SplittableRandom(7),
        now::get);
  }

  private static RouteRequest request(String user, double promptTokens) {
    return Requests.of("m").user(user).promptTokens(promptTokens);
  }

  @Test
  void thereIsNoneByDefault() {
    assertThat(VtcBasic.factory(users).queuePolicy(context(Map.of()))).isEmpty();
  }

  @Test
  void requestsWaitWhileEveryEndpointIsFull() {
    var full = Columns.of(Signal.IN_FLIGHT, 4, 7).with(Signal.RUNNING, Double.NaN, 2);
    var busyElsewhere = Columns.of(Signal.IN_FLIGHT, 3, 4).with(Signal.RUNNING, 4, Double.NaN);
    var room = Columns.of(Signal.IN_FLIGHT, 4, 3).with(Signal.RUNNING, Double.NaN, 3);

    assertThat(queue.admits(request("ann", 1), full)).isFalse();
    assertThat(queue.admits(request("ann", 1), busyElsewhere)).isFalse();
    assertThat(queue.admits(request("ann", 1), room)).isTrue();
  }

  @Test
  void whoWasServedLeastGoesFirstAndWhoIsNobodyLast() {
    serve("ann", 100, 50);
    serve("bob", 10, 5);

    assertThat(queue.rank(request("bob", 1), 0))
        .isLessThan(queue.rank(request("ann", 1), 0))
        .isGreaterThan(queue.rank(request("new", 1), 0));
    assertThat(queue.rank(Requests.of("m"), 100)).isGreaterThan(queue.rank(request("ann", 1), 0));
  }

  private void serve(String user, double promptTokens, double outputTokens) {
    var request = request(user, promptTokens);
    observer.onReserved(request, ENDPOINT);
    observer.onCompleted(request, ENDPOINT, new Completion(200, 1, promptTokens, outputTokens));
  }

  @Test
  void whoComesBackIsLiftedToTheLeastOfThoseWithWork() {
    serve("ann", 100, 50);
    queue.arrived(request("ann", 1), Columns.ports(1));

    queue.arrived(request("new", 1), Columns.ports(1));

    assertThat(queue.rank(request("new", 1), 0)).isEqualTo(200);
  }

  @Test
  void whoWaitsKeepsWhatIsOwed() {
    queue.arrived(request("bob", 10), Columns.ports(1));
    queue.arrived(request("ann", 10), Columns.ports(1));
    for (int i = 0; i < 5; i++) {
      serve("ann", 100, 50);
    }

    // Bob's turn comes: his counter is what his own request costs.
    observer.onReserved(request("bob", 10), ENDPOINT);
    queue.departed(request("bob", 10));

    assertThat(queue.rank(request("bob", 10), 0)).isLessThan(100);
  }

  /** Ann sends many short requests, Bob few long ones; both always have some waiting. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void twoUsersWithRequestsWaitingAreServedAlike(int places) {
    var random = new SplittableRandom(places);
    var waiting = new TreeMap<String, ArrayDeque<RouteRequest>>();
    waiting.put("ann", new ArrayDeque<>());
    waiting.put("bob", new ArrayDeque<>());
    var running = new ArrayList<RouteRequest>();
    double ann = 0;
    double bob = 0;
    double bound = 2.0 * Math.max(LONGEST_PROMPT, 2 * LONGEST_ANSWER * places);
    double widest = 0;
    for (int step = 0; step < 20_000; step++) {
      waiting.forEach((user, own) -> {
        while (own.size() < 20) {
          int longest = user.equals("ann") ? 10 : LONGEST_PROMPT;
          own.add(request(user, 1 + random.nextInt(longest)));
          queue.arrived(own.getLast(), Columns.ports(1));
        }
      });
      while (running.size() < places) {
        var next = first(waiting);
        running.add(next);
        observer.onReserved(next, ENDPOINT);
        queue.departed(next);
      }
      var done = running.remove(random.nextInt(running.size()));
      var user = String.valueOf(done.user());
      double output = 1 + random.nextInt(user.equals("ann") ? 10 : LONGEST_ANSWER);
      observer.onCompleted(done, ENDPOINT, new Completion(200, 1, done.promptTokens(), output));
      double tokens = done.promptTokens() + 2 * output;
      ann += user.equals("ann") ? tokens : 0;
      bob += user.equals("bob") ? tokens : 0;
      widest = Math.max(widest, Math.abs(ann - bob));
    }

    assertThat(widest).isLessThanOrEqualTo(bound);
    assertThat(ann).isGreaterThan(5 * bound);
  }

  private RouteRequest first(Map<String, ArrayDeque<RouteRequest>> waiting) {
    return waiting.values().stream()
        .min(Comparator.comparingDouble(own -> queue.rank(own.getFirst(), 0)))
        .orElseThrow()
        .removeFirst();
  }
}
