package io.signalbox.host.limits;

import io.signalbox.host.config.AccessConfig.WhenAway;
import io.signalbox.host.limits.AdmissionResult.Admitted;
import io.signalbox.host.limits.AdmissionResult.Refused;
import io.signalbox.host.limits.Taking.NoRoom;
import io.signalbox.host.limits.Taking.Taken;
import io.signalbox.host.limits.Taking.TooLittle;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the limits: counted here first, then, where limits are shared, in
 * Redis. Belongs to the event loop of the request.
 */
final class Admitting {
  private final Limiter.Surroundings surroundings;
  private final LocalLimits local;
  private final Refusals refusals;
  private final Executor loop;
  private final Consumer<AdmissionResult> then;

  /**
   * A request that nothing was taken for yet.
   *
   * @param loop runs tasks on the event loop of the request
   */
  Admitting(
      Limiter.Surroundings surroundings,
      LocalLimits local,
      Refusals refusals,
      Executor loop,
      Consumer<AdmissionResult> then) {
    this.surroundings = surroundings;
    this.local = local;
    this.refusals = refusals;
    this.loop = loop;
    this.then = then;
  }

  /** Takes what the request is expected to need of all these, or refuses it. */
  void take(List<Claim> claims, Estimate estimate) {
    var shared = surroundings.shared();
    if (claims.isEmpty()) {
      then.accept(new Admitted(Admission.NONE));
    } else if (shared == null) {
      takeHere(claims, estimate, null);
    } else if (!shared.isAway()) {
      takeHere(claims, estimate, shared);
    } else {
      switch (shared.whenAway()) {
        case LOCAL -> takeHere(claims, estimate, null);
        case REFUSE -> then.accept(new Refused(refusals.away()));
        case ALLOW -> then.accept(new Admitted(Admission.NONE));
      }
    }
  }

  /**
   * Counts here.
   *
   * @param further where it is counted then; null where that is all
   */
  private void takeHere(List<Claim> claims, Estimate estimate, @Nullable SharedLimits further) {
    switch (local.take(claims, estimate.total())) {
      case TooLittle(var claim, var shortage, var standing) ->
          refuse(claim, shortage, estimate, standing);
      case NoRoom() -> then.accept(new Refused(Refusals.tooManyUsers()));
      case Taken taken -> {
        if (further == null) {
          admit(taken, taken.standing(), estimate, null);
        } else {
          further
              .take(claims, estimate.total())
              .onSuccess(answer -> loop.execute(() -> answered(taken, answer, estimate)))
              .onFailure(
                  cause -> loop.execute(() -> unanswered(taken, estimate, further.whenAway())));
        }
      }
    }
  }

  private void answered(Taken taken, SharedAnswer answer, Estimate estimate) {
    switch (answer) {
      case SharedAnswer.Granted(var share, var standing) -> admit(taken, standing, estimate, share);
      case SharedAnswer.Denied(var claim, var shortage, var standing) -> {
        local.giveBack(taken.shares(), estimate.total());
        refuse(claim, shortage, estimate, standing);
      }
    }
  }

  private void unanswered(Taken taken, Estimate estimate, WhenAway whenAway) {
    switch (whenAway) {
      case LOCAL, ALLOW -> admit(taken, taken.standing(), estimate, null);
      case REFUSE -> {
        local.giveBack(taken.shares(), estimate.total());
        then.accept(new Refused(refusals.away()));
      }
    }
  }

  private void admit(
      Taken taken, Standing standing, Estimate estimate, @Nullable SharedShare share) {
    then.accept(
        new Admitted(
            new Admission(taken.shares(), estimate, surroundings.nanoTime(), standing, share)));
  }

  private void refuse(Claim claim, Shortage shortage, Estimate estimate, Standing standing) {
    surroundings.metrics().refused(claim.scope().id(), shortage.limit().id());
    then.accept(new Refused(refusals.limited(claim, shortage, estimate.total(), standing)));
  }
}
