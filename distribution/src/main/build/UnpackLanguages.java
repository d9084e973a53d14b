import java.io.IOException;
import java.nio.file.Path;
import org.graalvm.polyglot.Engine;

/** Run from its source, with the host's libraries. */
void main(String[] arguments) throws IOException {
  if (!Engine.copyResources(Path.of(arguments[0]))) {
    throw new IOException("nothing was unpacked into " + arguments[0]);
  }
}
