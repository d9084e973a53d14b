package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.QueueFull;
import io.signalbox.host.chain.RoutingResult.QueueTimeout;
import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests wait for their turn, and looks whose turn it is when there may be room: an exchange
 * ended, a snapshot came, or a request left the queue. Belongs to one event loop; the queues are
 * shared by all.
 */
final class WaitingRoom implements ExchangeListener {
  private final Router router;
  private final Queues queues;
  private final Executor loop;
  private final CandidateSet candidates;

  WaitingRoom(Router router, Router.Surroundings surroundings) {
    this.router = router;
    this.queues = surroundings.shared().queues();
    this.loop = surroundings.loop();
    this.candidates =
        new CandidateSet(surroundings.shared().requestSignals(), surroundings.shared().limiter());
  }

  /** Lets a request go, wait, or be refused. */
  Pending enter(RouteRequest request, Chain chain, QueueRule rule, Consumer<RoutingResult> then) {
    var queue = queues.find(request.model(), rule);
    if (queue == null) {
      then.accept(new QueueFull(request.model(), queues.waiting(request.model())));
      return Pending.NOT_WAITING;
    }
    var waiting = new Waiting(router, queue, request, chain, then);
    var choice = candidates(waiting);
    if (choice == null) {
      router.decide(request, chain, then);
      return Pending.NOT_WAITING;
    }
    return switch (queue.arrive(waiting, choice)) {
      case GOES -> {
        go(waiting);
        yield Pending.NOT_WAITING;
      }
      case REFUSED -> {
        then.accept(new QueueFull(request.model(), queue.size()));
        yield Pending.NOT_WAITING;
      }
      case WAITS -> {
        waiting.until(router.timers().after(queue.longestWait(), () -> tooLate(waiting)));
        yield waiting;
      }
    };
  }

  /** Null where the model has no endpoints now. */
  private @Nullable Candidates candidates(Waiting waiting) {
    var request = waiting.request();
    candidates.reset(request, router.snapshot().model(request.model()).orElse(ModelSnapshot.EMPTY));
    return candidates.size() == 0 ? null : candidates;
  }

  private static void tooLate(Waiting waiting) {
    var queue = waiting.queue();
    if (queue.remove(waiting)) {
      waiting.tell(new QueueTimeout(waiting.request().model(), queue.longestWait()));
    }
  }

  /** Decides on a request that its queue let go; on the request's event loop. */
  private void go(Waiting waiting) {
    var leaving = new Leaving(waiting);
    if (waiting.isCancelled()) {
      leaving.end();
      return;
    }
    try {
      router.decide(
          waiting.request(),
          waiting.chain(),
          result -> {
            leaving.end();
            waiting.tell(result);
          });
    } catch (Throwable e) {
      leaving.end();
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

    void end() {
      if (!over) {
        over = true;
        waiting.queue().left(waiting);
        look(waiting.queue());
      }
    }
  }

  private void look(RequestQueue queue) {
    var next = queue.next(this::candidates);
    if (next != null) {
      var room = next.router().waitingRoom();
      room.loop.execute(() -> room.go(next));
    }
  }

  /** Looks into every queue. */
  void lookAll() {
    queues.forEachWaiting(this::look);
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    ended();
  }

  @Override
  public void onFailed(RouteRequest request, Endpoint endpoint) {
    ended();
  }

  @Override
  public void onCancelled(RouteRequest request, Endpoint endpoint) {
    ended();
  }

  /** Later, when the place of the exchange is free. */
  private void ended() {
    if (queues.anyWaiting()) {
      loop.execute(this::lookAll);
    }
  }
}
