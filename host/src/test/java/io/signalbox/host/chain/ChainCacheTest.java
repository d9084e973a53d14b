package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChainCacheTest {
  private static ChainCache cache(Bench bench) {
    var plan = bench.plan("least-request");
    return new ChainCache(plan, new ChainCompiler(plan, new SplittableRandom(1), System::nanoTime));
  }

  @Test
  void spellingsOfOneChainShareTheCompiledOne() {
    var cache = cache(new Bench("a"));

    assertThat(cache.find("least-request,random"))
        .isSameAs(cache.find(" least-request , random"))
        .isSameAs(cache.find("least-request,random"));
    assertThat(cache.find(null)).isSameAs(cache.find(" ")).isSameAs(cache.find("least-request"));
  }

  @Test
  void aTextIsCompiledOnce() {
    var made = new AtomicInteger();
    var cache =
        cache(
            new Bench("a")
                .with(
                    StrategyFactory.of(
                        "counted",
                        Set.of(),
                        List.of(),
                        context -> {
                          made.incrementAndGet();
                          return Doubles.picker("", candidates -> 0).create(context);
                        })));
    for (int i = 0; i < 10; i++) {
      assertThat(cache.find("counted").text()).isEqualTo("counted");
    }

    assertThat(made).hasValue(1);
  }

  @Test
  void tenThousandHeadersLeaveItBounded() {
    var cache = cache(new Bench("a"));
    for (int i = 0; i < 10_000; i++) {
      cache.find("least-request;band=" + i + (i % 3 == 0 ? " , random" : ",random"));
      assertThat(cache.size()).isLessThanOrEqualTo(2 * ChainCache.CAPACITY);
    }
    for (int i = 0; i < 10_000; i++) {
      int length = i % 40;
      assertThatExceptionOfType(ChainException.class)
          .isThrownBy(() -> cache.find("x".repeat(length + 1)));
    }

    assertThat(cache.size()).isEqualTo(2 * ChainCache.CAPACITY);
    assertThat(cache.find(null).text()).isEqualTo("least-request");
  }
}
