package io.signalbox.benchmarks;

import picocli.CommandLine.Option;

/** Which requests a run is made with. */
final class ScriptChoice {
  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only requests whose name contains this, such as \"4 KiB\".")
  private String only = "";

  boolean takes(String name) {
    return name.contains(only);
  }
}
