package io.signalbox.host.config;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model says about which chain decides its requests, and when.
 *
 * @param lockedStrategy the chain that decides whatever else is asked for
 * @param defaultProfile the profile of requests that name none, or one that does not exist
 * @param profiles by name
 * @param flowControl how its requests wait; empty: as those of other models
 */
public record ModelRouting(
    Optional<String> lockedStrategy,
    Optional<String> defaultProfile,
    SortedMap<String, Profile> profiles,
    Optional<FlowControlConfig> flowControl) {
  /** Nothing. */
  public static final ModelRouting NONE =
      new ModelRouting(Optional.empty(), Optional.empty(), new TreeMap<>());

  /** The default profile of models that name no other and have one of this name. */
  public static final String DEFAULT_PROFILE = "default";

  /** Of a model whose requests wait as those of other models. */
  public ModelRouting(
      Optional<String> lockedStrategy,
      Optional<String> defaultProfile,
      SortedMap<String, Profile> profiles) {
    this(lockedStrategy, defaultProfile, profiles, Optional.empty());
  }

  /** The same, with another's locked strategy and profiles where this has neither. */
  public ModelRouting or(ModelRouting other) {
    return lockedStrategy.isEmpty() && profiles.isEmpty()
        ? new ModelRouting(other.lockedStrategy, other.defaultProfile, other.profiles, flowControl)
        : this;
  }

  public ModelRouting {
    profiles = Collections.unmodifiableSortedMap(new TreeMap<>(profiles));
  }

  /**
   * A way to route a model that requests choose by name, or by what they are like.
   *
   * @param strategy the chain that decides; empty: as without profile
   * @param promptTokens of the requests it is for
   * @param maxTokens likewise: how long the client allows the answer to be
   * @param parameters as written, by strategy of its chain, then by name: what the chain does not
   *     say itself; where there are any and no chain, they are for the default chain
   * @param limits of its requests, over all users; empty: none
   */
  public record Profile(
      Optional<String> strategy,
      TokenRange promptTokens,
      TokenRange maxTokens,
      Map<String, Map<String, String>> parameters,
      Optional<LimitsConfig> limits) {
    public Profile {
      parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** A profile without parameters. */
    public Profile(Optional<String> strategy, TokenRange promptTokens, TokenRange maxTokens) {
      this(strategy, promptTokens, maxTokens, Map.of());
    }

    /** A profile without limits. */
    public Profile(
        Optional<String> strategy,
        TokenRange promptTokens,
        TokenRange maxTokens,
        Map<String, Map<String, String>> parameters) {
      this(strategy, promptTokens, maxTokens, parameters, Optional.empty());
    }

    /** Whether it says which requests it is for; others are chosen by name alone. */
    public boolean hasHints() {
      return hints() > 0;
    }

    /** How many bounds it names. */
    public int hints() {
      return promptTokens.bounds() + maxTokens.bounds();
    }
  }

  /**
   * Numbers of tokens.
   *
   * @param from the least; 0: any
   * @param below more than the most; {@link #UNBOUNDED}: any
   */
  public record TokenRange(int from, int below) {
    /** No upper bound. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** All numbers. */
    public static final TokenRange ALL = new TokenRange(0, UNBOUNDED);

    /** How many bounds there are. */
    public int bounds() {
      return (from > 0 ? 1 : 0) + (below < UNBOUNDED ? 1 : 0);
    }

    /** Whether a number is in the range; an unknown one ({@code NaN}) only where all are. */
    public boolean contains(double tokens) {
      return bounds() == 0 || (tokens >= from && tokens < below);
    }
  }
}
