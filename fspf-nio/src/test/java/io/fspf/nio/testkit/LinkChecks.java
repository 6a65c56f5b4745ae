package io.fspf.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;

/** Hard and symbolic links. */
final class LinkChecks {
  private LinkChecks() {}

  private static Path link(Path dir, String name, String target) throws IOException {
    return Files.createSymbolicLink(dir.resolve(name), dir.getFileSystem().getPath(target));
  }

  static List<Check> all() {
    return new Checks("links")
        .add(
            "a relative link leads from its own directory",
            dir -> {
              Files.createDirectories(dir.resolve("a/b"));
              Checks.file(dir, "a/f", "x");
              link(dir, "a/b/l", "../f");
              assertThat(Files.readString(dir.resolve("a/b/l"))).isEqualTo("x");
            })
        .add(
            "an absolute link leads from the root",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              link(dir, "l", file.toRealPath().toString());
              assertThat(Files.readString(dir.resolve("l"))).isEqualTo("x");
            })
        .add(
            "a link in the middle of a path is followed",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              Checks.file(dir, "d/f", "x");
              link(dir, "l", "d");
              assertThat(Files.readString(dir.resolve("l/f"))).isEqualTo("x");
              assertThat(Files.exists(dir.resolve("l/f"), LinkOption.NOFOLLOW_LINKS)).isTrue();
              assertThat(Files.exists(dir.resolve("l/../d/f"))).isTrue();
            })
        .add(
            "a chain of links is followed",
            dir -> {
              Checks.file(dir, "f", "x");
              link(dir, "l0", "f");
              for (int i = 1; i < 30; i++) {
                link(dir, "l" + i, "l" + (i - 1));
              }
              assertThat(Files.readString(dir.resolve("l29"))).isEqualTo("x");
            })
        .add(
            "a loop of links ends",
            dir -> {
              link(dir, "a", "b");
              link(dir, "b", "a");
              assertThatThrownBy(() -> Files.readString(dir.resolve("a")))
                  .isInstanceOf(FileSystemException.class);
              assertThat(Files.exists(dir.resolve("a"))).isFalse();
              assertThat(Files.exists(dir.resolve("a"), LinkOption.NOFOLLOW_LINKS)).isTrue();
            })
        .add(
            "a dangling link is a link to nothing",
            dir -> {
              Path link = link(dir, "l", "none");
              assertThat(Files.isSymbolicLink(link)).isTrue();
              assertThat(Files.exists(link)).isFalse();
              assertThatThrownBy(() -> Files.readString(link))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "a link's target is read as it was given",
            dir -> {
              assertThat(Files.readSymbolicLink(link(dir, "l", "../x/./y")))
                  .hasToString("../x/./y");
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.readSymbolicLink(file))
                  .isInstanceOf(NotLinkException.class);
              assertThatThrownBy(() -> Files.readSymbolicLink(dir.resolve("none")))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "deleting a link leaves its target",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.delete(link(dir, "l", "f"));
              assertThat(file).exists();
            })
        .add(
            "a symbolic link replaces nothing",
            dir -> {
              Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> link(dir, "f", "y"))
                  .isInstanceOf(FileAlreadyExistsException.class);
            })
        .add(
            "hard links are one file",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              Path link = Files.createLink(dir.resolve("l"), file);
              Files.writeString(link, "changed");
              assertThat(file).hasContent("changed");
              assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
              Files.delete(file);
              assertThat(link).hasContent("changed");
            })
        .add(
            "hard links are for files that exist, at free names",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThatThrownBy(() -> Files.createLink(file, Checks.file(dir, "g", "x")))
                  .isInstanceOf(FileAlreadyExistsException.class);
              assertThatThrownBy(() -> Files.createLink(dir.resolve("l"), dir.resolve("none")))
                  .isInstanceOf(NoSuchFileException.class);
              Path made = Files.createDirectory(dir.resolve("d"));
              assertThatThrownBy(() -> Files.createLink(dir.resolve("l"), made))
                  .isInstanceOf(IOException.class);
            })
        .add(
            "a link to a name that no file can have leads nowhere",
            dir -> {
              Path link =
                  Files.createSymbolicLink(
                      dir.resolve("l"), dir.getFileSystem().getPath("n".repeat(256)));
              assertThat(Files.exists(link)).isFalse();
              assertThatThrownBy(() -> Files.readString(link))
                  .isInstanceOf(java.nio.file.FileSystemException.class);
              assertThatThrownBy(() -> Files.readString(link.resolve("below")))
                  .isInstanceOf(java.nio.file.FileSystemException.class);
              assertThat(Files.readSymbolicLink(link).toString()).hasSize(256);
              Files.delete(link);
            })
        .list();
  }
}
