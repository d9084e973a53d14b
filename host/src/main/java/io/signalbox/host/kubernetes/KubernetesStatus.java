package io.signalbox.host.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the watching goes.
 *
 * @param watches none where no cluster is configured, or none could be begun yet
 * @param problems what the cluster says that cannot be used, and is left out
 */
public record KubernetesStatus(List<Watch> watches, List<Problem> problems) {
  /** Nothing is watched. */
  public static final KubernetesStatus NONE = new KubernetesStatus(List.of(), List.of());

  public KubernetesStatus {
    watches = List.copyOf(watches);
    problems = List.copyOf(problems);
  }

  /**
   * What one watch does.
   *
   * @param what such as {@code pods app=llama in default}
   * @param stands whether changes arrive; where not, what was known before stays
   * @param objects how many there are, whether or not they can be used
   * @param error what went wrong last, while it does not stand
   */
  public record Watch(String what, boolean stands, int objects, Optional<String> error) {}

  /**
   * One thing that cannot be used.
   *
   * @param object such as {@code pod default/llama-0}
   * @param problem what is wrong, and what is allowed
   */
  public record Problem(String object, String problem) {}

  /** The same with more that cannot be used. */
  public KubernetesStatus with(List<Problem> more) {
    var all = new ArrayList<>(problems);
    all.addAll(more);
    return new KubernetesStatus(watches, all);
  }
}
