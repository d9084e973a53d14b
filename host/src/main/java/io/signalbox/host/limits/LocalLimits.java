package io.signalbox.host.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What users, models and their profiles took in this process. Safe for any thread, without locks.
 */
final class LocalLimits {
  private final Allowances users;
  private final Allowances models;
  private final Allowances profiles;
  private final LongSupplier nanoTime;

  /**
   * Nothing was taken yet.
   *
   * @param most how many users, models and profiles, each, are remembered at a time
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  LocalLimits(int most, LongSupplier nanoTime) {
    this.users = new Allowances(most);
    this.models = new Allowances(most);
    this.profiles = new Allowances(most);
    this.nanoTime = nanoTime;
  }

  /** Takes a request and its tokens from all of these, or from none. */
  Taking take(List<Claim> claims, long tokens) {
    long now = nanoTime.getAsLong();
    var shares = new ArrayList<Share>(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      var claim = claims.get(i);
      var entered = of(claim.scope()).enter(claim.name(), now);
      if (entered == null) {
        giveBack(shares, tokens);
        return new Taking.NoRoom();
      }
      var allowance = entered.allowance();
      var shortage = allowance.take(claim.quota(), entered.count(), tokens, now);
      if (shortage != null) {
        var standing = Standing.NONE.and(claim.quota(), allowance, now);
        allowance.leave();
        giveBack(shares, tokens);
        return new Taking.TooLittle(claim, shortage, standing);
      }
      shares.add(new Share(claim, allowance));
    }
    return new Taking.Taken(shares, standing(shares, now));
  }

  private static Standing standing(List<Share> shares, long now) {
    var standing = Standing.NONE;
    for (int i = 0; i < shares.size(); i++) {
      var share = shares.get(i);
      standing = standing.and(share.claim().quota(), share.allowance(), now);
    }
    return standing;
  }

  /** As if it had not been taken. */
  void giveBack(List<Share> shares, long tokens) {
    long now = nanoTime.getAsLong();
    for (int i = 0; i < shares.size(); i++) {
      shares.get(i).giveBack(tokens, now);
    }
  }

  private Allowances of(Scope scope) {
    return switch (scope) {
      case USER -> users;
      case MODEL -> models;
      case PROFILE -> profiles;
      case ENDPOINT -> throw new IllegalArgumentException("endpoints are taken when one is chosen");
    };
  }

  /** Of how many users it is remembered what they took. */
  int users() {
    return users.size();
  }

  /** Of how many models. */
  int models() {
    return models.size();
  }

  /** Of how many profiles. */
  int profiles() {
    return profiles.size();
  }
}
