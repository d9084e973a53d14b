package io.signalbox.host.limits;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.AccessConfig.WhenAway;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.limits.AdmissionResult.Refused;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.telemetry.LimitMetrics;
import io.signalbox.sdk.RouteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows users, and admits requests by the limits of users, models and endpoints. One for all event
 * loops; {@link #apply} by one thread at a time, all else from any.
 */
public final class Limiter {
  /*
   * What is taken is always counted here. Where replicas share limits it is counted in Redis too, in
   * one round trip, once there is enough here: what this replica took is part of what all took, so a
   * request that finds too little here need not ask, and when Redis goes away what this replica took
   * is known.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Limiter.class);

  /** Reading the prompt of a larger body is not for an event loop. */
  private static final int LARGEST_READ_INLINE = 256 * 1024;

  /** Addresses that are remembered at a time. */
  private static final int MOST_ENDPOINTS = 100_000;

  private static final Identity UNASKED = new Identity.Unasked();
  private static final String USER_HEADER = "user";
  private static final int LONGEST_USER = 256;

  private final Surroundings surroundings;
  private final LocalLimits local;
  private final Allowances endpoints;
  private volatile Plan plan = Plan.NONE;

  /**
   * What limits are counted with.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   * @param workers runs what takes too long for an event loop
   * @param shared where limits are shared with replicas; null where they are not
   */
  public record Surroundings(
      LongSupplier nanoTime,
      Executor workers,
      LimitMetrics metrics,
      @Nullable SharedLimits shared) {}

  /**
   * Limits nothing yet.
   *
   * @param maxUsers of how many users at a time it is remembered what they took
   */
  public Limiter(int maxUsers, Surroundings surroundings) {
    this.surroundings = surroundings;
    this.local = new LocalLimits(maxUsers, surroundings.nanoTime());
    this.endpoints = new Allowances(MOST_ENDPOINTS);
    var metrics = surroundings.metrics();
    metrics.followCounted(Scope.USER.id(), local::users);
    metrics.followCounted(Scope.MODEL.id(), local::models);
    metrics.followCounted(Scope.PROFILE.id(), local::profiles);
    metrics.followCounted(Scope.ENDPOINT.id(), endpoints::size);
  }

  /** Limits nothing, and asks nobody. */
  public static Limiter none() {
    return new Limiter(
        1,
        new Surroundings(
            System::nanoTime, Runnable::run, new LimitMetrics(new CompositeMeterRegistry()), null));
  }

  /** Takes another configuration into use; what was taken stays taken. */
  public void apply(AccessConfig access, List<ModelConfig> models) {
    plan = Plan.of(access, models);
  }

  /** Who sends a request with these headers. */
  public Identity identify(RequestHeaders headers) {
    var current = plan;
    if (!current.asks()) {
      return UNASKED;
    }
    return switch (current.identity()) {
      case KEYS -> byKey(current, headers);
      case USER_HEADER, AIBRIX -> byHeader(current, headers);
    };
  }

  private static Identity byKey(Plan plan, RequestHeaders headers) {
    var credentials = Credentials.of(headers);
    if (credentials == null) {
      return new Identity.Stranger(Refusals.noKey());
    }
    var owner = plan.keys().owner(credentials.key());
    return owner == null
        ? new Identity.Stranger(Refusals.unknownKey())
        : new Identity.Known(owner, Optional.of(credentials.header()));
  }

  private static Identity byHeader(Plan plan, RequestHeaders headers) {
    var named = headers.first(USER_HEADER);
    if (named == null || named.isBlank()) {
      return new Identity.Anonymous();
    }
    return named.length() > LONGEST_USER
        ? new Identity.Stranger(new Refusals(plan.identity()).unknownUser())
        : new Identity.Known(named.strip(), Optional.empty());
  }

  /** Whether requests for a model have to be admitted. */
  public boolean limits(String model) {
    var current = plan;
    return current.limitsUsers()
        || current.model(model).limitsAnything()
        || current.limitsProfiles(model)
        || current.endpointOf(model).limitsTokens();
  }

  /** The limits of a model's endpoints; null where they have none. */
  public @Nullable EndpointLimits endpoints(String model) {
    var quota = plan.endpointOf(model);
    return quota.limitsAnything()
        ? new EndpointLimits(quota, endpoints, surroundings.nanoTime())
        : null;
  }

  /**
   * Admits a request of the user that it has, or refuses it.
   *
   * @param profile of its model, by whose limits it goes too; empty where it has none
   * @param loop runs tasks on the caller's event loop
   * @param then told once, on this event loop: before this returns, or later where somebody else
   *     has to be asked. An admission is then to be ended
   */
  public void admit(
      RouteRequest request,
      Optional<String> profile,
      Executor loop,
      Consumer<AdmissionResult> then) {
    var asking = new Asking(plan, request, profile, loop, then);
    if (request.body().remaining() > LARGEST_READ_INLINE && countsTokens(asking)) {
      surroundings
          .workers()
          .execute(() -> {
            readPrompt(request);
            loop.execute(() -> identified(asking));
          });
    } else {
      identified(asking);
    }
  }

  /** One request, and by which plan it goes. */
  private record Asking(
      Plan plan,
      RouteRequest request,
      Optional<String> profile,
      Executor loop,
      Consumer<AdmissionResult> then) {
    Refusals refusals() {
      return new Refusals(plan.identity());
    }

    void refuse(Refusal refusal) {
      then.accept(new Refused(refusal));
    }

    /** Whatever goes wrong in a step, the request gets its answer. */
    void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.error("a request could not be admitted", e);
        refuse(Refusal.internalError());
      }
    }
  }

  /** The request remembers it. What cannot be read now cannot be read later, which is told then. */
  private static void readPrompt(RouteRequest request) {
    try {
      var _ = request.promptTokens();
    } catch (RuntimeException e) {
      LOG.debug("a prompt cannot be read", e);
    }
  }

  private static boolean countsTokens(Asking asking) {
    var plan = asking.plan();
    var model = asking.request().model();
    return plan.countsUsers()
        || plan.model(model).limitsTokens()
        || plan.limitsProfiles(model)
        || plan.endpointOf(model).limitsTokens();
  }

  private void identified(Asking asking) {
    asking.guarded(() -> {
      var plan = asking.plan();
      var user = plan.asks() ? asking.request().user() : null;
      var quota = user == null ? null : plan.user(user);
      if (user == null) {
        take(asking, null);
      } else if (quota == null && plan.identity() == AccessConfig.Identity.AIBRIX) {
        askForRecord(asking, user);
      } else {
        take(asking, claim(user, quota == null ? plan.anyUser() : quota));
      }
    });
  }

  private void askForRecord(Asking asking, String user) {
    var shared = surroundings.shared();
    if (shared == null) {
      asking.refuse(asking.refusals().unknownUser());
      return;
    }
    shared
        .users()
        .find(user)
        .onComplete(found ->
            asking
                .loop()
                .execute(() ->
                    asking.guarded(() -> {
                      if (found.succeeded() && found.result().isEmpty()) {
                        asking.refuse(asking.refusals().unknownUser());
                      } else if (found.failed() && shared.whenAway() == WhenAway.REFUSE) {
                        asking.refuse(asking.refusals().away());
                      } else {
                        var any = asking.plan().anyUser();
                        take(
                            asking,
                            claim(user, found.succeeded() ? found.result().orElse(any) : any));
                      }
                    })));
  }

  private static Claim claim(String user, Quota quota) {
    return new Claim(Scope.USER, user, quota);
  }

  private void take(Asking asking, @Nullable Claim user) {
    var claims = new ArrayList<Claim>(3);
    if (user != null) {
      add(user, claims);
    }
    var plan = asking.plan();
    var model = asking.request().model();
    add(new Claim(Scope.MODEL, model, plan.model(model)), claims);
    if (asking.profile().isPresent()) {
      var name = asking.profile().get();
      var quota = plan.profile(model, name);
      if (quota != null) {
        add(new Claim(Scope.PROFILE, name + " of model " + model, quota), claims);
      }
    }
    new Admitting(surroundings, local, asking.refusals(), asking.loop(), asking.then())
        .take(claims, countTokens(claims) ? Estimate.of(asking.request()) : Estimate.NONE);
  }

  private static void add(Claim claim, List<Claim> to) {
    if (claim.quota().limitsAnything()) {
      to.add(claim);
    }
  }

  private static boolean countTokens(List<Claim> claims) {
    for (int i = 0; i < claims.size(); i++) {
      if (claims.get(i).quota().limitsTokens()) {
        return true;
      }
    }
    return false;
  }
}
