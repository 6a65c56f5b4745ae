package io.fspf.nio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which path of the tree leads to which mount: by its text, after its {@code ".."} are taken out as
 * far as they lead into or out of a mount, and by the host's symbolic links on the way. Links in a
 * volume lead where the volume says. Thread-safe.
 */
final class Mounts implements Closeable {
  private static final int MAX_LINKS = 40;

  /** The deepest first. */
  private final List<Mount> all;

  Mounts(FileSystem platform, MountTable table) {
    this.all =
        table.entries().stream()
            .map(entry -> new Mount(entry, platform))
            .sorted(Comparator.comparingInt((Mount mount) -> mount.at().getNameCount()).reversed())
            .toList();
  }

  List<Mount> all() {
    return all;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * Where a path leads.
   *
   * @param mount what it leads to; null if past all mounts
   * @param absolute the path at or below the mount that it leads to; without a mount, itself
   */
  record Place(@Nullable Mount mount, Path absolute) {}

  /**
   * Where a path leads.
   *
   * @param follow whether a link at its end is followed
   */
  Place place(Path path, boolean follow) throws IOException {
    Path absolute = path.toAbsolutePath();
    Place byText = byText(absolute);
    return byText.mount() != null || all.isEmpty() || hasNoLinks(absolute)
        ? byText
        : followed(byText.absolute(), follow);
  }

  private @Nullable Mount mountOf(Path absolute) {
    for (Mount mount : all) {
      if (absolute.startsWith(mount.at())) {
        return mount;
      }
    }
    return null;
  }

  private Place byText(Path absolute) {
    Mount mount = mountOf(absolute);
    if (hasDotDot(absolute)) {
      // Into or out of a mount ".." leads by the text: the host has nothing to follow there.
      Path folded = absolute.normalize();
      Mount other = mountOf(folded);
      if (other != mount) {
        return new Place(other, folded);
      }
    }
    return new Place(mount, absolute);
  }

  static boolean hasDotDot(Path path) {
    for (Path name : path) {
      if (name.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** Asks the host once; nearly always that is the end of it. */
  private static boolean hasNoLinks(Path absolute) {
    try {
      return absolute.toRealPath().equals(absolute);
    } catch (IOException e) {
      return false; // A link may lead into a mount, where the host has nothing.
    }
  }

  /** Goes from name to name, since the host's own way would not notice a mount. */
  private Place followed(Path absolute, boolean follow) throws IOException {
    Deque<Path> left = new ArrayDeque<>();
    absolute.forEach(left::add);
    Path root = absolute.getRoot();
    Path real = root;
    int links = 0;
    while (!left.isEmpty()) {
      Path name = left.remove();
      if (name.toString().equals("..")) {
        Path parent = real.getParent();
        real = parent == null ? root : parent;
        continue;
      }
      Path next = real.resolve(name);
      Mount mount = mountOf(next);
      if (mount != null) {
        Path whole = next;
        for (Path rest : left) {
          whole = whole.resolve(rest);
        }
        Place inside = byText(whole);
        // By "..", the rest may lead out again, and there over further links.
        return inside.mount() != null ? inside : followed(inside.absolute(), follow);
      }
      Path target = left.isEmpty() && !follow ? null : target(next);
      if (target == null) {
        real = next;
        continue;
      }
      if (++links > MAX_LINKS) {
        break;
      }
      var names = new ArrayList<Path>();
      target.forEach(names::add);
      for (int i = names.size() - 1; i >= 0; i--) {
        left.addFirst(names.get(i));
      }
      real = target.isAbsolute() ? root : real;
    }
    // The host finds the way itself, and what is wrong with it.
    return new Place(null, absolute);
  }

  private static @Nullable Path target(Path file) throws IOException {
    try {
      boolean link =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isSymbolicLink();
      return link ? Files.readSymbolicLink(file) : null;
    } catch (FileSystemException e) {
      return null;
    }
  }

  /** The names of mounts that stand directly in a directory of the platform's. */
  List<Path> directlyIn(Path directory) throws IOException {
    Path real = directory.toRealPath();
    var names = new ArrayList<Path>();
    for (Mount mount : all) {
      if (real.equals(mount.at().getParent())) {
        names.add(mount.at().getFileName());
      }
    }
    return names;
  }

  /** Closes all volumes. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Mount mount : all) {
      try {
        mount.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
