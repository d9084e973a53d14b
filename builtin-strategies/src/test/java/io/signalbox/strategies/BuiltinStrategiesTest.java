package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.StrategyFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuiltinStrategiesTest {
  @Test
  void idsAreUniqueKebabCaseAndInAlphabeticalOrder() {
    var ids = BuiltinStrategies.create().stream().map(StrategyFactory::id).toList();

    assertThat(ids)
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    assertThat(ids).contains("least-kv-cache", "least-request", "random", "round-robin");
  }

  @Test
  void eachWorksWithItsDefaults() {
    assertThat(BuiltinStrategies.create())
        .allSatisfy(factory -> assertThat(Columns.create(factory, Map.of())).isNotNull());
  }
}
