package io.signalbox.host.chain;

import io.signalbox.host.chain.RequestQueue.Arrival;
import io.signalbox.host.chain.RoutingResult.Displaced;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.QueueFull;
import io.signalbox.host.chain.RoutingResult.QueueTimeout;
import io.signalbox.host.chain.WaitingLine.Served;
import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests wait for their turn, and looks whose turn it is when there may be room: an exchange
 * ended, a snapshot came, or a request left the queue. Belongs to one event loop; the queues are
 * shared by all.
 */
final class WaitingRoom implements ExchangeListener {
  private static final int FIRST_ERROR_STATUS = 400;

  private final Router router;
  private final Queues queues;
  private final Executor loop;
  private final CandidateSet candidates;

  /** Requests that were decided, until their exchanges are over. */
  private final IdentityHashMap<RouteRequest, Waiting> decided = new IdentityHashMap<>();

  WaitingRoom(Router router, Router.Surroundings surroundings) {
    this.router = router;
    this.queues = surroundings.shared().queues();
    this.loop = surroundings.loop();
    this.candidates = new CandidateSet(surroundings.shared().requestSignals());
  }

  /** Lets a request go, wait, or be refused. */
  Pending enter(
      RouteRequest request, ChosenChain chosen, QueueRule rule, Consumer<RoutingResult> then) {
    var model = request.model();
    var queue = queues.find(model, rule);
    if (queue == null) {
      then.accept(new QueueFull(model, queues.waiting(model), RequestQueue.SHORTEST_RETRY));
      return Pending.NOT_WAITING;
    }
    var waiting = new Waiting(router, queue, request, chosen, then);
    var choice = candidates(waiting);
    if (choice == null) {
      router.decide(request, chosen, then);
      return Pending.NOT_WAITING;
    }
    return switch (queue.arrive(waiting, choice)) {
      case Arrival.Goes _ -> {
        go(waiting);
        yield Pending.NOT_WAITING;
      }
      case Arrival.Refused _ -> {
        then.accept(new QueueFull(model, queue.size(), queue.retryAfter()));
        yield Pending.NOT_WAITING;
      }
      case Arrival.Waits(boolean first, var displaced) -> {
        displaced.ifPresent(WaitingRoom::tellDisplaced);
        waiting.until(router.timers().after(waiting.longestWait(), () -> tooLate(waiting)));
        if (first) {
          // Whoever made room before this was in the queue found nobody to give it to.
          look(queue);
        }
        yield waiting;
      }
    };
  }

  /** Null where the model has no endpoints now. */
  private @Nullable CandidateSet candidates(Waiting waiting) {
    var request = waiting.request();
    candidates.reset(request, router.snapshot().model(request.model()).orElse(ModelSnapshot.EMPTY));
    return candidates.size() == 0 ? null : candidates;
  }

  /** On its own event loop; its client may go away before it is told. */
  private static void tellDisplaced(Waiting displaced) {
    displaced
        .router()
        .waitingRoom()
        .loop
        .execute(() -> {
          if (!displaced.isCancelled()) {
            var queue = displaced.queue();
            displaced.tell(new Displaced(displaced.request().model(), queue.retryAfter()));
          }
        });
  }

  private static void tooLate(Waiting waiting) {
    var queue = waiting.queue();
    if (queue.remove(waiting, Outcome.EXPIRED)) {
      waiting.tell(
          new QueueTimeout(waiting.request().model(), waiting.longestWait(), queue.retryAfter()));
    }
  }

  /** Decides on a request that its queue let go; on the request's event loop. */
  private void go(Waiting waiting) {
    var leaving = new Leaving(waiting);
    if (waiting.isCancelled()) {
      leaving.end(false);
      return;
    }
    try {
      router.decide(
          waiting.request(),
          waiting.chosen(),
          result -> {
            leaving.end(result instanceof Picked);
            waiting.tell(result);
          });
    } catch (Throwable e) {
      leaving.end(false);
      throw e;
    }
  }

  /** Says once that a request left its queue, and looks for the next. */
  private final class Leaving {
    private final Waiting waiting;
    private boolean over;

    Leaving(Waiting waiting) {
      this.waiting = waiting;
    }

    /** An exchange begins, or it does not. */
    void end(boolean begins) {
      if (over) {
        return;
      }
      over = true;
      var queue = waiting.queue();
      queue.left(waiting);
      if (begins) {
        decided.put(waiting.request(), waiting);
      } else {
        queue.ended(waiting, Served.NOTHING);
      }
      look(queue);
    }
  }

  private void look(RequestQueue queue) {
    for (var next = queue.next(this::candidates);
        next != null;
        next = queue.next(this::candidates)) {
      var going = next;
      var room = going.router().waitingRoom();
      room.loop.execute(() -> room.go(going));
    }
  }

  /** Looks into every queue. */
  void lookAll() {
    queues.forEachWaiting(this::look);
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    var served = new Served(completion.promptTokens(), completion.outputTokens());
    boolean unused =
        completion.status() >= FIRST_ERROR_STATUS
            && Double.isNaN(served.promptTokens())
            && Double.isNaN(served.outputTokens());
    ended(request, unused ? Served.NOTHING : served);
  }

  @Override
  public void onFailed(RouteRequest request, Endpoint endpoint) {
    ended(request, Served.NOTHING);
  }

  /** It counts as expected, or leaving early would be free. */
  @Override
  public void onCancelled(RouteRequest request, Endpoint endpoint) {
    ended(request, Served.UNKNOWN);
  }

  private void ended(RouteRequest request, Served served) {
    var waiting = decided.remove(request);
    if (waiting != null) {
      waiting.queue().ended(waiting, served);
    }
    if (!queues.isEmpty()) {
      // Later, when the place of the exchange is free.
      loop.execute(this::lookAll);
    }
  }
}
