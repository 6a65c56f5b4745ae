package io.fspf.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Making, finding and deleting names. */
final class NameChecks {
  private NameChecks() {}

  static List<Check> all() {
    return new Checks("names")
        .add(
            "createFile makes an empty file, once",
            dir -> {
              Path file = Files.createFile(dir.resolve("f"));
              assertThat(file).isEmptyFile();
              assertThatThrownBy(() -> Files.createFile(file))
                  .isInstanceOf(FileAlreadyExistsException.class);
            })
        .add(
            "createDirectory makes one directory, once",
            dir -> {
              Path made = Files.createDirectory(dir.resolve("d"));
              assertThat(made).isEmptyDirectory();
              assertThatThrownBy(() -> Files.createDirectory(made))
                  .isInstanceOf(FileAlreadyExistsException.class);
              assertThatThrownBy(() -> Files.createDirectory(dir.resolve("x/y")))
                  .isInstanceOf(NoSuchFileException.class);
              assertThatThrownBy(() -> Files.createDirectory(dir.resolve("d/.")))
                  .isInstanceOf(FileAlreadyExistsException.class);
            })
        .add(
            "createDirectories makes all that are missing",
            dir -> {
              Files.createDirectories(dir.resolve("a/b/c"));
              Files.createDirectories(dir.resolve("a/b/c"));
              assertThat(dir.resolve("a/b/c")).isDirectory();
              Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.createDirectories(dir.resolve("f/g")))
                  .isInstanceOf(IOException.class);
            })
        .add(
            "a new directory has the permissions that were asked for",
            dir -> {
              var mode = PosixFilePermissions.fromString("rwx--x---");
              Path made =
                  Files.createDirectory(
                      dir.resolve("d"), PosixFilePermissions.asFileAttribute(mode));
              assertThat(Files.getPosixFilePermissions(made)).isEqualTo(mode);
              assertThat(
                      PosixFilePermissions.toString(
                          Files.getPosixFilePermissions(Files.createDirectory(dir.resolve("e")))))
                  .isEqualTo("rwxr-xr-x");
            })
        .add(
            "exists, notExists and the kinds of file",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThat(Files.exists(file)).isTrue();
              assertThat(Files.notExists(dir.resolve("g"))).isTrue();
              assertThat(Files.isRegularFile(file)).isTrue();
              assertThat(Files.isDirectory(file)).isFalse();
              assertThat(Files.isDirectory(dir)).isTrue();
              assertThat(Files.isSymbolicLink(file)).isFalse();
            })
        .add(
            "delete removes a file, and fails for a missing one",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.delete(file);
              assertThat(file).doesNotExist();
              assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(NoSuchFileException.class);
              assertThat(Files.deleteIfExists(file)).isFalse();
            })
        .add(
            "a directory is deleted when it is empty",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              Path file = Checks.file(dir, "d/f", "x");
              assertThatThrownBy(() -> Files.delete(dir.resolve("d")))
                  .isInstanceOf(DirectoryNotEmptyException.class);
              Files.delete(file);
              Files.delete(dir.resolve("d"));
              assertThat(dir).isEmptyDirectory();
            })
        .add(
            "deleting by '.' or '..' fails",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              assertThatThrownBy(() -> Files.delete(dir.resolve("d/.")))
                  .isInstanceOf(FileSystemException.class);
              assertThatThrownBy(() -> Files.delete(dir.resolve("d/..")))
                  .isInstanceOf(FileSystemException.class);
            })
        .add(
            "isSameFile sees through names",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path link = Files.createLink(dir.resolve("l"), file);
              Path symbolic = Files.createSymbolicLink(dir.resolve("s"), file);
              assertThat(Files.isSameFile(file, link)).isTrue();
              assertThat(Files.isSameFile(file, symbolic)).isTrue();
              assertThat(Files.isSameFile(dir, dir.resolve("../" + dir.getFileName()))).isTrue();
              assertThat(Files.isSameFile(file, Checks.file(dir, "g", "x"))).isFalse();
              assertThat(Files.isSameFile(dir.resolve("none"), dir.resolve("none"))).isTrue();
              assertThatThrownBy(() -> Files.isSameFile(file, dir.resolve("none")))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "names that begin with a dot are hidden",
            dir -> {
              assertThat(Files.isHidden(Checks.file(dir, ".f", "x"))).isTrue();
              assertThat(Files.isHidden(Checks.file(dir, "f", "x"))).isFalse();
            })
        .add(
            "access is checked",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThat(Files.isReadable(file)).isTrue();
              assertThat(Files.isWritable(file)).isTrue();
              assertThat(Files.isExecutable(file)).isFalse();
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
              assertThat(Files.isExecutable(file)).isTrue();
              assertThat(Files.isReadable(dir.resolve("none"))).isFalse();
              assertThat(Files.isExecutable(dir)).isTrue();
            })
        .add(
            "exceptions name the file",
            dir -> {
              assertThatThrownBy(() -> Files.size(dir.resolve("a/b")))
                  .isInstanceOf(NoSuchFileException.class)
                  .satisfies(
                      e ->
                          assertThat(((FileSystemException) e).getFile())
                              .isEqualTo(dir.resolve("a/b").toString()));
              assertThat(Files.exists(dir.resolve("a"), LinkOption.NOFOLLOW_LINKS)).isFalse();
            })
        .list();
  }
}
