package io.signalbox.host;

import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.discovery.Found;
import io.signalbox.host.kubernetes.KubernetesStatus.Problem;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found of the routing of models, as far as chains can be made of it: of a model whose
 * routing cannot be used, what was used before stays. {@link #problems} is for any thread, all else
 * for one at a time.
 */
final class FoundRouting {
  private static final Logger LOG = LoggerFactory.getLogger(FoundRouting.class);

  private SortedMap<String, ModelRouting> wanted = new TreeMap<>();
  private Map<String, Integer> priorities = Map.of();
  private SortedMap<String, ModelRouting> used = new TreeMap<>();
  private volatile List<Problem> problems = List.of();

  /** Whether anything but endpoints is other than when it was used last. */
  boolean isOther(Found found) {
    return !found.routing().equals(wanted) || !found.priorities().equals(priorities);
  }

  /** A configuration with what was found beside it. */
  LoadedConfiguration addTo(LoadedConfiguration written, Found found) {
    wanted = found.routing();
    priorities = found.priorities();
    var refused = new TreeMap<String, String>();
    var next = new TreeMap<>(wanted);
    var loaded = written.with(next, priorities, refused::putIfAbsent);
    var again = refused.keySet();
    // First what was used before, which another change may have made impossible; then nothing.
    for (var stays : List.of(used, new TreeMap<String, ModelRouting>())) {
      if (again.isEmpty()) {
        break;
      }
      again.forEach(model -> replace(next, model, stays));
      var still = new TreeMap<String, String>();
      loaded = written.with(next, priorities, still::putIfAbsent);
      again = still.keySet();
    }
    used = next;
    tell(refused);
    return loaded;
  }

  private static void replace(
      Map<String, ModelRouting> routing, String model, Map<String, ModelRouting> by) {
    var before = by.get(model);
    if (before == null) {
      routing.remove(model);
    } else {
      routing.put(model, before);
    }
  }

  private void tell(Map<String, String> refused) {
    var now =
        refused.entrySet().stream()
            .map(entry -> new Problem("model " + entry.getKey(), entry.getValue()))
            .toList();
    if (!now.isEmpty() && !now.equals(problems)) {
      LOG.warn("profiles that were found are not used, those before stay: {}", now);
    }
    problems = now;
  }

  /** Why the routing of models is not used. */
  List<Problem> problems() {
    return problems;
  }
}
