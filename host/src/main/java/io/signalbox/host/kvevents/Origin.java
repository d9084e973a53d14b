package io.signalbox.host.kvevents;

/**
 * Who publishes.
 *
 * @param address of the endpoint, as {@code ip:port}
 * @param rank which of the publishers at that endpoint, from 0 on: the data-parallel rank
 */
record Origin(String address, int rank) {
  @Override
  public String toString() {
    return rank == 0 ? address : address + " rank " + rank;
  }
}
