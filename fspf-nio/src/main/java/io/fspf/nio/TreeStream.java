package io.fspf.nio;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The entries of a directory, and the mounts in it. As thread-safe as the directory's stream. */
final class TreeStream implements DirectoryStream<Path> {
  private final DirectoryStream<Path> entries;
  private final MountedPath shown;
  private final List<Path> mounts;
  private final DirectoryStream.Filter<? super Path> filter;

  /**
   * A stream.
   *
   * @param entries without the mounts, and filtered
   * @param shown the directory as the caller named it
   * @param mounts the names of the mounts in it
   */
  TreeStream(
      DirectoryStream<Path> entries,
      MountedPath shown,
      List<Path> mounts,
      DirectoryStream.Filter<? super Path> filter) {
    this.entries = entries;
    this.shown = shown;
    this.mounts = mounts;
    this.filter = filter;
  }

  static Path child(MountedPath directory, @Nullable Path name) {
    return directory.resolve(String.valueOf(name));
  }

  @Override
  public Iterator<Path> iterator() {
    Iterator<Path> first = entries.iterator();
    var rest = new ArrayList<Path>();
    for (Path mount : mounts) {
      Path entry = child(shown, mount);
      try {
        if (filter.accept(entry)) {
          rest.add(entry);
        }
      } catch (IOException e) {
        throw new DirectoryIteratorException(e);
      }
    }
    Iterator<Path> second = rest.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return first.hasNext() || second.hasNext();
      }

      @Override
      public Path next() {
        if (first.hasNext()) {
          return child(shown, first.next().getFileName());
        }
        if (second.hasNext()) {
          return second.next();
        }
        throw new NoSuchElementException();
      }
    };
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
