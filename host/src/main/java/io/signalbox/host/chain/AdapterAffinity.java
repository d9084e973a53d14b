package io.signalbox.host.chain;

import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;

/**
 * {@link Signal#ADAPTER_AFFINITY}: a request names its LoRA adapter as its model. Safe for any
 * thread.
 */
public final class AdapterAffinity implements RequestSignals {
  @Override
  public void fill(Signal signal, RouteRequest request, TableCandidates candidates, double[] into) {
    for (int i = 0; i < candidates.size(); i++) {
      into[i] =
          candidates.table() instanceof ModelSnapshot snapshot
              ? snapshot.adapterAffinity(request.model(), candidates.row(i))
              : Double.NaN;
    }
  }
}
