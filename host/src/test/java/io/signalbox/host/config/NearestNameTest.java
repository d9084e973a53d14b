package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NearestNameTest {
  private static final List<String> KNOWN =
      List.of("gateway", "models", "routing", "scrape-interval", "max-body-size");

  record Row(String name, String nearest) {
    @Override
    public String toString() {
      return name.isEmpty() ? "nothing" : name;
    }
  }

  static List<Row> near() {
    return List.of(
        new Row("gatway", "gateway"),
        new Row("gatewayy", "gateway"),
        new Row("gatewya", "gateway"),
        new Row("model", "models"),
        new Row("rooting", "routing"),
        new Row("scrape_interval", "scrape-interval"),
        new Row("scrapeInterval", "scrape-interval"),
        new Row("gateway", "gateway"));
  }

  @ParameterizedTest
  @MethodSource("near")
  void theNearestIsProposed(Row row) {
    assertThat(NearestName.hint(row.name(), KNOWN))
        .isEqualTo(", did you mean \"" + row.nearest() + "\"?");
  }

  static List<Row> far() {
    return List.of(
        new Row("", ""), new Row("limits", ""), new Row("plugins", ""), new Row("x", ""));
  }

  @ParameterizedTest
  @MethodSource("far")
  void nothingIsProposedForWhatIsNothingLikeIt(Row row) {
    assertThat(NearestName.hint(row.name(), KNOWN)).isEmpty();
    assertThat(NearestName.hint(row.name(), List.of())).isEmpty();
  }
}
