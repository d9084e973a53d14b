package io.signalbox.host.strategy;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RequestRefusedException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question to a strategy that lives elsewhere, and its answer.
 *
 * <p>Who answers writes what belongs to the strategy's kind, {@link #scores}, {@link #keep} or
 * {@link #pick(int)}, on whatever thread, and then calls {@link #answered}, {@link #passed}, {@link
 * #refused} or {@link #failed} on the event loop that asked. Only the first of these calls does
 * anything.
 */
public final class StageCall {
  /** What became of a call. */
  public enum State {
    /** No answer yet. */
    OPEN,
    /** The answer is there. */
    ANSWERED,
    /** The strategy takes no part in this decision, as the operator wants it. */
    PASSED,
    /** The strategy wants the request refused, as {@link #refusal} says. */
    REFUSED,
    /** There is no answer, and {@link #problem} says why. */
    FAILED,
    /** The deadline passed first. */
    LATE
  }

  private final StageQuestion question;
  private final Consumer<StageCall> then;
  private final double[] scores;
  private final boolean[] keep;
  private int pick = Picker.NO_CHOICE;
  private State state = State.OPEN;
  private String problem = "";
  private @Nullable RequestRefusedException refusal;
  private @Nullable Consumer<Endpoint> follower;

  /**
   * A call that nobody answered yet.
   *
   * @param then told once, on the asking event loop, when the state is no longer {@link State#OPEN}
   */
  public StageCall(StrategyKind kind, StageQuestion question, Consumer<StageCall> then) {
    int size = question.candidates().size();
    this.question = question;
    this.then = then;
    this.scores = new double[kind == StrategyKind.SCORER ? size : 0];
    this.keep = new boolean[kind == StrategyKind.FILTER ? size : 0];
    Arrays.fill(scores, Double.NaN);
  }

  /** What is asked. */
  public StageQuestion question() {
    return question;
  }

  /** Of a scorer: one score for each candidate, {@code NaN} for unknown, as it is at first. */
  public double[] scores() {
    return scores;
  }

  /** Of a filter: who stays; nobody at first. */
  public boolean[] keep() {
    return keep;
  }

  /** Of a picker: the index of the candidate it chose, or {@link Picker#NO_CHOICE}, as at first. */
  public int pick() {
    return pick;
  }

  /** Of a picker: writes the choice. */
  public void pick(int index) {
    pick = index;
  }

  /** What became of the call. */
  public State state() {
    return state;
  }

  /** What the client is told; null unless {@link State#REFUSED}. */
  public @Nullable RequestRefusedException refusal() {
    return refusal;
  }

  /** What went wrong, for logs; empty unless {@link State#FAILED}. */
  public String problem() {
    return problem;
  }

  /**
   * Wants to know which endpoint is chosen in the end, by whatever stage; to be said before the
   * call ends. Nobody is told where the request is refused.
   *
   * @param listener called on the event loop that asked
   */
  public void follow(Consumer<Endpoint> listener) {
    follower = listener;
  }

  /** Whether somebody wants to know what is chosen. */
  public boolean isFollowed() {
    return follower != null;
  }

  /** Tells who wants to know. */
  public void chosen(Endpoint endpoint) {
    if (follower != null) {
      follower.accept(endpoint);
    }
  }

  /** The answer is written. */
  public void answered() {
    end(State.ANSWERED);
  }

  /** There will be no answer, and that is as it should be. */
  public void passed() {
    end(State.PASSED);
  }

  /** The request is to be refused. */
  public void refused(RequestRefusedException why) {
    if (state == State.OPEN) {
      refusal = why;
      end(State.REFUSED);
    }
  }

  /** There will be no answer. */
  public void failed(String why) {
    if (state == State.OPEN) {
      problem = why;
      end(State.FAILED);
    }
  }

  /** Nobody waits for the answer any more. */
  public void late() {
    end(State.LATE);
  }

  private void end(State end) {
    if (state == State.OPEN) {
      state = end;
      then.accept(this);
    }
  }
}
