package io.signalbox.host.cases;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.List;

/** The endpoints of a case, and which of them are still in play. Immutable. */
public final class CaseCandidates implements TableCandidates {
  private final List<CaseEndpoint> endpoints;
  private final List<Integer> rows;
  private final List<String> written;

  private final EndpointTable table =
      new EndpointTable() {
        @Override
        public int size() {
          return endpoints.size();
        }

        @Override
        public Endpoint endpoint(int row) {
          return endpoints.get(row);
        }

        @Override
        public double value(Signal signal, int row) {
          return endpoints.get(row).value(signal);
        }
      };

  /**
   * Candidates.
   *
   * @param endpoints in address order
   * @param rows which of them are candidates, ascending
   * @param written the addresses of the candidates in the order of the file
   */
  CaseCandidates(List<CaseEndpoint> endpoints, List<Integer> rows, List<String> written) {
    this.endpoints = List.copyOf(endpoints);
    this.rows = List.copyOf(rows);
    this.written = List.copyOf(written);
  }

  @Override
  public EndpointTable table() {
    return table;
  }

  @Override
  public int row(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public Endpoint endpoint(int index) {
    return endpoints.get(rows.get(index));
  }

  @Override
  public double[] column(Signal signal) {
    return rows.stream().mapToDouble(row -> endpoints.get(row).value(signal)).toArray();
  }

  /** The addresses of the candidates in the order of the file. */
  List<String> written() {
    return written;
  }

  /** The index of the candidate with an address; -1 where there is none. */
  int indexOf(String address) {
    for (int i = 0; i < size(); i++) {
      if (endpoint(i).address().equals(address)) {
        return i;
      }
    }
    return -1;
  }
}
