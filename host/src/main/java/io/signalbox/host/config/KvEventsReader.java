package io.signalbox.host.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code kafka} and {@code zeromq}: where KV events come from. */
record KvEventsReader(ConfigProblems problems) {
  private static final int MOST_RANKS = 1024;
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Pattern BIND = Pattern.compile("|tcp://\\S+:\\d{1,5}");

  /** What the host decides itself: every replica reads everything, as bytes. */
  private static final Set<String> OURS =
      Set.of(
          "bootstrap.servers",
          "group.id",
          "key.deserializer",
          "value.deserializer",
          "key.serializer",
          "value.serializer",
          "enable.auto.commit",
          "auto.offset.reset");

  KafkaConfig kafka(YamlSection section) {
    var absent = KafkaConfig.DEFAULT;
    var servers = servers(section, absent.servers());
    var properties = section.section("properties").allScalars();
    properties.keySet().stream()
        .filter(OURS::contains)
        .forEach(name ->
            problems.add(section.child("properties") + "." + name, "is the host's to decide"));
    var kafka =
        new KafkaConfig(
            section.flag("enabled", absent.enabled()),
            servers,
            topic(section, "events-topic", absent.eventsTopic()),
            topic(section, "snapshots-topic", absent.snapshotsTopic()),
            properties);
    section.finish();
    return kafka;
  }

  private List<String> servers(YamlSection section, List<String> absent) {
    var servers = new LinkedHashSet<String>();
    var written = section.texts("servers");
    written.forEach((path, text) -> {
      var server = HostAndPort.parse(text, KafkaConfig.DEFAULT_PORT).map(HostAndPort::joined);
      if (server.isEmpty()) {
        problems.add(path, "must be " + HostAndPort.ALLOWED + ", not \"" + text + "\"");
      } else if (!servers.add(server.get())) {
        problems.add(path, "\"" + text + "\" is there twice");
      }
    });
    if (!section.has("servers")) {
      return absent;
    }
    if (written.isEmpty()) {
      problems.add(section.child("servers"), "must have at least one server");
    }
    return new ArrayList<>(servers);
  }

  private String topic(YamlSection section, String key, String absent) {
    var topic = section.text(key).orElse(absent);
    if (!TOPIC.matcher(topic).matches()) {
      problems.add(
          section.child(key), "must have 1 to 249 letters, digits, \"-\", \"_\" and \".\"");
    }
    return topic;
  }

  ZeroMqConfig zeroMq(YamlSection section) {
    var absent = ZeroMqConfig.DEFAULT;
    var zeroMq =
        new ZeroMqConfig(
            section.flag("enabled", absent.enabled()),
            section.integer("port", absent.port(), 1, 65_535),
            section.integer("replay-port", absent.replayPort(), 0, 65_535),
            section.integer("ranks", absent.ranks(), 1, MOST_RANKS),
            section.text("topic").orElse(absent.topic()),
            section.text("bind").orElse(absent.bind()));
    if (!BIND.matcher(zeroMq.bind()).matches()) {
      problems.add(
          section.child("bind"), "must be empty, or an address such as tcp://0.0.0.0:5559");
    }
    section.finish();
    return zeroMq;
  }
}
