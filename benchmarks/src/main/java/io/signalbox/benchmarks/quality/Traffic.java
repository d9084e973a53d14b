package io.signalbox.benchmarks.quality;

import java.util.List;

/**
 * The same requests for every chain, as far as those depend on answers only by when they come.
 *
 * @param endNanos when nobody says anything more; what is under way is finished
 */
record Traffic(List<Client> clients, long endNanos) {
  Traffic {
    clients = List.copyOf(clients);
  }
}
