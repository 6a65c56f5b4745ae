package io.fspf.nio;

import com.google.common.collect.ImmutableMap;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads in a volume with ephemeral regions: symbolic links lead from one part into
 * another, so that no part alone could tell. Thread-safe.
 */
final class CompositePaths {
  private static final int MAX_LINKS = 40;
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};
  private static final Name DOT_DOT = Name.of("..");

  private final Volume base;
  private final ImmutableMap<VolumePath, ThrowAwayVolume> mounts;

  CompositePaths(Volume base, ImmutableMap<VolumePath, ThrowAwayVolume> mounts) {
    this.base = base;
    this.mounts = mounts;
  }

  /** A file, or a free name, without symbolic links before it. */
  record Spot(Volume part, @Nullable ThrowAwayVolume mount, VolumePath path) {
    FileAttributes distinct(FileAttributes attributes) {
      return mount == null ? attributes : mount.distinct(attributes);
    }
  }

  private Spot spot(VolumePath real) {
    ThrowAwayVolume mount = mountOf(real);
    return new Spot(mount == null ? base : mount.volume(), mount, real);
  }

  @Nullable ThrowAwayVolume mountOf(VolumePath real) {
    for (VolumePath at = real; ; at = at.parent()) {
      ThrowAwayVolume mount = mounts.get(at);
      if (mount != null || at.isRoot()) {
        return mount;
      }
    }
  }

  static boolean follows(Object... options) {
    return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  Spot resolve(VolumePath path, boolean follow) throws IOException {
    Spot direct = resolveInBase(path, follow);
    return direct != null ? direct : walk(path, follow);
  }

  /** What is nowhere near an ephemeral region needs no walk. */
  private @Nullable Spot resolveInBase(VolumePath path, boolean follow) throws IOException {
    if (path.isRoot() || path.name().equals(DOT_DOT)) {
      return null;
    }
    VolumePath real;
    try {
      real = base.toRealPath(path.parent()).resolve(path.name());
    } catch (IOException e) {
      return null; // The walk finds out why.
    }
    if (mountOf(real) != null) {
      return null;
    }
    boolean link = follow && isLink(real);
    return link ? null : new Spot(base, null, real);
  }

  private boolean isLink(VolumePath real) throws IOException {
    try {
      return base.attributes(real, NOFOLLOW).isSymbolicLink();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Spot walk(VolumePath path, boolean follow) throws IOException {
    Deque<Name> left = new ArrayDeque<>(path.names());
    VolumePath real = VolumePath.ROOT;
    int links = 0;
    while (!left.isEmpty()) {
      Name name = left.remove();
      if (name.equals(DOT_DOT)) {
        real = real.parent();
        continue;
      }
      Spot next = spot(real.resolve(name));
      FileAttributes attributes;
      try {
        attributes = next.part().attributes(next.path(), NOFOLLOW);
      } catch (NoSuchFileException e) {
        if (left.isEmpty()) {
          return next;
        }
        throw new NoSuchFileException(path.toString());
      }
      if (attributes.isSymbolicLink() && (follow || !left.isEmpty())) {
        if (++links > MAX_LINKS) {
          throw new FileSystemLoopException(path.toString());
        }
        byte[] target = next.part().readSymbolicLink(next.path());
        List<Name> names = names(target, path);
        for (int i = names.size() - 1; i >= 0; i--) {
          left.addFirst(names.get(i));
        }
        real = target.length > 0 && target[0] == '/' ? VolumePath.ROOT : real;
        continue;
      }
      if (!attributes.isDirectory() && !left.isEmpty()) {
        throw new NotDirectoryException(path.toString());
      }
      real = next.path();
    }
    return spot(real);
  }

  /** A link may hold anything, also what can name no file. */
  private static List<Name> names(byte[] target, VolumePath asked) throws FileSystemException {
    try {
      return VolumePath.ofBytes(target).names();
    } catch (IllegalArgumentException e) {
      var refusal =
          new FileSystemException(
              asked.toString(), null, "A symbolic link leads to a name that no file can have");
      refusal.initCause(e);
      throw refusal;
    }
  }
}
