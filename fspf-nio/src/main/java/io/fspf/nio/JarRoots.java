package io.fspf.nio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The roots of class path and module path entries: a directory is its own, a jar's is that of its
 * content, read by the JDK's zip file system from where the jar stands. Thread-safe.
 */
final class JarRoots implements Closeable {
  private static final Map<String, ?> MULTI_RELEASE = Map.of("releaseVersion", "runtime");

  private final List<FileSystem> jars = new ArrayList<>();

  /** The root of an entry; null if there is no such file. */
  synchronized @Nullable Path root(Path entry) throws IOException {
    if (!Presence.exists(entry)) {
      return null;
    }
    if (Presence.isDirectory(entry)) {
      return entry;
    }
    FileSystem jar = FileSystems.newFileSystem(entry, MULTI_RELEASE);
    jars.add(jar);
    return jar.getPath("/");
  }

  @Override
  public synchronized void close() throws IOException {
    IOException failure = null;
    for (FileSystem jar : jars) {
      try {
        jar.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    jars.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
