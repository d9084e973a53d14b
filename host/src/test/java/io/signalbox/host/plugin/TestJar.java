package io.signalbox.host.plugin;

import io.signalbox.sdk.StrategyFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.slf4j.Logger;

/** Compiles classes, each of them a strategy factory, and puts them into a jar. */
final class TestJar {
  private static final Pattern CLASS = Pattern.compile("class (\\w+)");
  private static final JavaCompiler JAVAC =
      Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests run on a JDK");

  private final Path folder;
  private UnaryOperator<byte[]> compiled = UnaryOperator.identity();

  TestJar(Path folder) {
    this.folder = folder;
  }

  /** Does this to each class file. */
  TestJar compiled(UnaryOperator<byte[]> change) {
    compiled = change;
    return this;
  }

  /** A jar {@code made.jar} of these sources, each that of one class that is a service. */
  PluginFiles.Jar of(String... sources) throws IOException {
    var classes = Files.createTempDirectory(folder, "classes");
    compile(classes, sources);
    var services = Stream.of(sources).map(TestJar::className).collect(Collectors.joining("\n"));
    return of(classes, services);
  }

  private PluginFiles.Jar of(Path classes, String services) throws IOException {
    var jar = folder.resolve("made.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.list(classes)) {
      for (var file : files.toList()) {
        add(out, classes.relativize(file).toString(), compiled.apply(Files.readAllBytes(file)));
      }
      if (!services.isEmpty()) {
        add(out, JarPlugin.SERVICE, services.getBytes(StandardCharsets.UTF_8));
      }
    }
    return files(jar);
  }

  /** The jar as the plugins folder would show it. */
  static PluginFiles.Jar files(Path jar) throws IOException {
    var digest = PluginFiles.sha256().digest(Files.readAllBytes(jar));
    return new PluginFiles.Jar("made", jar, HexFormat.of().formatHex(digest));
  }

  private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }

  private static String className(String source) {
    var matcher = CLASS.matcher(source);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no class in: " + source);
    }
    return matcher.group(1);
  }

  private static void compile(Path classes, String... sources) {
    if (sources.length == 0) {
      return;
    }
    var options = List.of("-d", classes.toString(), "-cp", classPath(), "-proc:none");
    var units = new ArrayList<JavaFileObject>();
    for (var source : sources) {
      units.add(new Source(className(source), source));
    }
    var task = JAVAC.getTask(null, null, null, options, null, units);
    if (!task.call()) {
      throw new IllegalArgumentException("does not compile: " + String.join("\n", sources));
    }
  }

  private static String classPath() {
    return Stream.of(StrategyFactory.class, JarPlugin.class, Logger.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())).toString())
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = "import io.signalbox.sdk.*;\nimport java.util.*;\n" + text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
