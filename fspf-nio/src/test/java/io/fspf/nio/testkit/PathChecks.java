package io.fspf.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/** Paths, their URIs, and where they lead. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class PathChecks {
  private PathChecks() {}

  static List<Check> all() {
    return new Checks("path")
        .add(
            "a path's URI leads back to it",
            dir -> {
              Path file = Checks.file(dir, "a b%41ü!#?.txt", "x");
              assertThat(Files.readString(Path.of(file.toUri()))).isEqualTo("x");
            })
        .add(
            "toRealPath follows links and dots",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              Path file = Checks.file(dir, "d/f", "x");
              Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("d"));
              assertThat(dir.resolve("l/../d/./f").toRealPath()).isEqualTo(file.toRealPath());
              assertThat(dir.resolve("l/f").toRealPath()).isEqualTo(file.toRealPath());
            })
        .add(
            "toRealPath of a missing file fails",
            dir ->
                assertThatThrownBy(() -> dir.resolve("none").toRealPath())
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("none"))
        .add(
            "a name of 255 bytes is legal, one of 256 is not",
            dir -> {
              Checks.file(dir, "n".repeat(255), "x");
              assertThatThrownBy(() -> Checks.file(dir, "n".repeat(256), "x"))
                  .isInstanceOf(java.io.IOException.class);
            })
        .add(
            "a path with NUL is refused",
            dir ->
                assertThatThrownBy(() -> dir.getFileSystem().getPath("a\0b"))
                    .isInstanceOf(InvalidPathException.class))
        .add(
            "names are case-sensitive and any character is legal",
            dir -> {
              for (String name :
                  List.of("a", "A", " ", "a b", "a\nb", "a\\b", "*", "-", "ü", "~")) {
                Checks.file(dir, name, name);
              }
              assertThat(Checks.names(dir)).hasSize(10);
              assertThat(Files.readString(dir.resolve("a\\b"))).isEqualTo("a\\b");
            })
        .add(
            "a path through a file is no directory",
            dir -> {
              Checks.file(dir, "f", "x");
              assertThat(Files.exists(dir.resolve("f/g"))).isFalse();
              assertThatThrownBy(() -> Files.createDirectory(dir.resolve("f/g")))
                  .isInstanceOf(java.nio.file.FileSystemException.class);
            })
        .add(
            "the file system tells its root, separator and views",
            dir -> {
              FileSystem fileSystem = dir.getFileSystem();
              assertThat(fileSystem.getRootDirectories()).contains(dir.toRealPath().getRoot());
              assertThat(fileSystem.getSeparator()).isEqualTo("/");
              assertThat(fileSystem.supportedFileAttributeViews())
                  .contains("basic", "posix", "unix", "owner", "user");
              assertThat(fileSystem.isOpen()).isTrue();
              assertThat(fileSystem.isReadOnly()).isFalse();
            })
        .add(
            "glob and regex matchers match",
            dir -> {
              FileSystem fileSystem = dir.getFileSystem();
              Path path = fileSystem.getPath("a/b.java");
              assertThat(fileSystem.getPathMatcher("glob:**/*.{java,class}").matches(path))
                  .isTrue();
              assertThat(fileSystem.getPathMatcher("glob:*.java").matches(path)).isFalse();
              assertThat(fileSystem.getPathMatcher("glob:a/[!a]*").matches(path)).isTrue();
              assertThat(fileSystem.getPathMatcher("regex:a/.\\.java").matches(path)).isTrue();
              assertThatThrownBy(() -> fileSystem.getPathMatcher("glob:[a"))
                  .isInstanceOf(java.util.regex.PatternSyntaxException.class);
            })
        .add(
            "a file's URL can be read",
            dir -> {
              Path file = Checks.file(dir, "u", "content");
              try (var in = file.toUri().toURL().openStream()) {
                assertThat(in).hasContent("content");
              }
            })
        .add(
            "listing a file that is no directory fails",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.newDirectoryStream(file))
                  .isInstanceOf(NotDirectoryException.class);
            })
        .add("a path has a java.io.File", dir -> assertThat(dir.toFile()).isDirectory())
        .list();
  }
}
