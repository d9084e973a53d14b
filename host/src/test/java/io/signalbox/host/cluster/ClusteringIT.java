package io.signalbox.host.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.config.ClusterConfig;
import io.signalbox.host.config.HostAndPort;
import io.signalbox.host.config.ListenConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusteringIT {
  private static final String LOOPBACK = "127.0.0.1";

  private static ClusterConfig config(String host, int port, int... members) {
    return new ClusterConfig(
        new ListenConfig(true, host, port),
        Arrays.stream(members).mapToObj(member -> new HostAndPort(LOOPBACK, member)).toList());
  }

  private static Future<Vertx> build(ClusterConfig config) {
    return Clustering.build(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(1), config);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within 60 s", e);
    }
  }

  private static ServerSocket free() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void thoseThatStartAtTheSameTimeFindEachOther() throws Exception {
    int first;
    int second;
    try (var one = free();
        var two = free()) {
      first = one.getLocalPort();
      second = two.getLocalPort();
    }
    var starting =
        List.of(build(config(LOOPBACK, first, second)), build(config("localhost", second, first)));
    var members = starting.stream().map(ClusteringIT::result).toList();
    try {
      members.getFirst().eventBus().consumer("question", message -> message.reply("answer"));

      assertThat(answer(members.getLast())).isEqualTo("answer");
    } finally {
      members.forEach(member -> result(member.close()));
    }
  }

  /** Asks until somebody is there to answer. */
  private static Object answer(Vertx member) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        return result(member.eventBus().request("question", "")).body();
      } catch (ReplyException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        result(member.timer(100));
      }
    }
  }

  /** A place where no member can be, and why. */
  record Nowhere(String host, String problem) {
    @Override
    public String toString() {
      return host;
    }
  }

  static List<Nowhere> nowhere() {
    return List.of(
        new Nowhere("192.0.2.1", "Cannot assign requested address"),
        new Nowhere(
            "0.0.0.0", "the other members are told where this one is: name one address of it"),
        new Nowhere("nowhere.invalid", "nowhere.invalid"));
  }

  @ParameterizedTest
  @MethodSource("nowhere")
  void whereItCannotListenItDoesNotStart(Nowhere row) {
    assertThatThrownBy(() -> result(build(config(row.host(), 0))))
        .hasMessageStartingWith("cannot join a cluster at " + row.host() + ", port 0: ")
        .hasMessageContaining(row.problem());
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (var taken = free()) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> result(build(config(LOOPBACK, port))))
          .hasMessage(
              "cannot join a cluster at 127.0.0.1, port " + port + ": Address already in use");
    }
  }

  @Test
  void aProcessAloneNeedsNoHazelcast() throws Exception {
    var alone = new ClusterConfig(new ListenConfig(false, LOOPBACK, 0), List.of());

    result(build(alone, new WithoutHazelcast())).close();

    assertThatThrownBy(() -> build(config(LOOPBACK, 0), new WithoutHazelcast()))
        .hasRootCauseInstanceOf(ClassNotFoundException.class);
  }

  @SuppressWarnings("unchecked")
  private static Future<Vertx> build(ClusterConfig config, ClassLoader loader) throws Exception {
    var build =
        loader
            .loadClass(Clustering.class.getName())
            .getMethod("build", VertxBuilder.class, VertxOptions.class, ClusterConfig.class);
    try {
      return (Future<Vertx>) build.invoke(null, Vertx.builder(), new VertxOptions(), config);
    } catch (InvocationTargetException e) {
      throw new AssertionError(e);
    }
  }

  /** Loads the package under test itself, and finds nothing of Hazelcast. */
  private static final class WithoutHazelcast extends ClassLoader {
    WithoutHazelcast() {
      super(ClusteringIT.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.contains("hazelcast")) {
        throw new ClassNotFoundException(name);
      }
      return name.startsWith(Clustering.class.getPackageName()) && findLoadedClass(name) == null
          ? define(name)
          : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        var bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
