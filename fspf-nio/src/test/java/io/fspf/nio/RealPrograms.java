package io.fspf.nio;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What programs do that copy trees. */
final class RealPrograms {
  private RealPrograms() {}

  /** Copies a tree with all attributes, by {@code walkFileTree} and {@code copy} alone. */
  static void copyTree(Path source, Path target) throws IOException {
    Files.walkFileTree(source, new Copier(source, target));
  }

  /**
   * What a program can tell of a tree's files but for their contents: by their relative names,
   * their kinds, sizes, modes, owners, times and link targets.
   */
  static Map<String, String> described(Path tree) throws IOException {
    var seen = new TreeMap<String, String>();
    try (var all = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        var unix =
            Files.readAttributes(
                path,
                "unix:mode,uid,gid,isSymbolicLink,isDirectory,size,lastModifiedTime",
                LinkOption.NOFOLLOW_LINKS);
        var told = new TreeMap<String, Object>(unix);
        if (Boolean.TRUE.equals(unix.get("isSymbolicLink"))) {
          told.put("target", Files.readSymbolicLink(path).toString());
          told.remove("lastModifiedTime"); // copy does not set it, in the JDK either.
        }
        if (Boolean.TRUE.equals(unix.get("isDirectory"))) {
          told.remove("size");
        }
        seen.put(tree.relativize(path).toString(), told.toString());
      }
    }
    return seen;
  }

  /** The first file whose content differs; null if none does. */
  static @org.jspecify.annotations.Nullable Path firstDifference(Path one, Path other)
      throws IOException {
    try (var all = Files.walk(one)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            && Files.mismatch(path, other.resolve(one.relativize(path).toString())) >= 0) {
          return path;
        }
      }
    }
    return null;
  }

  /** Deletes a tree. */
  static void deleteTree(Path tree) throws IOException {
    try (var all = Files.walk(tree)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static final class Copier extends SimpleFileVisitor<Path> {
    private final Path source;
    private final Path target;

    Copier(Path source, Path target) {
      this.source = source;
      this.target = target;
    }

    private Path to(Path path) {
      return target.resolve(source.relativize(path).toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
        throws IOException {
      Files.createDirectories(to(path));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      Path copy = to(path);
      if (attributes.isSymbolicLink()) {
        // Between two providers the JDK copies no links.
        String held = Files.readSymbolicLink(path).toString();
        Files.createSymbolicLink(copy, copy.getFileSystem().getPath(held));
        copyOwner(path, copy);
      } else {
        Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
        copyPermissions(path, copy);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path path, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      copyPermissions(path, to(path));
      Files.setLastModifiedTime(to(path), Files.getLastModifiedTime(path));
      return FileVisitResult.CONTINUE;
    }

    /** Between two providers the JDK copies times only. */
    private static void copyPermissions(Path from, Path to) throws IOException {
      copyOwner(from, to);
      Objects.requireNonNull(Files.getFileAttributeView(to, PosixFileAttributeView.class))
          .setPermissions(Files.getPosixFilePermissions(from));
    }

    private static void copyOwner(Path from, Path to) throws IOException {
      for (String name : new String[] {"unix:uid", "unix:gid"}) {
        Object owner = Files.getAttribute(from, name, LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(Files.getAttribute(to, name, LinkOption.NOFOLLOW_LINKS))) {
          Files.setAttribute(to, name, owner, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }
}
