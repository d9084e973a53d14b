package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private static final int BLOCK_TOKENS = 4;

  private final BlockCache cache = new BlockCache(8);

  @Test
  void aReleasedPromptIsFoundAgain() {
    run(prompt(1, 4)).release();

    BlockLease again = reserve(prompt(1, 4), 4);
    assertThat(again.size()).isEqualTo(4);
    assertThat(cache.free()).isEqualTo(4);
  }

  @Test
  void onlyTheCommonPrefixIsShared() {
    int[] first = IntStream.range(0, 16).toArray();
    int[] second = first.clone();
    second[9] = 99;
    run(BlockHashes.of(first, BLOCK_TOKENS)).release();

    assertThat(reserve(BlockHashes.of(second, BLOCK_TOKENS), 4).size()).isEqualTo(2);
  }

  @Test
  void sharedBlocksCountOnceAndStayUntilTheLastLeaseEnds() {
    BlockLease first = run(prompt(1, 4));
    BlockLease second = reserve(prompt(1, 4), 4);
    assertThat(cache.usageRatio()).isEqualTo(0.5);

    first.release();
    assertThat(cache.usageRatio()).isEqualTo(0.5);
    second.release();
    assertThat(cache.usageRatio()).isZero();
  }

  @Test
  void evictsTheLeastRecentlyUsedPromptFromItsEnd() {
    run(prompt(1, 4)).release();
    run(prompt(2, 4)).release();
    run(prompt(3, 2)).release();

    assertThat(hits(prompt(2, 4))).isEqualTo(4);
    assertThat(hits(prompt(1, 4))).isEqualTo(2);
  }

  @Test
  void useKeepsAPromptAlive() {
    run(prompt(1, 4)).release();
    run(prompt(2, 4)).release();
    reserve(prompt(1, 4), 4).release();
    run(prompt(3, 4)).release();

    assertThat(hits(prompt(1, 4))).isEqualTo(4);
    assertThat(hits(prompt(2, 4))).isZero();
  }

  @Test
  void blocksWithoutKnownContentAreReusedFirst() {
    run(prompt(1, 4)).release();
    BlockLease unfinished = reserve(prompt(2, 4), 4);
    unfinished.growTo(4);
    unfinished.release();
    run(prompt(3, 4)).release();

    assertThat(hits(prompt(1, 4))).isEqualTo(4);
  }

  @Test
  void promisedBlocksAreNotPromisedTwice() {
    BlockLease lease = reserve(prompt(1, 2), 6);
    assertThat(cache.usageRatio()).isZero();
    assertThat(cache.reserve(prompt(2, 3), 3, 3)).isEmpty();
    assertThat(cache.reserve(prompt(2, 2), 2, 2)).isPresent();

    lease.release();
    assertThat(cache.reserve(prompt(3, 6), 6, 6)).isPresent();
  }

  @Test
  void aFreeCachedBlockThatIsHitIsNotAlsoCountedAsRoom() {
    run(prompt(1, 4)).release();
    reserve(prompt(2, 4), 4);

    assertThat(cache.reserve(prompt(1, 4), 4, 5)).isEmpty();
    assertThat(cache.reserve(prompt(1, 4), 4, 4)).isPresent();
  }

  private BlockLease run(BlockHashes prompt) {
    BlockLease lease = reserve(prompt, prompt.fullBlocks());
    lease.growTo(prompt.fullBlocks());
    while (lease.sealed() < prompt.fullBlocks()) {
      lease.sealNext(prompt.block(lease.sealed()));
    }
    return lease;
  }

  private BlockLease reserve(BlockHashes prompt, int total) {
    return cache.reserve(prompt, prompt.fullBlocks(), total).orElseThrow();
  }

  private int hits(BlockHashes prompt) {
    BlockLease lease = reserve(prompt, prompt.fullBlocks());
    lease.release();
    return lease.size();
  }

  private static BlockHashes prompt(int salt, int blocks) {
    int[] tokens = IntStream.range(0, blocks * BLOCK_TOKENS).map(i -> i + salt * 1000).toArray();
    return BlockHashes.of(tokens, BLOCK_TOKENS);
  }
}
