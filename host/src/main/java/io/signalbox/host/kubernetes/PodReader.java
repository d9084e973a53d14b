package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.EndpointLabels;
import io.signalbox.host.config.KubernetesConfig.Served;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.config.PrefillDecodeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads pods by the labels and annotations of AIBrix, production-stack and llm-d, which {@code
 * docs/kubernetes.md} lists. What cannot be read is left out alone, but for the port and the model,
 * without which there is no endpoint. What is looked at here {@link WatchedFields} must take.
 *
 * @param served what pods serve that do not say it
 * @param ports where pods listen
 * @param engines those that are known
 */
record PodReader(Served served, Ports ports, Set<String> engines) {
  /** The variable of a container that says how many ports there are. */
  static final String RANKS = "data-parallel-size";

  private static final String MODEL = "model.aibrix.ai/name";
  private static final String PORT = "model.aibrix.ai/port";
  private static final String METRIC_PORT = "model.aibrix.ai/metric-port";
  private static final String ENGINE = "model.aibrix.ai/engine";
  private static final String PROFILES = "model.aibrix.ai/config";
  private static final String BOOTSTRAP_PORT = "model.aibrix.ai/sglang-bootstrap-port";
  private static final String GROUP_INDEX = "stormservice.orchestration.aibrix.ai/pod-group-index";
  private static final String RAY_NODE = "ray.io/node-type";
  private static final String SLEEPING = "sleeping";
  private static final String LLM_D_ROLE = "llm-d.ai/role";

  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_RANKS = 64;

  /** Where pods listen. */
  sealed interface Ports {
    /** Where their label says, or at {@code absent}; ranks follow each other. */
    record Labelled(int absent) implements Ports {}

    /** At these, each a rank of its own. */
    record Fixed(List<Integer> numbers) implements Ports {}
  }

  Reading<Serving> read(Pod pod) {
    var labels = orEmpty(pod.getMetadata().getLabels());
    return takesRequests(pod, labels)
        ? new Look(pod, labels, orEmpty(pod.getMetadata().getAnnotations())).read()
        : Reading.nothing();
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  /** Whether it is ready and stays so, is awake, and is not a part of another pod's engine. */
  private static boolean takesRequests(Pod pod, Map<String, String> labels) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && isReady(pod)
        && !labels.getOrDefault(SLEEPING, "").equals("true")
        && !labels.getOrDefault(RAY_NODE, "").equals("worker")
        && labels.getOrDefault(GROUP_INDEX, "0").equals("0");
  }

