package io.fspf.nio.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Trees as programs go through them, and what they keep in files. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class WalkChecks {
  private WalkChecks() {}

  static List<Check> all() {
    var checks = new Checks("walk");
    walks(checks);
    archives(checks);
    return checks.list();
  }

  private static void tree(Path dir) throws IOException {
    Files.createDirectories(dir.resolve("a/b/c"));
    Files.createDirectories(dir.resolve("d"));
    Checks.file(dir, "a/1", "x");
    Checks.file(dir, "a/b/2", "x");
    Checks.file(dir, "a/b/c/3", "x");
    Checks.file(dir, "d/4", "x");
    Files.createSymbolicLink(dir.resolve("a/up"), dir.getFileSystem().getPath(".."));
    Files.createSymbolicLink(dir.resolve("d/none"), dir.getFileSystem().getPath("nothing"));
  }

  private static List<String> below(Path dir, List<Path> paths) {
    return paths.stream().map(path -> dir.relativize(path).toString()).sorted().toList();
  }

  private static void walks(Checks checks) {
    checks
        .add(
            "a walk ends at its depth",
            dir -> {
              tree(dir);
              try (var all = Files.walk(dir, 2)) {
                assertThat(below(dir, all.toList()))
                    .containsExactly("", "a", "a/1", "a/b", "a/up", "d", "d/4", "d/none");
              }
              try (var only = Files.walk(dir, 0)) {
                assertThat(only).containsExactly(dir);
              }
              try (var found =
                  Files.find(dir, 9, (path, attributes) -> attributes.isSymbolicLink())) {
                assertThat(below(dir, found.toList())).containsExactly("a/up", "d/none");
              }
            })
        .add(
            "a walk that follows links tells of a loop, and of links to nothing as links",
            dir -> {
              tree(dir);
              assertThatThrownBy(
                      () -> {
                        try (var all = Files.walk(dir, FileVisitOption.FOLLOW_LINKS)) {
                          all.forEach(path -> {});
                        }
                      })
                  .hasCauseInstanceOf(java.nio.file.FileSystemLoopException.class);
              try (var all = Files.walk(dir.resolve("d"), FileVisitOption.FOLLOW_LINKS)) {
                assertThat(all).hasSize(3);
              }
            })
        .add(
            "a visitor skips subtrees and siblings, and ends the walk",
            dir -> {
              tree(dir);
              var seen = new ArrayList<String>();
              Files.walkFileTree(
                  dir,
                  EnumSet.noneOf(FileVisitOption.class),
                  Integer.MAX_VALUE,
                  new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes seen) {
                      return path.endsWith("b")
                          ? FileVisitResult.SKIP_SUBTREE
                          : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                      seen.add(dir.relativize(path).toString());
                      return path.endsWith("4")
                          ? FileVisitResult.SKIP_SIBLINGS
                          : FileVisitResult.CONTINUE;
                    }
                  });
              assertThat(seen).contains("a/1", "a/up", "d/4").doesNotContain("a/b/2", "a/b/c/3");
            })
        .add(
            "a tree is deleted by a visitor",
            dir -> {
              tree(dir);
              Path top = dir.resolve("a");
              Files.walkFileTree(
                  top,
                  new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes seen)
                        throws IOException {
                      Files.delete(path);
                      return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path path, IOException failure)
                        throws IOException {
                      Files.delete(path);
                      return FileVisitResult.CONTINUE;
                    }
                  });
              assertThat(Files.exists(top)).isFalse();
            })
        .add(
            "a directory is listed under the name it was given, with its links",
            dir -> {
              tree(dir);
              Path given = dir.resolve("a/../d");
              try (var entries = Files.list(given)) {
                assertThat(entries)
                    .containsExactlyInAnyOrder(given.resolve("4"), given.resolve("none"));
              }
              assertThatThrownBy(() -> Files.list(dir.resolve("none")))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "globs of a directory choose by classes, groups and ranges",
            dir -> {
              for (String name : List.of("a1", "a2", "b1", "a-", "a", "[x]", "x{y", ".h")) {
                Checks.file(dir, name, "");
              }
              Map<String, Set<String>> expected =
                  Map.of(
                      "a?", Set.of("a1", "a2", "a-"),
                      "[a-b]1", Set.of("a1", "b1"),
                      "[!a]*", Set.of("b1", "[x]", "x{y", ".h"),
                      "{a,b}1", Set.of("a1", "b1"),
                      "\\[*", Set.of("[x]"),
                      "x\\{y", Set.of("x{y"),
                      "a[-]", Set.of("a-"),
                      "**", Set.of("a1", "a2", "b1", "a-", "a", "[x]", "x{y", ".h"));
              for (var one : expected.entrySet()) {
                try (var entries = Files.newDirectoryStream(dir, one.getKey())) {
                  var names = new ArrayList<String>();
                  entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
                  assertThat(names)
                      .as(one.getKey())
                      .containsExactlyInAnyOrderElementsOf(one.getValue());
                }
              }
            });
  }

  private static void archives(Checks checks) {
    checks
        .add(
            "a zip file is a file system",
            dir -> {
              Path file = dir.resolve("a.zip");
              try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
                Files.writeString(zip.getPath("/f"), "zipped");
                Files.createDirectory(zip.getPath("/d"));
                Files.copy(zip.getPath("/f"), zip.getPath("/d/g"));
              }
              try (FileSystem zip = FileSystems.newFileSystem(file)) {
                Files.copy(zip.getPath("/d/g"), dir.resolve("out"));
              }
              assertThat(dir.resolve("out")).hasContent("zipped");
              try (var in = new java.util.zip.ZipInputStream(Files.newInputStream(file))) {
                assertThat(Objects.requireNonNull(in.getNextEntry()).getName()).isNotEmpty();
              }
            })
        .add(
            "properties are kept in files, and scanned",
            dir -> {
              var properties = new java.util.Properties();
              properties.setProperty("name", "välue");
              try (var out = Files.newBufferedWriter(dir.resolve("p"))) {
                properties.store(out, null);
              }
              var read = new java.util.Properties();
              try (var in = Files.newBufferedReader(dir.resolve("p"))) {
                read.load(in);
              }
              assertThat(read).isEqualTo(properties);
              var scanner = new java.util.Scanner(dir.resolve("p"), UTF_8);
              assertThat(scanner.findAll("name=").count()).isOne();
              scanner.close();
            });
  }
}
