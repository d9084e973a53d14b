package io.signalbox.benchmarks;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An API server in this process, with pods that are replaced one by one. Each has a port of its own
 * on loopback, of twice as many as there are pods: a port comes back only after a while.
 */
final class ChangingPods implements AutoCloseable {
  static final String MODEL = "bench-model";
  static final String MODEL_LABEL = "model.aibrix.ai/name";

  private static final String NAMESPACE = "bench";

  /** It would tell of every request. */
  private static final Logger QUIET = Logger.getLogger(MockWebServer.class.getName());

  private final int firstPort;
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(),
          false);
  private final KubernetesClient client;
  private final ArrayDeque<Pod> pods = new ArrayDeque<>();
  private final AtomicInteger changes = new AtomicInteger();

  /** When the pod of a port ended; 0 while there is one. */
  private final AtomicLongArray endedNanos;

  private int next;

  ChangingPods(int firstPort, int count) {
    QUIET.setLevel(Level.OFF);
    this.firstPort = firstPort;
    this.endedNanos = new AtomicLongArray(2 * count);
    server.init();
    client = server.createClient();
    for (int i = 0; i < count; i++) {
      begin();
    }
  }

  /** A file by which the server is reached. */
  Path kubeconfig() {
    return Path.of(
            Workspace.write(
                "kubeconfig-",
                """
                apiVersion: v1
                kind: Config
                current-context: bench
                clusters: [{name: bench, cluster: {server: "http://localhost:%d"}}]
                users: [{name: bench, user: {token: t}}]
                contexts: [{name: bench, context: {cluster: bench, user: bench, namespace: %s}}]
                """
                    .formatted(server.getPort(), NAMESPACE)))
        .toAbsolutePath();
  }

  private void begin() {
    int slot = next++ % endedNanos.length();
    endedNanos.set(slot, 0);
    var pod = pod("pod-" + next, firstPort + slot);
    client.resource(pod).create();
    pods.add(pod);
    changes.incrementAndGet();
  }

  /** The oldest ends, and another begins. */
  void replaceOne() {
    var oldest = pods.remove();
    client.resource(oldest).delete();
    int port = Integer.parseInt(oldest.getMetadata().getLabels().get("model.aibrix.ai/port"));
    endedNanos.set(port - firstPort, System.nanoTime());
    changes.incrementAndGet();
    begin();
  }

  /** How many changes there were. */
  int changes() {
    return changes.get();
  }

  /** How long before this time the pod at a port had ended; 0 where it had not. */
  long goneNanos(int port, long nanos) {
    long ended = endedNanos.get(port - firstPort);
    return ended == 0 ? 0 : Math.max(0, nanos - ended);
  }

  /** As large as what a cluster says of one, about. */
  private static Pod pod(String name, int port) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(name)
            .addToLabels(MODEL_LABEL, MODEL)
            .addToLabels("model.aibrix.ai/port", Integer.toString(port))
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .withPodIP("127.0.0.1")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus();
    for (int container = 0; container < 3; container++) {
      var built = pod.editSpec().addNewContainer().withName("c" + container);
      for (int variable = 0; variable < 40; variable++) {
        built =
            built
                .addNewEnv()
                .withName("VARIABLE_" + variable)
                .withValue("a value of the length that values have")
                .endEnv();
      }
      pod = built.endContainer().endSpec();
    }
    return pod.build();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
