package io.fspf.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Listing directories. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is what is checked.
final class DirectoryChecks {
  private DirectoryChecks() {}

  static List<Check> all() {
    return new Checks("directory")
        .add(
            "entries have paths that begin as the directory's",
            dir -> {
              Checks.file(dir, "a", "x");
              Files.createDirectory(dir.resolve("b"));
              try (var entries = Files.newDirectoryStream(dir)) {
                assertThat(entries).containsExactlyInAnyOrder(dir.resolve("a"), dir.resolve("b"));
              }
            })
        .add(
            "globs and filters choose",
            dir -> {
              for (String name : List.of("a.txt", "b.txt", "c.dat")) {
                Checks.file(dir, name, "x");
              }
              try (var entries = Files.newDirectoryStream(dir, "*.{txt,md}")) {
                assertThat(entries).hasSize(2);
              }
              try (var entries = Files.newDirectoryStream(dir, entry -> entry.endsWith("c.dat"))) {
                assertThat(entries).containsExactly(dir.resolve("c.dat"));
              }
            })
        .add(
            "a filter's failure comes out of the iterator",
            dir -> {
              Checks.file(dir, "a", "x");
              DirectoryStream.Filter<Path> failing =
                  entry -> {
                    throw new IOException("filter");
                  };
              try (var entries = Files.newDirectoryStream(dir, failing)) {
                assertThatThrownBy(() -> entries.iterator().hasNext())
                    .isInstanceOf(DirectoryIteratorException.class)
                    .hasRootCauseMessage("filter");
              }
            })
        .add(
            "there is one iterator, and none when it is closed",
            dir -> {
              var entries = Files.newDirectoryStream(dir);
              Iterator<Path> iterator = entries.iterator();
              assertThat(iterator.hasNext()).isFalse();
              assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
              assertThatThrownBy(entries::iterator).isInstanceOf(IllegalStateException.class);
              entries.close();
              entries.close();
              var closed = Files.newDirectoryStream(dir);
              closed.close();
              assertThatThrownBy(closed::iterator).isInstanceOf(IllegalStateException.class);
            })
        .add(
            "after closing the iterator is at its end",
            dir -> {
              for (int i = 0; i < 10; i++) {
                Checks.file(dir, "f" + i, "x");
              }
              var entries = Files.newDirectoryStream(dir);
              Iterator<Path> iterator = entries.iterator();
              iterator.next();
              entries.close();
              int left = 0;
              while (iterator.hasNext()) {
                iterator.next();
                left++;
              }
              assertThat(left).isLessThanOrEqualTo(1);
            })
        .add(
            "entries cannot be removed by the iterator",
            dir -> {
              Checks.file(dir, "a", "x");
              try (var entries = Files.newDirectoryStream(dir)) {
                Iterator<Path> iterator = entries.iterator();
                iterator.next();
                assertThatThrownBy(iterator::remove)
                    .isInstanceOf(UnsupportedOperationException.class);
              }
            })
        .add(
            "what is missing or no directory is not listed",
            dir -> {
              assertThatThrownBy(() -> Files.newDirectoryStream(dir.resolve("none")))
                  .isInstanceOf(NoSuchFileException.class);
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.newDirectoryStream(file))
                  .isInstanceOf(NotDirectoryException.class);
            })
        .add(
            "a directory is listed through a link",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              Checks.file(dir, "d/f", "x");
              Path link = Files.createSymbolicLink(dir.resolve("l"), dir.resolve("d"));
              try (var entries = Files.newDirectoryStream(link)) {
                assertThat(entries).containsExactly(link.resolve("f"));
              }
            })
        .add(
            "2,000 entries are all there",
            dir -> {
              for (int i = 0; i < 2000; i++) {
                Files.createFile(dir.resolve("f" + i));
              }
              assertThat(Checks.names(dir)).hasSize(2000).doesNotHaveDuplicates();
            })
        .add(
            "entries can be deleted while they are listed",
            dir -> {
              for (int i = 0; i < 100; i++) {
                Files.createFile(dir.resolve("f" + i));
              }
              try (var entries = Files.newDirectoryStream(dir)) {
                for (Path entry : entries) {
                  Files.delete(entry);
                }
              }
              assertThat(dir).isEmptyDirectory();
            })
        .add(
            "walk and find go through the tree",
            dir -> {
              Files.createDirectories(dir.resolve("a/b/c"));
              Checks.file(dir, "a/b/f", "x");
              try (var all = Files.walk(dir)) {
                assertThat(all.count()).isEqualTo(5);
              }
              try (var files =
                  Files.find(dir, 9, (path, attributes) -> attributes.isRegularFile())) {
                assertThat(files).containsExactly(dir.resolve("a/b/f"));
              }
              try (var list = Files.list(dir)) {
                assertThat(list).containsExactly(dir.resolve("a"));
              }
            })
        .add(
            "walkFileTree visits before and after, and finds loops",
            dir -> {
              Files.createDirectories(dir.resolve("a/b"));
              Files.createSymbolicLink(dir.resolve("a/b/up"), dir.resolve("a"));
              var seen = new ArrayList<String>();
              Files.walkFileTree(
                  dir,
                  java.util.EnumSet.of(java.nio.file.FileVisitOption.FOLLOW_LINKS),
                  9,
                  new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                        Path path, BasicFileAttributes attributes) {
                      seen.add("+" + path.getFileName());
                      return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException failure) {
                      seen.add(failure.getClass().getSimpleName());
                      return FileVisitResult.CONTINUE;
                    }
                  });
              assertThat(seen)
                  .containsExactly("+" + dir.getFileName(), "+a", "+b", "FileSystemLoopException");
            })
        .list();
  }
}
