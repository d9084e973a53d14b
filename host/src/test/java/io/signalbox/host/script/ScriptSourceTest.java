package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptSourceTest {
  private static ScriptSource source(String main, Map<String, String> files) {
    var contents = new java.util.HashMap<String, FileContent>();
    files.forEach((path, text) -> contents.put(path, FileContent.of(text)));
    return new ScriptSource("p", ScriptLanguage.PYTHON, main, contents);
  }

  @Test
  void aFileIsNamedLikeItsPlugin() {
    var source = ScriptSource.of("cheapest-queue.mjs", "x");

    assertThat(source.plugin()).isEqualTo("cheapest-queue");
    assertThat(source.language()).isEqualTo(ScriptLanguage.JAVASCRIPT);
    assertThat(ScriptSource.of("a.js", "x").language()).isEqualTo(ScriptLanguage.JAVASCRIPT);
    assertThat(ScriptSource.of("a.py", "x").language()).isEqualTo(ScriptLanguage.PYTHON);
    assertThatThrownBy(() -> ScriptSource.of("a.txt", "x")).hasMessage("not a script: a.txt");
  }

  @Test
  void differentVersionsHaveDifferentDigests() {
    var sources =
        List.of(
            source("a.py", Map.of("a.py", "1", "b.py", "2")),
            source("b.py", Map.of("a.py", "1", "b.py", "2")),
            source("a.py", Map.of("a.py", "12", "b.py", "")),
            source("a.py", Map.of("a.py", "1", "b.py2", "")),
            source("a.py", Map.of("a.py", "1")));

    assertThat(new HashSet<>(sources.stream().map(ScriptSource::digest).toList())).hasSize(5);
    assertThat(source("a.py", Map.of("b.py", "2", "a.py", "1")).digest())
        .isEqualTo(sources.getFirst().digest())
        .matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a.py", "/a.py", "a//b.py", "./a.py", "a/"})
  void pathsStayInside(String path) {
    assertThatThrownBy(() -> source("main.py", Map.of("main.py", "", path, "")))
        .hasMessage("not a path inside a plugin: \"" + path + "\"");
  }

  @Test
  void theMainFileMustBeThere() {
    assertThatThrownBy(() -> source("main.py", Map.of()))
        .hasMessage("no file \"main.py\" in plugin p");
  }

  @Test
  void aByteOrderMarkIsNoText() {
    assertThat(FileContent.of("\uFEFFx").text()).isEqualTo("x");
  }
}
