package io.signalbox.host.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EngineBlocksTest {
  @Test
  void copiesAreCountedForEachTier() {
    var blocks = new EngineBlocks();
    int both = EngineBlocks.DEVICE_CHANGED | EngineBlocks.PRESENCE_CHANGED;

    assertThat(blocks.put(0, 9, CacheTier.DEVICE)).isEqualTo(both);
    assertThat(blocks.put(0, 9, CacheTier.DEVICE)).isZero();
    assertThat(blocks.put(0, 9, CacheTier.LOWER)).isZero();
    assertThat(blocks.name(0)).isEqualTo(9);
    assertThat(blocks.take(0, CacheTier.DEVICE)).isZero();
    assertThat(blocks.take(0, CacheTier.DEVICE)).isEqualTo(EngineBlocks.DEVICE_CHANGED);
    assertThat(blocks.take(0, CacheTier.DEVICE)).isZero();
    assertThat(blocks.take(0, CacheTier.LOWER)).isEqualTo(EngineBlocks.PRESENCE_CHANGED);
    assertThat(blocks.has(0)).isFalse();
    assertThat(blocks.size()).isZero();
    assertThat(blocks.take(1, CacheTier.LOWER)).isZero();
  }

  @Test
  void moreCopiesThanCanBeCountedAreMany() {
    var blocks = new EngineBlocks();
    for (int i = 0; i < 100; i++) {
      blocks.put(1, 2, CacheTier.LOWER);
    }
    for (int i = 0; i < 14; i++) {
      assertThat(blocks.take(1, CacheTier.LOWER)).isZero();
    }
    assertThat(blocks.take(1, CacheTier.LOWER)).isEqualTo(EngineBlocks.PRESENCE_CHANGED);
  }

  /** The same as a map does, whatever comes and goes; few keys, so that many share a place. */
  @Test
  void itIsAMap() {
    var random = new SplittableRandom(5);
    var blocks = new EngineBlocks();
    var plain = new HashMap<Long, Long>();
    for (int i = 0; i < 200_000; i++) {
      long key = (long) random.nextInt(3000) << 40;
      if (random.nextInt(5) < 3) {
        if (!plain.containsKey(key)) {
          blocks.put(key, key + 1, CacheTier.DEVICE);
          plain.put(key, key + 1);
        }
      } else {
        boolean known = plain.remove(key) != null;
        assertThat(blocks.take(key, CacheTier.DEVICE) != 0).isEqualTo(known);
      }
      assertThat(blocks.has(key)).isEqualTo(plain.containsKey(key));
    }
    assertThat(blocks.size()).isEqualTo(plain.size());
    plain.forEach((key, name) -> assertThat(blocks.name(key)).isEqualTo(name));
    List<Long> names = new ArrayList<>();
    blocks.forEachName(names::add);
    assertThat(names).containsExactlyInAnyOrderElementsOf(Map.copyOf(plain).values());
    blocks.clear();
    assertThat(blocks.size()).isZero();
  }
}
