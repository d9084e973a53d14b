package io.signalbox.host.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The modules every script can import, as they lie beside this class on the class path. */
final class ShimFiles {
  private static final String PYTHON = "python/";

  private ShimFiles() {}

  /** Python modules by path below their folder; read once. */
  static Map<String, FileContent> python() {
    return Python.FILES;
  }

  /** One text beside this class. */
  static String text(String name) {
    try (var in = ShimFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + name);
      }
      return FileContent.of(in.readAllBytes()).text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Python {
    static final Map<String, FileContent> FILES = Map.copyOf(read());

    private static Map<String, FileContent> read() {
      var marker = ShimFiles.class.getResource(PYTHON + "signalbox.py");
      if (marker == null) {
        throw new IllegalStateException("not on the class path: " + PYTHON);
      }
      try {
        return marker.getProtocol().equals("jar") ? readJar(marker) : readFolder(marker);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Map<String, FileContent> readFolder(URL marker)
        throws IOException, URISyntaxException {
      var folder = Path.of(marker.toURI()).resolveSibling(".").normalize();
      var files = new TreeMap<String, FileContent>();
      try (var paths = Files.walk(folder)) {
        for (var path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
          var name = folder.relativize(path).toString().replace('\\', '/');
          files.put(name, FileContent.of(Files.readAllBytes(path)));
        }
      }
      return files;
    }

    private static Map<String, FileContent> readJar(URL marker) throws IOException {
      var connection = (JarURLConnection) marker.openConnection();
      var entry = connection.getEntryName();
      var prefix = entry.substring(0, entry.lastIndexOf('/') + 1);
      var files = new TreeMap<String, FileContent>();
      connection.setUseCaches(false);
      try (var jar = connection.getJarFile()) {
        for (var file : (Iterable<java.util.jar.JarEntry>) jar.stream()::iterator) {
          if (!file.isDirectory() && file.getName().startsWith(prefix)) {
            try (InputStream in = jar.getInputStream(file)) {
              files.put(
                  file.getName().substring(prefix.length()), FileContent.of(in.readAllBytes()));
            }
          }
        }
      }
      return files;
    }
  }
}
