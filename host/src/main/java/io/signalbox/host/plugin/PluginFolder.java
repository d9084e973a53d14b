package io.signalbox.host.plugin;

import io.signalbox.host.plugin.Finding.Absent;
import io.signalbox.host.plugin.Finding.Faulty;
import io.signalbox.host.plugin.Finding.Present;
import io.signalbox.host.plugin.PluginChange.Added;
import io.signalbox.host.plugin.PluginChange.Changed;
import io.signalbox.host.plugin.PluginChange.Problem;
import io.signalbox.host.plugin.PluginChange.Removed;
import io.signalbox.host.plugin.Sighting.Refused;
import io.signalbox.host.plugin.Sighting.Sighted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The plugins folder, looked at again and again. A change counts when two looks in a row found the
 * same: between them a file may be half written, or away while its editor replaces it. How long to
 * wait between two looks is the caller's.
 *
 * <p>A file is read when its size, time or identity is another one than before, or when it was
 * written within the last seconds; otherwise a look asks for attributes alone.
 *
 * <p>Blocks; for one thread at a time.
 */
final class PluginFolder {
  private static final Finding ABSENT = new Absent();

  private final Path folder;
  private final InstantSource clock;
  private final Map<String, Tracked> tracked = new TreeMap<>();
  private Map<Object, Path> directories = Map.of();

  /** A folder of which nothing is known yet. It may not exist. */
  PluginFolder(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * What one look found.
   *
   * @param changes what counts from now on: removals first, so that a plugin under a new name finds
   *     its strategies' names free; then by name
   * @param settled whether nothing waits for a second look
   * @param directories where further changes can come from, by identity
   */
  record Look(List<PluginChange> changes, boolean settled, Map<Object, Path> directories) {}

  private static final class Tracked {
    private @Nullable Sighting sighting;
    private Finding seen = ABSENT;
    private Finding told = ABSENT;
    private boolean added;

    boolean isSettled() {
      return seen.equals(told);
    }
  }

  /** Looks once. A folder that cannot be listed leaves what is known of its plugins as it is. */
  Look look() {
    FolderScan scan;
    try {
      scan = FolderScan.of(folder);
    } catch (IOException e) {
      var problem = new Refused(PluginBounds.unreadable(folder.toString(), e));
      var changes = changes(Set.of(PluginChange.FOLDER), Map.of(PluginChange.FOLDER, problem));
      return new Look(changes, isSettled(Set.of(PluginChange.FOLDER)), directories);
    }
    directories = scan.directories();
    var names = new TreeSet<>(scan.sightings().keySet());
    names.addAll(tracked.keySet());
    var changes = changes(names, scan.sightings());
    return new Look(changes, isSettled(tracked.keySet()), directories);
  }

  private List<PluginChange> changes(Set<String> names, Map<String, ? extends Sighting> sightings) {
    var removals = new ArrayList<PluginChange>();
    var others = new ArrayList<PluginChange>();
    for (var name : names) {
      var change = change(name, sightings.get(name));
      change.ifPresent(c -> (c instanceof Removed ? removals : others).add(c));
    }
    removals.addAll(others);
    return List.copyOf(removals);
  }

  private Optional<PluginChange> change(String name, @Nullable Sighting sighting) {
    var known = tracked.computeIfAbsent(name, _ -> new Tracked());
    var found = find(name, sighting, known);
    boolean again = found.equals(known.seen);
    known.sighting = sighting;
    known.seen = found;
    if (known.isSettled()) {
      forgetIfAbsent(name, known);
      return Optional.empty();
    }
    if (!again) {
      return Optional.empty();
    }
    known.told = found;
    forgetIfAbsent(name, known);
    return Optional.of(tell(name, known));
  }

  private Finding find(String name, @Nullable Sighting sighting, Tracked known) {
    return switch (sighting) {
      case null -> ABSENT;
      case Refused refused -> new Faulty(refused.problem());
      case Sighted sighted when sighted.isBlank() -> known.told;
      case Sighted sighted when isKnown(sighted, known) -> known.seen;
      case Sighted sighted -> PluginReader.read(name, sighted);
    };
  }

  private boolean isKnown(Sighted sighted, Tracked known) {
    return known.isSettled() && sighted.equals(known.sighting) && !sighted.isFresh(clock.instant());
  }

  private void forgetIfAbsent(String name, Tracked known) {
    if (known.told instanceof Absent && known.sighting == null) {
      tracked.remove(name);
    }
  }

  private static PluginChange tell(String name, Tracked known) {
    return switch (known.told) {
      case Absent _ -> new Removed(name);
      case Faulty faulty -> new Problem(name, faulty.problem());
      case Present present when known.added -> new Changed(present.files());
      case Present present -> {
        known.added = true;
        yield new Added(present.files());
      }
    };
  }

  private boolean isSettled(Set<String> names) {
    return names.stream().map(tracked::get).allMatch(known -> known == null || known.isSettled());
  }
}
