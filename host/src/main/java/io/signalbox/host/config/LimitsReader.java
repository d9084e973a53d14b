package io.signalbox.host.config;

import io.signalbox.host.config.AccessConfig.Identity;
import io.signalbox.host.config.AccessConfig.Redis;
import io.signalbox.host.config.AccessConfig.WhenAway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads limits wherever they stand, and the sections {@code limits} and {@code users}. */
record LimitsReader(ConfigProblems problems) {
  private static final int MOST = 1_000_000_000;
  private static final int MOST_USERS = 10_000_000;
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern USER = Pattern.compile("\\P{Cntrl}{1,256}");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9:._-]{1,64}");

  /** What one of a kind may take. */
  LimitsConfig limits(YamlSection section) {
    int requests = limit(section, "requests-per-minute");
    int tokens = limit(section, "tokens-per-minute");
    var limits =
        new LimitsConfig(
            requests,
            limit(section, "requests-per-second"),
            tokens,
            limit(section, "concurrency"),
            burst(section, "request-burst", "requests-per-minute", requests),
            burst(section, "token-burst", "tokens-per-minute", tokens));
    section.finish();
    return limits;
  }

  /** What comes at once is a part of what may come in a minute. */
  private int burst(YamlSection section, String key, String whole, int most) {
    int burst = limit(section, key);
    if (section.has(key) && !section.has(whole)) {
      problems.add(section.child(key), "needs " + whole);
    } else if (section.has(key) && burst > most) {
      problems.add(section.child(key), "must be at most " + whole + ", which is " + most);
    }
    return burst;
  }

  /** So many requests in each second, as one key says it; 0 or nothing: any number. */
  static Optional<LimitsConfig> perSecond(YamlSection section, String key) {
    return Optional.of(section.integer(key, 0, 0, MOST))
        .filter(requests -> requests > 0)
        .map(LimitsConfig::perSecond);
  }

  private static int limit(YamlSection section, String key) {
    return section.integer(key, LimitsConfig.UNLIMITED, 1, MOST);
  }

  /** What a model says of itself and its endpoints. */
  ModelLimits ofModel(YamlSection model) {
    return new ModelLimits(
        model.present("limits").map(this::limits),
        model.present("endpoint-limits").map(this::limits));
  }

  AccessConfig access(YamlSection section, YamlSection root) {
    var absent = AccessConfig.DEFAULT;
    var access =
        new AccessConfig(
            section.choice(
                "identity",
                absent.identity(),
                Map.of(
                    "keys", Identity.KEYS,
                    "user-header", Identity.USER_HEADER,
                    "aibrix", Identity.AIBRIX)),
            limits(section.section("user")),
            limits(section.section("model")),
            limits(section.section("endpoint")),
            section.integer("max-users", absent.maxUsers(), 1, MOST_USERS),
            section.present("redis").flatMap(this::redis),
            users(root));
    if (access.identity() == Identity.AIBRIX && !section.has("redis")) {
      problems.add(
          section.child("identity"), "aibrix needs limits.redis, where users' records are");
    }
    section.finish();
    return access;
  }

  private Optional<Redis> redis(YamlSection section) {
    section.require("server", HostAndPort.ALLOWED);
    var server = section.text("server").flatMap(text -> server(section, text));
    var absent = Redis.DEFAULT;
    var redis =
        new Redis(
            server.orElse(absent.server()),
            section.path("password-file"),
            section.integer("database", absent.database(), 0, 1_000_000),
            prefix(section, absent.prefix()),
            section.duration(
                "timeout", absent.timeout(), Duration.ofMillis(1), Duration.ofSeconds(10)),
            section.choice(
                "when-away",
                absent.whenAway(),
                Map.of(
                    "local", WhenAway.LOCAL,
                    "refuse", WhenAway.REFUSE,
                    "allow", WhenAway.ALLOW)));
    section.finish();
    return server.map(known -> redis);
  }

  private Optional<String> server(YamlSection section, String text) {
    var server = HostAndPort.parse(text, Redis.DEFAULT_PORT).map(HostAndPort::joined);
    if (server.isEmpty()) {
      problems.add(
          section.child("server"), "must be " + HostAndPort.ALLOWED + ", not \"" + text + "\"");
    }
    return server;
  }

  private String prefix(YamlSection section, String absent) {
    var prefix = section.text("prefix").orElse(absent);
    if (!PREFIX.matcher(prefix).matches()) {
      problems.add(
          section.child("prefix"),
          "must have 1 to 64 letters, digits, \":\", \"-\", \"_\" and \".\"");
    }
    return prefix;
  }

  private List<UserConfig> users(YamlSection root) {
    var users = new ArrayList<UserConfig>();
    var names = new HashSet<String>();
    var hashes = new HashSet<String>();
    for (var section : root.sections("users")) {
      section.require("name", "what the user is called");
      var name = section.text("name").orElse("");
      if (section.has("name") && !USER.matcher(name).matches()) {
        problems.add(section.child("name"), "must have 1 to 256 characters that can be printed");
      } else if (!name.isEmpty() && !names.add(name)) {
        problems.add(section.child("name"), "\"" + name + "\" is there twice");
      }
      users.add(
          new UserConfig(name, keys(section, hashes), section.present("limits").map(this::limits)));
      section.finish();
    }
    return users;
  }

  /** What is wrong with a key is told without the text: it may be a key that was not hashed. */
  private List<String> keys(YamlSection user, Set<String> known) {
    var keys = new ArrayList<String>();
    user.texts("keys")
        .forEach((path, text) -> {
          var hash = text.toLowerCase(Locale.ROOT);
          if (!HASH.matcher(text).matches()) {
            problems.add(path, "must be the SHA-256 of a key, in 64 hexadecimal digits");
          } else if (!known.add(hash)) {
            problems.add(path, "is there twice, here or with another user");
          } else {
            keys.add(hash);
          }
        });
    return keys;
  }
}
