package io.signalbox.host;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An API server that keeps objects and tells watches of them, and that can be lost. */
final class ApiServer implements AutoCloseable {
  static final String NAMESPACE = "models";

  private static final String GONE =
      """
      {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "status": "Failure",
       "reason": "Expired", "code": 410, "message": "too old resource version"}}
      """;

  /** It would tell of every request. */
  private static final Logger QUIET = Logger.getLogger(MockWebServer.class.getName());

  private final Storage storage = new Storage();
  private final KubernetesMockServer server =
      new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), storage, false);
  private final KubernetesClient client;

  ApiServer() {
    QUIET.setLevel(Level.OFF);
    server.init();
    client = server.createClient();
  }

  /** Keeps what is written, whoever can read it. */
  private static final class Storage extends KubernetesCrudDispatcher {
    private final Queue<WebSocket> watches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lists = new AtomicInteger();

    /** Then nobody can list or watch; whoever writes looks up single objects. */
    private volatile boolean away;

    private volatile boolean versionsForgotten;
    private volatile boolean refusing;

    @Override
    public MockResponse handleGet(String path) {
      if (away && path.contains("?")) {
        return new MockResponse().setResponseCode(503);
      }
      boolean isWatch = path.contains("watch=true");
      if (isWatch && refusing) {
        return new MockResponse().setResponseCode(410);
      }
      if (!isWatch) {
        versionsForgotten = false;
        refusing = false;
        lists.incrementAndGet();
      }
      return super.handleGet(path);
    }

    @Override
    public MockResponse handleWatch(String path) {
      var response = super.handleWatch(path);
      return response.withWebSocketUpgrade(new Known(response.getWebSocketListener()));
    }

    /** A watch that can be ended from here. */
    private final class Known extends WebSocketListener {
      private final WebSocketListener watch;

      Known(WebSocketListener watch) {
        this.watch = watch;
      }

      @Override
      public void onOpen(WebSocket socket, Response response) {
        watches.add(socket);
        if (away || refusing) {
          // It was let in just before that, and was not there yet to be ended.
          socket.close(1001, "going away");
        } else if (versionsForgotten) {
          socket.send(GONE);
        } else {
          watch.onOpen(socket, response);
        }
      }

      @Override
      public void onMessage(WebSocket socket, String text) {
        watch.onMessage(socket, text);
      }

      @Override
      public void onClosing(WebSocket socket, int code, String reason) {
        watches.remove(socket);
        watch.onClosing(socket, code, reason);
      }

      @Override
      public void onClosed(WebSocket socket, int code, String reason) {
        watches.remove(socket);
        watch.onClosed(socket, code, reason);
      }

      @Override
      public void onFailure(WebSocket socket, Throwable failure, Response response) {
        watches.remove(socket);
        watch.onFailure(socket, failure, response);
      }
    }
  }

  /** A file by which it is reached. */
  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: {server: "http://localhost:%d"}}]
        users: [{name: test, user: {token: t}}]
        contexts: [{name: test, context: {cluster: test, user: test, namespace: %s}}]
        """
            .formatted(server.getPort(), NAMESPACE));
  }

  /** A pod of a model that is ready at an address. */
  static Pod pod(String name, String ip, Map<String, String> labels) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("engine")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPodIP(ip)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  /** Creates objects, or replaces them. */
  void put(HasMetadata... objects) {
    for (var object : objects) {
      client.resource(object).unlock().createOr(existing -> existing.update());
    }
  }

  /** The same of an object of any kind. */
  void putYaml(String yaml) {
    var object =
        client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
    var api = object.getApiVersion().split("/", 2);
    client
        .genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup(api[0])
                .withVersion(api[1])
                .withKind(object.getKind())
                .withPlural(object.getKind().toLowerCase(Locale.ROOT) + "s")
                .withNamespaced(true)
                .build())
        .resource(object)
        .unlock()
        .createOr(existing -> existing.update());
  }

  void delete(HasMetadata object) {
    client.resource(object).delete();
  }

  /** Ends all watches; they can go on at once. */
  void endWatches() {
    storage.watches.forEach(watch -> watch.close(1001, "going away"));
  }

  /** Nobody can list or watch any more, and who watches is told nothing. */
  void lose() {
    storage.away = true;
    endWatches();
  }

  /** It is there again, and knows nothing of what changed meanwhile but what is there now. */
  void find() {
    storage.versionsForgotten = true;
    storage.away = false;
  }

  /** Ends all watches, and answers 410 to those that would go on, until somebody lists again. */
  void refuseWatches() {
    storage.refusing = true;
    endWatches();
  }

  /** Watches are told that the versions from which they went on are not known any more. */
  void forgetVersions() {
    storage.versionsForgotten = true;
    storage.watches.forEach(watch -> watch.send(GONE));
  }

  /** How often objects were listed. */
  int lists() {
    return storage.lists.get();
  }

  @Override
  public void close() {
    endWatches();
    client.close();
    server.destroy();
  }
}
