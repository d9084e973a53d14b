package io.signalbox.host.script;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/** For scripts that were granted files: the plugin's own, and beside them those of the machine. */
final class GrantedFileSystem implements FileSystem {
  private final PluginFileSystem plugin;
  private final FileSystem machine = FileSystem.newDefaultFileSystem();

  GrantedFileSystem(PluginFileSystem plugin) {
    this.plugin = plugin;
  }

  private FileSystem of(Path path) {
    return plugin.has(path) && path.getNameCount() > 0 ? plugin : machine;
  }

  @Override
  public Path parsePath(URI uri) {
    return plugin.parsePath(uri);
  }

  @Override
  public Path parsePath(String path) {
    return plugin.parsePath(path);
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return plugin.toAbsolutePath(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return of(path).toRealPath(toAbsolutePath(path), options);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options)
      throws IOException {
    of(path).checkAccess(toAbsolutePath(path), modes, options);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    of(path).createDirectory(toAbsolutePath(path), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    of(path).delete(toAbsolutePath(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return of(path).newByteChannel(toAbsolutePath(path), options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return of(path).newDirectoryStream(toAbsolutePath(path), filter);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return of(path).readAttributes(toAbsolutePath(path), names, options);
  }
}
