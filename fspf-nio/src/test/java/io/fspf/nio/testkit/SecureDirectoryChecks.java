package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Directories that are held on to. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class SecureDirectoryChecks {
  private SecureDirectoryChecks() {}

  private static SecureDirectoryStream<Path> open(Path dir) throws java.io.IOException {
    return (SecureDirectoryStream<Path>) Files.newDirectoryStream(dir);
  }

  private static Path name(Path dir, String name) {
    return dir.getFileSystem().getPath(name);
  }

  static List<Check> all() {
    return new Checks("secure directory")
        .add(
            "files are made, read and deleted below it",
            dir -> {
              try (var held = open(dir)) {
                try (var channel =
                    held.newByteChannel(name(dir, "f"), Set.of(READ, WRITE, CREATE))) {
                  channel.write(Checks.bytes("abc"));
                }
                assertThat(dir.resolve("f")).hasContent("abc");
                held.deleteFile(name(dir, "f"));
                assertThat(dir.resolve("f")).doesNotExist();
                Files.createDirectory(dir.resolve("d"));
                assertThatThrownBy(() -> held.deleteFile(name(dir, "d")))
                    .isInstanceOf(java.io.IOException.class);
                held.deleteDirectory(name(dir, "d"));
                assertThat(dir).isEmptyDirectory();
              }
            })
        .add(
            "it stays the same directory when that is moved",
            dir -> {
              Path d = Files.createDirectory(dir.resolve("d"));
              Checks.file(dir, "d/f", "right");
              try (var held = open(d)) {
                Files.move(d, dir.resolve("moved"));
                Files.createDirectory(d);
                Checks.file(dir, "d/f", "wrong");
                try (var channel = held.newByteChannel(name(dir, "f"), Set.of(READ))) {
                  ByteBuffer read = ByteBuffer.allocate(5);
                  channel.read(read);
                  assertThat(Checks.text(read)).isEqualTo("right");
                }
                held.deleteFile(name(dir, "f"));
              }
              assertThat(dir.resolve("moved/f")).doesNotExist();
              assertThat(dir.resolve("d/f")).hasContent("wrong");
            })
        .add(
            "directories below it are opened, links refused if asked",
            dir -> {
              Files.createDirectories(dir.resolve("d/e"));
              Checks.file(dir, "d/e/f", "x");
              Files.createSymbolicLink(dir.resolve("l"), name(dir, "d"));
              try (var held = open(dir);
                  var below = held.newDirectoryStream(name(dir, "d/e"))) {
                assertThat(below).containsExactly(dir.resolve("d/e/f"));
                assertThatThrownBy(
                        () -> held.newDirectoryStream(name(dir, "l"), LinkOption.NOFOLLOW_LINKS))
                    .isInstanceOf(java.io.IOException.class);
              }
            })
        .add(
            "files are moved from one to another",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              Files.createDirectory(dir.resolve("e"));
              Checks.file(dir, "d/f", "x");
              Checks.file(dir, "e/g", "old");
              try (var from = open(dir.resolve("d"));
                  var to = open(dir.resolve("e"))) {
                from.move(name(dir, "f"), to, name(dir, "g"));
              }
              assertThat(dir.resolve("e/g")).hasContent("x");
              assertThat(dir.resolve("d")).isEmptyDirectory();
            })
        .add(
            "attributes of it and of files below it are read and set",
            dir -> {
              Checks.file(dir, "f", "abc");
              Files.createSymbolicLink(dir.resolve("l"), name(dir, "f"));
              try (var held = open(dir)) {
                var own =
                    Objects.requireNonNull(held.getFileAttributeView(BasicFileAttributeView.class));
                assertThat(own.readAttributes().isDirectory()).isTrue();
                var file =
                    Objects.requireNonNull(
                        held.getFileAttributeView(name(dir, "f"), PosixFileAttributeView.class));
                assertThat(file.readAttributes().size()).isEqualTo(3);
                file.setPermissions(PosixFilePermissions.fromString("rw-------"));
                assertThat(Files.getPosixFilePermissions(dir.resolve("f"))).hasSize(2);
                var link =
                    Objects.requireNonNull(
                        held.getFileAttributeView(
                            name(dir, "l"),
                            BasicFileAttributeView.class,
                            LinkOption.NOFOLLOW_LINKS));
                assertThat(link.readAttributes().isSymbolicLink()).isTrue();
              }
            })
        .add(
            "when it is closed nothing works",
            dir -> {
              var held = open(dir);
              held.close();
              assertThatThrownBy(() -> held.deleteFile(name(dir, "f")))
                  .isInstanceOf(ClosedDirectoryStreamException.class);
            })
        .list();
  }
}
