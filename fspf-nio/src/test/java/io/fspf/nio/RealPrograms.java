package io.fspf.nio;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What programs do that copy trees. */
final class RealPrograms {
  /** Larger files are left out, since they only take time; so are links that leave the tree. */
  private static final long MOST_BYTES = 20 << 20;

  private RealPrograms() {}

  /**
   * The outcome of a copy.
   *
   * @param files how many files and links there were
   * @param digest of all relative names, kinds, times, modes and contents
   */
  record TreeCopy(int files, String digest) {
    /** Copies trees with all attributes, until there are enough files. */
    static TreeCopy copy(List<Path> sources, Path target, int most) throws IOException {
      Files.createDirectories(target);
      var seen = new TreeMap<String, String>();
      for (Path source : sources) {
        // Several sources each get a directory; a single one becomes the target.
        Path place = sources.size() == 1 ? target : target.resolve("" + source.getFileName());
        Files.walkFileTree(source, new Copier(source, place, target, most, seen));
      }
      MessageDigest digest = sha256();
      seen.forEach(
          (name, what) ->
              digest.update(
                  (name + "\n" + what + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      return new TreeCopy(seen.size(), HexFormat.of().formatHex(digest.digest()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Copier extends SimpleFileVisitor<Path> {
    private final Path source;
    private final Path place;
    private final Path target;
    private final int most;
    private final Map<String, String> seen;

    Copier(Path source, Path place, Path target, int most, Map<String, String> seen) {
      this.source = source;
      this.place = place;
      this.target = target;
      this.most = most;
      this.seen = seen;
    }

    private Path to(Path path) {
      return place.resolve(source.relativize(path).toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
        throws IOException {
      Files.createDirectories(to(path));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      if (seen.size() >= most) {
        return FileVisitResult.TERMINATE;
      }
      boolean leaves = attributes.isSymbolicLink() && Files.readSymbolicLink(path).isAbsolute();
      if (leaves || attributes.size() > MOST_BYTES) {
        return FileVisitResult.CONTINUE;
      }
      Path copy = to(path);
      if (attributes.isSymbolicLink()) {
        // Between two providers the JDK copies no links.
        String held = Files.readSymbolicLink(path).toString();
        Files.createSymbolicLink(copy, copy.getFileSystem().getPath(held));
      } else {
        Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
      String what =
          attributes.isSymbolicLink()
              ? "link " + Files.readSymbolicLink(path)
              : "file "
                  + attributes.lastModifiedTime()
                  + HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(path)));
      if (!attributes.isSymbolicLink()
          && !Files.getLastModifiedTime(copy).equals(attributes.lastModifiedTime())) {
        throw new IOException("Another time: " + copy);
      }
      seen.put(target.relativize(copy).toString(), what);
      return FileVisitResult.CONTINUE;
    }
  }
}