  private static boolean isReady(Pod pod) {
    var status = pod.getStatus();
    return status != null
        && status.getConditions() != null
        && status.getConditions().stream()
            .anyMatch(condition ->
                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  /** One look at one pod. */
  private final class Look {
    private final Pod pod;
    private final Map<String, String> labels;
    private final Map<String, String> annotations;
    private final List<String> problems = new ArrayList<>();

    Look(Pod pod, Map<String, String> labels, Map<String, String> annotations) {
      this.pod = pod;
      this.labels = labels;
      this.annotations = annotations;
    }

    Reading<Serving> read() {
      var model = model();
      var ip = ip();
      var numbers = portNumbers();
      if (model.isEmpty() || ip.isEmpty() || numbers.isEmpty()) {
        return new Reading<>(Optional.empty(), problems);
      }
      var routing = Optional.<ModelRouting>empty();
      var own = new TreeMap<>(labels);
      var profiles = annotations.get(PROFILES);
      if (profiles != null) {
        try {
          var read = ConfigReader.readPodProfiles(profiles);
          routing = Optional.of(read.routing());
          own.putAll(read.labels());
        } catch (ConfigException e) {
          e.problems().forEach(problem -> problems.add("annotation " + PROFILES + ": " + problem));
        }
      }
      return new Reading<>(
          Optional.of(
              new Serving(
                  model.get(),
                  engine(),
                  endpoints(ip.get(), numbers, own),
                  routing,
                  Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""))),
          problems);
    }

    private Optional<String> model() {
      var model = said(labels, MODEL).or(() -> said(annotations, MODEL)).or(() -> served.model());
      if (model.isEmpty()) {
        problems.add("must name its model with label or annotation " + MODEL);
      }
      return model;
    }

    /** A pod that is ready has one. */
    private Optional<String> ip() {
      var ip = Addresses.ip(pod.getStatus().getPodIP());
      if (ip.isEmpty()) {
        problems.add("has no IP address");
      }
      return ip;
    }

    private String engine() {
      var named = said(labels, ENGINE).or(() -> said(annotations, ENGINE));
      // Its metrics are those of the engine below.
      var engine = named.map(name -> name.equals("vllm-omni") ? "vllm" : name);
      if (engine.isEmpty()) {
        return served.engine();
      }
      if (!engines.contains(engine.get())) {
        problems.add(
            "label "
                + ENGINE
                + ": must be one of "
                + new TreeSet<>(engines)
                + ", not \""
                + engine.get()
                + "\"");
        return ModelConfig.DEFAULT_ENGINE;
      }
      return engine.get();
    }

    private List<Integer> portNumbers() {
      return switch (ports) {
        case Ports.Fixed(var numbers) -> numbers;
        case Ports.Labelled(int absent) -> {
          var first = said(labels, PORT).map(text -> number(PORT, text, MAX_PORT));
          if (first.isPresent() && first.get().isEmpty()) {
            yield List.of();
          }
          int port = first.map(OptionalInt::getAsInt).orElse(absent);
          yield IntStream.range(port, Math.min(port + ranks(), MAX_PORT + 1)).boxed().toList();
        }
      };
    }

    private int ranks() {
      return pod.getSpec() == null
          ? 1
          : Stream.ofNullable(pod.getSpec().getContainers())
              .flatMap(List::stream)
              .map(Look::ranksVariable)
              .flatMap(Optional::stream)
              .findFirst()
              .map(text -> number("variable " + RANKS, text, MAX_RANKS).orElse(1))
              .orElse(1);
    }

    private static Optional<String> ranksVariable(Container container) {
      return Stream.ofNullable(container.getEnv())
          .flatMap(List::stream)
          .filter(variable -> RANKS.equals(variable.getName()) && variable.getValue() != null)
          .map(variable -> variable.getValue())
          .findFirst();
    }

    /** Empty, and a problem, where it is no number from 1. */
    private OptionalInt number(String where, String text, int most) {
      int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
      if (number < 1 || number > most) {
        problems.add(where + ": must be a number from 1 to " + most + ", not \"" + text + "\"");
        return OptionalInt.empty();
      }
      return OptionalInt.of(number);
    }

    private List<EndpointAddress> endpoints(
        String ip, List<Integer> numbers, Map<String, String> own) {
      var metricPort =
          said(labels, METRIC_PORT)
              .map(text -> number(METRIC_PORT, text, MAX_PORT))
              .orElse(OptionalInt.empty());
      var name = Addresses.name(pod);
      var common = endpointLabels(own);
      return IntStream.range(0, numbers.size())
          .mapToObj(rank -> {
            int port = numbers.get(rank);
            var its = new TreeMap<>(common);
            metricPort.ifPresent(
                number -> its.put(EndpointAddress.METRICS_PORT_LABEL, Integer.toString(number)));
            if (numbers.size() > 1) {
              its.put("data-parallel-rank", Integer.toString(rank));
              // Ranks that share a page are told apart on it; else each has a page of its own.
              metricPort.ifPresent(
                  number -> its.put(EndpointAddress.RANK_LABEL, Integer.toString(rank)));
            }
            return new EndpointAddress(name + ":" + port, ip, port, its);
          })
          .toList();
    }

    /** The pod's labels that can be labels of an endpoint, and what is known beside them. */
    private Map<String, String> endpointLabels(Map<String, String> own) {
      said(annotations, BOOTSTRAP_PORT)
          .ifPresent(port -> own.put(PrefillDecodeConfig.BOOTSTRAP_PORT_LABEL, port));
      addRole(own);
      EndpointLabels.problems(own)
          .forEach((label, problem) -> {
            problems.add("label " + label + ": " + problem);
            own.remove(label);
          });
      var kept = Addresses.labels(pod);
      for (var label : own.entrySet()) {
        if (kept.size() == EndpointLabels.MOST) {
          problems.add("has more than " + EndpointLabels.MOST + " labels: the last are left out");
          break;
        }
        kept.putIfAbsent(label.getKey(), label.getValue());
      }
      return kept;
    }

    /** The roles of llm-d in the words of AIBrix; there any two pods of a model can be a pair. */
    private void addRole(Map<String, String> own) {
      switch (own.getOrDefault(LLM_D_ROLE, "")) {
        case "prefill", "decode" -> {
          own.putIfAbsent("role-name", own.get(LLM_D_ROLE));
          own.putIfAbsent("roleset-name", pod.getMetadata().getNamespace());
        }
        case "both", "prefill-decode" -> own.putIfAbsent("combined", "true");
        default -> {}
      }
    }
  }

  private static Optional<String> said(Map<String, String> map, String key) {
    return Optional.ofNullable(map.get(key)).filter(text -> !text.isBlank());
  }
}
