package io.signalbox.host.limits;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** What runs in Redis, each at once and undivided. The files say what they take. */
enum LimitScript {
  TAKE("take.lua"),
  SETTLE("settle.lua"),
  HOLD("hold.lua");

  private final String text;
  private final String sha;

  LimitScript(String file) {
    this.text = read("/limits/" + file);
    this.sha = sha1(text);
  }

  private static String read(String resource) {
    try (var script = LimitScript.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(script, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Redis knows scripts by it. */
  private static String sha1(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java machine has SHA-1", e);
    }
  }

  /** Makes the script known to the server. */
  Request load() {
    return Request.cmd(Command.SCRIPT).arg("LOAD").arg(text);
  }

  /** The beginning of a call, to which keys and arguments are added. */
  Request call(int keys) {
    return Request.cmd(Command.EVALSHA).arg(sha).arg(keys);
  }
}
