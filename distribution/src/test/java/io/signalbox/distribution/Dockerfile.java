package io.signalbox.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The project's Dockerfile, as far as its kinds of instructions go. */
record Dockerfile(List<Stage> stages) {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern FROM = Pattern.compile("(\\S+) AS (\\S+)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

  record Instruction(String name, String rest) {
    /** The words of an instruction in the form of a list. */
    List<String> words() {
      return WORD.matcher(rest).results().map(word -> word.group(1)).toList();
    }
  }

  /** What is between one {@code FROM} and the next. */
  record Stage(String name, String base, List<Instruction> instructions) {
    List<Instruction> all(String name) {
      return instructions.stream().filter(one -> one.name().equals(name)).toList();
    }
  }

  static Dockerfile read() throws IOException {
    var stages = new ArrayList<Stage>();
    for (var line : Files.readAllLines(ROOT.resolve("Dockerfile"))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int space = line.indexOf(' ');
      var instruction = new Instruction(line.substring(0, space), line.substring(space + 1));
      if (instruction.name().equals("FROM")) {
        var from = FROM.matcher(instruction.rest());
        if (!from.matches()) {
          throw new IOException("not understood: " + line);
        }
        stages.add(new Stage(from.group(2), from.group(1), new ArrayList<>()));
      } else {
        stages.getLast().instructions().add(instruction);
      }
    }
    return new Dockerfile(stages);
  }

  Stage stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
  }
}
