package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/security.md} claims is shown by tests that are there. */
class SecurityPageTest {
  private static final Markdown PAGE = Markdown.page("docs/security.md");
  private static final Pattern TEST = Pattern.compile("[A-Z][A-Za-z0-9]*(?:Test|IT)");

  private static Set<String> tests() throws IOException {
    try (var files = Files.walk(Markdown.ROOT)) {
      return files
          .filter(file -> file.toString().contains("/src/test/java/"))
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .filter(name -> TEST.matcher(name).matches())
          .collect(Collectors.toSet());
    }
  }

  @Test
  void everyClaimNamesTestsThatAreThere() throws IOException {
    var tests = tests();
    var claims = PAGE.section("What stops what").rows();

    assertThat(claims)
        .hasSizeGreaterThan(25)
        .allSatisfy(claim -> {
          assertThat(claim).hasSize(2);
          assertThat(tests).containsAll(List.of(claim.getLast().split(", ", -1)));
        });
  }

  @Test
  void everyTestThatTheTextNamesIsThere() throws IOException {
    var named = new TreeSet<String>();
    Pattern.compile("`(" + TEST + ")`")
        .matcher(String.join("\n", PAGE.lines()))
        .results()
        .forEach(found -> named.add(found.group(1)));

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(tests()).containsAll(named);
  }
}
