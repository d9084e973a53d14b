package io.signalbox.host;

/** What a host's page {@code /metrics} says. */
record MetersPage(Client admin) {
  /** The values of the series whose names begin so and whose labels contain {@code labels}. */
  double sum(String name, String labels) {
    return admin
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
