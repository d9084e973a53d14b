package io.signalbox.host.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may send requests, and how much of what: sections {@code limits} and {@code users}. What a
 * model says of itself and its endpoints stands with the model.
 *
 * @param identity how users are known
 * @param perUser for each user that has no limits of its own
 * @param perModel for each model likewise, over all users
 * @param perEndpoint for each endpoint likewise
 * @param maxUsers of how many users at a time it is remembered what they took
 * @param redis where replicas share what was taken; empty: each counts for itself
 * @param users none: whoever asks is served, and nobody is a user
 */
public record AccessConfig(
    Identity identity,
    LimitsConfig perUser,
    LimitsConfig perModel,
    LimitsConfig perEndpoint,
    int maxUsers,
    Optional<Redis> redis,
    List<UserConfig> users) {
  /** All defaults: nobody is asked, nothing is limited. */
  public static final AccessConfig DEFAULT =
      new AccessConfig(
          Identity.KEYS,
          LimitsConfig.NONE,
          LimitsConfig.NONE,
          LimitsConfig.NONE,
          100_000,
          Optional.empty(),
          List.of());

  public AccessConfig {
    users = List.copyOf(users);
  }

  /** How users are known. */
  public enum Identity {
    /** By a key that they show. */
    KEYS,
    /** By what the header {@code user} says: whoever is before us has checked it. */
    USER_HEADER,
    /**
     * Likewise, as in AIBrix: users that are not configured have records in Redis, and clients are
     * told of limits in AIBrix' headers too.
     */
    AIBRIX
  }

  /** What becomes of requests while Redis does not answer. */
  public enum WhenAway {
    /** Each replica counts for itself. */
    LOCAL,
    /** They are refused. */
    REFUSE,
    /** They are let through. */
    ALLOW
  }

  /**
   * A Redis server.
   *
   * @param server {@code host:port}
   * @param passwordFile holds the password alone; empty: it asks for none. A relative path starts
   *     at the folder of the configuration file
   * @param database its number
   * @param prefix how all our keys begin
   * @param timeout for one answer
   */
  public record Redis(
      String server,
      Optional<Path> passwordFile,
      int database,
      String prefix,
      Duration timeout,
      WhenAway whenAway) {
    /** Where servers listen that are named without a port. */
    public static final int DEFAULT_PORT = 6379;

    /** The defaults of all but the server. */
    static final Redis DEFAULT =
        new Redis("", Optional.empty(), 0, "signalbox", Duration.ofMillis(50), WhenAway.LOCAL);
  }
}
