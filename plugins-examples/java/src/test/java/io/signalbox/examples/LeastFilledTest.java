package io.signalbox.examples;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.signalbox.sdk.StrategyFactory;
import io.signalbox.testkit.PluginTestKit;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LeastFilledTest {
  @TestFactory
  Stream<DynamicTest> answersAsItsCasesSay() {
    return PluginTestKit.of(LeastFilledFactory::new)
        .run(Path.of("..", "cases", "least-filled.json"));
  }

  @Test
  void theHostFindsIt() {
    var found = ServiceLoader.load(StrategyFactory.class).findFirst().orElseThrow();

    assertInstanceOf(LeastFilledFactory.class, found);
  }
}
