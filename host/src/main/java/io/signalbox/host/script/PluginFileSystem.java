package io.signalbox.host.script;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.graalvm.polyglot.io.FileSystem;

/**
 * What a script sees as the file system: the files of its own version under {@code /plugin}, the
 * modules of the host under {@code /signalbox}, and nothing else. Read only, held in memory; no
 * call reaches a disk. Immutable, safe for any thread.
 */
final class PluginFileSystem implements FileSystem {
  static final String PLUGIN = "/plugin";
  static final String SHIMS = "/signalbox";

  private final Map<Path, FileContent> files = new HashMap<>();
  private final Map<Path, Set<Path>> folders = new HashMap<>();

  /**
   * A file system of these files.
   *
   * @param shims by absolute path; they win over files of the plugin with the same path
   */
  PluginFileSystem(ScriptSource source, Map<String, FileContent> shims) {
    folders.put(Path.of("/"), new TreeSet<>());
    source.files().forEach((path, content) -> put(Path.of(PLUGIN).resolve(path), content));
    shims.forEach((path, content) -> put(Path.of(path), content));
  }

  private void put(Path path, FileContent content) {
    files.put(path, content);
    for (var child = path; child.getParent() != null; child = child.getParent()) {
      folders.computeIfAbsent(child.getParent(), _ -> new TreeSet<>()).add(child);
    }
  }

  /** Whether the path is that of a file or folder of this file system. */
  boolean has(Path path) {
    var at = toAbsolutePath(path);
    return files.containsKey(at) || folders.containsKey(at);
  }

  @Override
  public Path parsePath(URI uri) {
    return Path.of(uri);
  }

  @Override
  public Path parsePath(String path) {
    return Path.of(path);
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return Path.of(PLUGIN).resolve(path).normalize();
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return existing(path);
  }

  private Path existing(Path path) throws IOException {
    if (!has(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return toAbsolutePath(path);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options)
      throws IOException {
    var at = existing(path);
    if (modes.contains(AccessMode.WRITE) || modes.contains(AccessMode.EXECUTE)) {
      throw denied(at);
    }
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    throw denied(path);
  }

  @Override
  public void delete(Path path) throws IOException {
    throw denied(path);
  }

  private static AccessDeniedException denied(Path path) {
    return new AccessDeniedException(
        path.toString(), null, "scripts may only read their own files");
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    for (var option : options) {
      if (option != StandardOpenOption.READ && !(option instanceof LinkOption)) {
        throw denied(path);
      }
    }
    var content = files.get(existing(path));
    if (content == null) {
      throw denied(path);
    }
    return new Channel(ByteBuffer.wrap(content.bytes()));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    var children = folders.get(existing(path));
    if (children == null) {
      throw new NotDirectoryException(path.toString());
    }
    var accepted = new TreeSet<Path>();
    for (var child : children) {
      if (filter.accept(child)) {
        accepted.add(child);
      }
    }
    return new Listing(accepted);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    var at = existing(path);
    var content = files.get(at);
    var epoch = FileTime.fromMillis(0);
    var all = new HashMap<String, Object>();
    all.put("isRegularFile", content != null);
    all.put("isDirectory", content == null);
    all.put("isSymbolicLink", false);
    all.put("isOther", false);
    all.put("size", content == null ? 0L : (long) content.size());
    all.put("lastModifiedTime", epoch);
    all.put("lastAccessTime", epoch);
    all.put("creationTime", epoch);
    if (names.startsWith("unix:") || names.startsWith("posix:")) {
      all.put("mode", content == null ? 0040555 : 0100444);
      all.put("ino", (long) at.hashCode());
      all.put("dev", 0L);
      all.put("nlink", 1);
      all.put("uid", 0);
      all.put("gid", 0);
      all.put("ctime", epoch);
    }
    var wanted = names.substring(names.indexOf(':') + 1);
    if (!wanted.equals("*")) {
      all.keySet().retainAll(Set.of(wanted.split(",")));
    }
    return all;
  }

  private record Listing(Set<Path> paths) implements DirectoryStream<Path> {
    @Override
    public java.util.Iterator<Path> iterator() {
      return paths.iterator();
    }

    @Override
    public void close() {}
  }

  /** Reads bytes in memory. */
  private static final class Channel implements SeekableByteChannel {
    private final ByteBuffer bytes;
    private boolean open = true;

    Channel(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer into) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(into.remaining(), bytes.remaining());
      into.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new NonWritableChannelException();
    }

    @Override
    public long position() {
      return bytes.position();
    }

    @Override
    public SeekableByteChannel position(long position) {
      bytes.position((int) Math.min(Math.max(position, 0), bytes.limit()));
      return this;
    }

    @Override
    public long size() {
      return bytes.limit();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
