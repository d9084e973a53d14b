package io.signalbox.benchmarks.quality;

import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.simulator.SteppedEngine;
import io.signalbox.simulator.Usage;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One chain under one traffic, from the first request to the last answer, in simulated time. The
 * same arguments have the same outcome. Confined to one thread.
 */
final class Simulation {
  /*
   * Clients, engines and the readings of metrics pages are tasks of one agenda. Between a client, the
   * router and an engine no time passes: what differs between chains is where requests go.
   *
   * An engine has one task, at the end of the step under way. What it tells while it computes is taken
   * down at once; what follows from that (the reservation ends, the client goes on) is done after it.
   */
  private static final ByteBuffer TOKEN_EVENT =
      utf8("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n");

  private final Agenda agenda = new Agenda();
  private final Traffic traffic;
  private final SimulatedRouter router;
  private final Map<RegisteredEndpoint, Engine> engines;
  private final Outcome outcome;
  private int openClients;

  /**
   * A run that is to be made.
   *
   * @param seed of what the router leaves to chance
   */
  Simulation(SimulatedFleet fleet, String chain, Traffic traffic, long seed) {
    this.traffic = traffic;
    this.router = new SimulatedRouter(agenda, fleet, chain, new SplittableRandom(seed));
    this.outcome = new Outcome(fleet.engines().size());
    var endpoints = router.endpoints();
    var numbered = new HashMap<RegisteredEndpoint, Engine>();
    for (int i = 0; i < endpoints.size(); i++) {
      numbered.put(endpoints.get(i), new Engine(i, new SteppedEngine(fleet.engines().get(i))));
    }
    this.engines = Map.copyOf(numbered);
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes the run. */
  Outcome run() {
    router.scrape(endpoint -> engine(endpoint).page());
    for (var client : traffic.clients()) {
      openClients++;
      agenda.at(client.startNanos(), new Visit(client)::goOn);
    }
    agenda.runWhile(() -> openClients > 0);
    return outcome;
  }

  private Engine engine(RegisteredEndpoint endpoint) {
    var engine = engines.get(endpoint);
    if (engine == null) {
      throw new IllegalStateException("no engine at " + endpoint.address());
    }
    return engine;
  }

  /** An engine and the task that moves it. */
  private final class Engine {
    private final int number;
    private final SteppedEngine engine;
    private long dueNanos = SteppedEngine.IDLE;

    private Engine(int number, SteppedEngine engine) {
      this.number = number;
      this.engine = engine;
    }

    private int chat(byte[] body, SteppedEngine.Listener listener) {
      int status = engine.chat(Buffer.buffer(body), listener, agenda.nowNanos());
      arm();
      return status;
    }

    private String page() {
      return engine.metricsPage(agenda.nowNanos());
    }

    private void arm() {
      if (dueNanos == SteppedEngine.IDLE && engine.deadline() != SteppedEngine.IDLE) {
        dueNanos = engine.deadline();
        agenda.at(dueNanos, this::advance);
      }
    }

    private void advance() {
      dueNanos = SteppedEngine.IDLE;
      engine.advance(agenda.nowNanos());
      arm();
    }
  }

  /** A client during the run. */
  private final class Visit {
    private final Client client;
    private final Conversation conversation = new Conversation();

    private Visit(Client client) {
      this.client = client;
    }

    private void goOn() {
      if (!client.turns().hasNext() || agenda.nowNanos() >= traffic.endNanos()) {
        openClients--;
        return;
      }
      var turn = client.turns().next();
      agenda.after(turn.pauseNanos(), () -> say(turn));
    }

    private void say(Turn turn) {
      if (agenda.nowNanos() >= traffic.endNanos()) {
        openClients--;
        return;
      }
      turn.opening()
          .ifPresent(system -> {
            conversation.clear();
            if (!system.isEmpty()) {
              conversation.add("system", system);
            }
          });
      conversation.add("user", turn.said());
      new Exchange(this).send(turn.outputTokens());
    }

    private void answered(CharSequence answer) {
      conversation.add("assistant", answer);
      goOn();
    }
  }

  /** A request and its answer. */
  private final class Exchange implements SteppedEngine.Listener {
    private final Visit visit;
    private final long sentNanos = agenda.nowNanos();
    private final StringBuilder answer = new StringBuilder();
    private @Nullable Picked picked;

    private Exchange(Visit visit) {
      this.visit = visit;
    }

    private void send(int outputTokens) {
      var body = visit.conversation.request(outputTokens).getBytes(StandardCharsets.UTF_8);
      router.route(
          body,
          Map.of("x-aibrix-session-key", visit.client.key()),
          result -> decided(result, body));
    }

    private void decided(RoutingResult result, byte[] body) {
      switch (result) {
        case Picked choice -> forward(choice, body);
        case Unrouted _ -> {
          outcome.refused();
          visit.goOn();
        }
      }
    }

    private void forward(Picked choice, byte[] body) {
      picked = choice;
      choice.degraded().ifPresent(how -> outcome.degraded());
      int status = engine(choice.endpoint()).chat(body, this);
      choice.observation().accepted(new AnswerHead(status, "text/event-stream", null));
      if (status != 200) {
        choice.observation().completed();
        choice.reservation().release();
        outcome.failed();
        visit.goOn();
      }
    }

    @Override
    public void token(String text) {
      if (answer.isEmpty()) {
        outcome.firstToken(agenda.nowNanos() - sentNanos);
      }
      answer.append(text);
      picked().observation().received(TOKEN_EVENT);
    }

    @Override
    public void finished(Usage usage) {
      agenda.after(0, () -> over(usage));
    }

    private void over(Usage usage) {
      var choice = picked();
      choice.observation().received(usageEvent(usage));
      choice.observation().completed();
      choice.reservation().release();
      outcome.answered(engine(choice.endpoint()).number, agenda.nowNanos() - sentNanos, usage);
      visit.answered(answer);
    }

    private Picked picked() {
      if (picked == null) {
        throw new IllegalStateException("an answer to what was not sent");
      }
      return picked;
    }
  }

  private static ByteBuffer usageEvent(Usage usage) {
    return utf8(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":"
            + usage.promptTokens()
            + ",\"completion_tokens\":"
            + usage.completionTokens()
            + "}}\n\n");
  }
}
