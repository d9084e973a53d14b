package io.signalbox.host.config;

import io.signalbox.host.config.DiscoveryConfig.Dns;
import io.signalbox.host.config.DiscoveryConfig.RecordType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code discovery}: where endpoints come from.
 *
 * @param engines those that models may name
 */
record DiscoveryReader(Set<String> engines, ConfigProblems problems) {
  private static final Map<String, RecordType> TYPES =
      Map.of("A", RecordType.A, "AAAA", RecordType.AAAA, "SRV", RecordType.SRV);

  DiscoveryConfig read(YamlSection section) {
    var file = section.path("file");
    var names = new ArrayList<Dns>();
    for (var name : section.sections("dns")) {
      names.add(dns(name));
    }
    var kubernetes =
        section.present("kubernetes").map(new KubernetesReader(engines, problems)::read);
    section.finish();
    return new DiscoveryConfig(file, names, kubernetes);
  }

  private Dns dns(YamlSection section) {
    section.require("model", "the name of a model");
    section.require("name", "a name to look up");
    var type = section.choice("type", RecordType.A, TYPES);
    if (type == RecordType.SRV && section.has("port")) {
      problems.add(section.child("port"), "belongs to A and AAAA: SRV records bring their own");
    }
    var dns =
        new Dns(
            section.text("model").orElse(""),
            section.text("name").orElse(""),
            type,
            section.integer("port", EndpointAddress.DEFAULT_PORT, 1, 65_535),
            section.duration(
                "interval", Dns.DEFAULT_INTERVAL, Duration.ofMillis(100), Duration.ofHours(1)),
            section.read(
                "server",
                HostAndPort.ALLOWED,
                node ->
                    YamlValues.text(node)
                        .flatMap(text -> HostAndPort.parse(text, Dns.DEFAULT_SERVER_PORT))
                        .map(HostAndPort::joined)),
            new LabelsReader(problems).read(section.section("labels")));
    section.finish();
    return dns;
  }
}
