package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Opening files, with every option. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class OpenChecks {
  private OpenChecks() {}

  private enum Unknown implements OpenOption {
    OPTION
  }

  static List<Check> all() {
    return new Checks("open")
        .add(
            "a missing file does not open",
            dir -> {
              assertThatThrownBy(() -> FileChannel.open(dir.resolve("none"), READ))
                  .isInstanceOf(NoSuchFileException.class)
                  .hasMessageContaining("none");
              assertThatThrownBy(() -> FileChannel.open(dir.resolve("none"), WRITE))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "CREATE makes a file, and opens one that is there",
            dir -> {
              Path file = dir.resolve("f");
              FileChannel.open(file, WRITE, CREATE).close();
              assertThat(file).isEmptyFile();
              Files.writeString(file, "abc");
              FileChannel.open(file, WRITE, CREATE).close();
              assertThat(file).hasContent("abc");
            })
        .add(
            "CREATE without WRITE is ignored",
            dir ->
                assertThatThrownBy(() -> FileChannel.open(dir.resolve("f"), READ, CREATE))
                    .isInstanceOf(NoSuchFileException.class))
        .add(
            "CREATE_NEW fails where there is a file or a link",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> FileChannel.open(file, WRITE, CREATE_NEW))
                  .isInstanceOf(FileAlreadyExistsException.class);
              Path link = dir.resolve("l");
              Files.createSymbolicLink(link, dir.getFileSystem().getPath("none"));
              assertThatThrownBy(() -> FileChannel.open(link, WRITE, CREATE_NEW))
                  .isInstanceOf(FileAlreadyExistsException.class);
            })
        .add(
            "CREATE through a dangling link makes the link's target",
            dir -> {
              Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("target"));
              Files.writeString(dir.resolve("l"), "x");
              assertThat(dir.resolve("target")).hasContent("x");
            })
        .add(
            "CREATE in a missing directory fails",
            dir ->
                assertThatThrownBy(() -> FileChannel.open(dir.resolve("d/f"), WRITE, CREATE))
                    .isInstanceOf(NoSuchFileException.class))
        .add(
            "TRUNCATE_EXISTING empties a file that is written",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              FileChannel.open(file, WRITE, TRUNCATE_EXISTING).close();
              assertThat(file).isEmptyFile();
            })
        .add(
            "TRUNCATE_EXISTING without WRITE is ignored",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              FileChannel.open(file, READ, TRUNCATE_EXISTING).close();
              assertThat(file).hasContent("abc");
            })
        .add(
            "APPEND goes with neither READ nor TRUNCATE_EXISTING",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThatThrownBy(() -> FileChannel.open(file, READ, APPEND))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> FileChannel.open(file, APPEND, TRUNCATE_EXISTING))
                  .isInstanceOf(IllegalArgumentException.class);
            })
        .add(
            "all appending channels share the end of the file",
            dir -> {
              Path file = dir.resolve("f");
              try (FileChannel one = FileChannel.open(file, APPEND, CREATE);
                  FileChannel two = FileChannel.open(file, APPEND)) {
                one.write(Checks.bytes("a"));
                two.write(Checks.bytes("b"));
                one.write(Checks.bytes("c"));
                assertThat(one.position()).isEqualTo(3);
              }
              assertThat(file).hasContent("abc");
            })
        .add(
            "APPEND writes at the end whatever the position",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, APPEND)) {
                channel.position(0).write(Checks.bytes("d"));
              }
              assertThat(file).hasContent("abcd");
            })
        .add(
            "appending streams of several threads lose nothing",
            dir -> {
              Path file = dir.resolve("f");
              Runnable writer =
                  () -> {
                    try (FileChannel channel = FileChannel.open(file, APPEND, CREATE)) {
                      for (int i = 0; i < 100; i++) {
                        channel.write(Checks.bytes("0123456789"));
                      }
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  };
              var one = new Thread(writer);
              var two = new Thread(writer);
              one.start();
              two.start();
              one.join();
              two.join();
              assertThat(Files.readString(file)).isEqualTo("0123456789".repeat(200));
            })
        .add(
            "DELETE_ON_CLOSE leaves nothing",
            dir -> {
              Path file = dir.resolve("f");
              try (FileChannel channel =
                  FileChannel.open(file, READ, WRITE, CREATE, DELETE_ON_CLOSE)) {
                channel.write(Checks.bytes("abc"));
                var read = java.nio.ByteBuffer.allocate(3);
                channel.read(read, 0);
                assertThat(Checks.text(read)).isEqualTo("abc");
              }
              assertThat(file).doesNotExist();
            })
        .add(
            "SPARSE makes files with holes, which are zeros",
            dir -> {
              Path file = dir.resolve("f");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE, CREATE_NEW, SPARSE)) {
                channel.write(Checks.bytes("x"), 1 << 20);
                var read = java.nio.ByteBuffer.allocate(2);
                channel.read(read, (1 << 20) - 1);
                assertThat(Checks.text(read)).isEqualTo("\0x");
              }
              assertThat(file).hasSize((1 << 20) + 1);
            })
        .add(
            "SYNC and DSYNC are accepted",
            dir -> {
              for (OpenOption option : List.of(SYNC, DSYNC)) {
                try (FileChannel channel =
                    FileChannel.open(dir.resolve("f"), WRITE, CREATE, option)) {
                  channel.write(Checks.bytes("x"));
                }
              }
              assertThat(dir.resolve("f")).hasContent("x");
            })
        .add(
            "NOFOLLOW_LINKS refuses to open a link",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path link = Files.createSymbolicLink(dir.resolve("l"), file);
              assertThatThrownBy(() -> FileChannel.open(link, READ, LinkOption.NOFOLLOW_LINKS))
                  .isInstanceOf(IOException.class);
              FileChannel.open(file, READ, LinkOption.NOFOLLOW_LINKS).close();
            })
        .add(
            "an unknown option is refused",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> FileChannel.open(file, Unknown.OPTION))
                  .isInstanceOf(UnsupportedOperationException.class);
            })
        .add(
            "a channel for reading does not write, and the other way",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              try (FileChannel channel = FileChannel.open(file, READ)) {
                assertThatThrownBy(() -> channel.write(Checks.bytes("y")))
                    .isInstanceOf(NonWritableChannelException.class);
                assertThatThrownBy(() -> channel.truncate(0))
                    .isInstanceOf(NonWritableChannelException.class);
              }
              try (FileChannel channel = FileChannel.open(file, WRITE)) {
                assertThatThrownBy(() -> channel.read(java.nio.ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
              }
            })
        .add(
            "a directory does not open for writing",
            dir ->
                assertThatThrownBy(() -> FileChannel.open(dir, WRITE))
                    .isInstanceOf(FileSystemException.class))
        .add(
            "a directory opens for reading, and force makes it durable",
            dir -> {
              try (FileChannel channel = FileChannel.open(dir, READ)) {
                channel.force(true);
                assertThatThrownBy(() -> channel.read(java.nio.ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class);
              }
            })
        .add(
            "a new file has the permissions that were asked for",
            dir -> {
              var mode = PosixFilePermissions.fromString("rw-r-----");
              Path file =
                  Files.createFile(dir.resolve("f"), PosixFilePermissions.asFileAttribute(mode));
              assertThat(Files.getPosixFilePermissions(file)).isEqualTo(mode);
              try (var channel =
                  FileChannel.open(
                      dir.resolve("g"),
                      Set.of(WRITE, CREATE_NEW),
                      PosixFilePermissions.asFileAttribute(mode))) {
                assertThat(channel.size()).isZero();
              }
              assertThat(Files.getPosixFilePermissions(dir.resolve("g"))).isEqualTo(mode);
            })
        .add(
            "an initial attribute that cannot be is refused",
            dir -> {
              var attribute =
                  new java.nio.file.attribute.FileAttribute<String>() {
                    @Override
                    public String name() {
                      return "other:name";
                    }

                    @Override
                    public String value() {
                      return "value";
                    }
                  };
              assertThatThrownBy(() -> Files.createFile(dir.resolve("f"), attribute))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThat(dir.resolve("f")).doesNotExist();
            })
        .add(
            "temporary files and directories are made, with names of their own",
            dir -> {
              var mode =
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------"));
              Path file = Files.createTempFile(dir, "a", ".tmp", mode);
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------");
              assertThat(Files.createTempFile(dir, "a", ".tmp")).isNotEqualTo(file).isEmptyFile();
              assertThat(Files.createTempDirectory(dir, "d")).isEmptyDirectory();
            })
        .add(
            "streams read and write",
            dir -> {
              Path file = dir.resolve("f");
              byte[] content = Checks.random(300_000);
              try (var out = Files.newOutputStream(file)) {
                out.write(content);
              }
              try (var in = Files.newInputStream(file)) {
                in.skipNBytes(1000);
                assertThat(in.readNBytes(100))
                    .isEqualTo(java.util.Arrays.copyOfRange(content, 1000, 1100));
              }
              assertThat(Files.readAllBytes(file)).isEqualTo(content);
              assertThat(Files.mismatch(file, file)).isEqualTo(-1);
            })
        .add(
            "readers and lines read text",
            dir -> {
              Path file = Files.write(dir.resolve("f"), List.of("one", "two", "drei ü"));
              assertThat(Files.readAllLines(file)).containsExactly("one", "two", "drei ü");
              try (var lines = Files.lines(file)) {
                assertThat(lines.count()).isEqualTo(3);
              }
            })
        .list();
  }
}
