package io.fspf.nio.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Attributes as programs ask for them in bulk, and what is done below directories that move. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class MoreAttributeChecks {
  private MoreAttributeChecks() {}

  static List<Check> all() {
    return new Checks("attributes and names")
        .add(
            "every view has all its attributes under '*'",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              List<String> basic =
                  List.of(
                      "lastModifiedTime",
                      "lastAccessTime",
                      "creationTime",
                      "size",
                      "isRegularFile",
                      "isDirectory",
                      "isSymbolicLink",
                      "isOther",
                      "fileKey");
              assertThat(Files.readAttributes(file, "*")).containsOnlyKeys(basic);
              assertThat(Files.readAttributes(file, "basic:*")).containsOnlyKeys(basic);
              var posix = new ArrayList<>(basic);
              posix.addAll(List.of("owner", "group", "permissions"));
              assertThat(Files.readAttributes(file, "posix:*")).containsOnlyKeys(posix);
              assertThat(Files.readAttributes(file, "owner:*")).containsOnlyKeys("owner");
              posix.addAll(List.of("mode", "ino", "dev", "rdev", "nlink", "uid", "gid", "ctime"));
              assertThat(Files.readAttributes(file, "unix:*")).containsOnlyKeys(posix);
              assertThat(Files.readAttributes(file, "size,*")).containsOnlyKeys(basic);
            })
        .add(
            "types of attributes are those of the specification",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              var all = Files.readAttributes(file, "unix:*");
              assertThat(all.get("size")).isInstanceOf(Long.class);
              assertThat(all.get("ino")).isInstanceOf(Long.class);
              assertThat(all.get("dev")).isInstanceOf(Long.class);
              assertThat(all.get("mode")).isInstanceOf(Integer.class);
              assertThat(all.get("nlink")).isInstanceOf(Integer.class);
              assertThat(all.get("uid")).isInstanceOf(Integer.class);
              assertThat(all.get("ctime")).isInstanceOf(FileTime.class);
              assertThat(all.get("permissions")).isInstanceOf(Set.class);
              assertThat(Files.getAttribute(file, "lastModifiedTime")).isInstanceOf(FileTime.class);
            })
        .add(
            "a file key is the same by every name, and another for every file",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path hard = Files.createLink(dir.resolve("h"), file);
              Path link = Files.createSymbolicLink(dir.resolve("l"), file.getFileName());
              Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
              assertThat(key).isNotNull();
              assertThat(Files.readAttributes(hard, BasicFileAttributes.class).fileKey())
                  .isEqualTo(key)
                  .hasSameHashCodeAs(key);
              assertThat(Files.readAttributes(link, BasicFileAttributes.class).fileKey())
                  .isEqualTo(key);
              assertThat(
                      Files.readAttributes(link, BasicFileAttributes.class, NOFOLLOW_LINKS)
                          .fileKey())
                  .isNotEqualTo(key);
              assertThat(Files.readAttributes(dir, BasicFileAttributes.class).fileKey())
                  .isNotEqualTo(key);
            })
        .add(
            "attributes are those of the moment when they were read",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              var before = Files.readAttributes(file, PosixFileAttributes.class);
              Files.writeString(file, "longer");
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
              assertThat(before.size()).isEqualTo(1);
              assertThat(before.permissions())
                  .contains(java.nio.file.attribute.PosixFilePermission.OWNER_WRITE);
              Files.delete(file);
              assertThat(before.isRegularFile()).isTrue();
            })
        .add(
            "the change time moves with attributes, and cannot be set",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              var before = (FileTime) Files.getAttribute(file, "unix:ctime");
              Thread.sleep(20);
              Files.setLastModifiedTime(file, FileTime.fromMillis(5));
              assertThat((FileTime) Files.getAttribute(file, "unix:ctime")).isGreaterThan(before);
              assertThatThrownBy(
                      () -> Files.setAttribute(file, "unix:ctime", FileTime.fromMillis(5)))
                  .isInstanceOf(RuntimeException.class);
            })
        .add(
            "names of a link's target may be any bytes of a path",
            dir -> {
              for (String text : List.of("../..//x/./y/", "/", "ä ö", "a".repeat(255), "-", "*")) {
                Path target = dir.getFileSystem().getPath(text);
                Path link = dir.resolve("l");
                Files.createSymbolicLink(link, target);
                assertThat(Files.readSymbolicLink(link)).isEqualTo(target);
                assertThat(
                        Files.readAttributes(link, BasicFileAttributes.class, NOFOLLOW_LINKS)
                            .isSymbolicLink())
                    .isTrue();
                Files.delete(link);
              }
            })
        .add(
            "40 links after one another are followed, a loop of two is not",
            dir -> {
              Path last = Checks.file(dir, "l0", "end");
              for (int i = 1; i <= 40; i++) {
                last = Files.createSymbolicLink(dir.resolve("l" + i), last.getFileName());
              }
              assertThat(dir.resolve("l40")).hasContent("end");
              Files.createSymbolicLink(dir.resolve("x"), dir.getFileSystem().getPath("y/z"));
              Files.createSymbolicLink(dir.resolve("y"), dir.getFileSystem().getPath("x/z"));
              assertThatThrownBy(() -> Files.readString(dir.resolve("x")))
                  .isInstanceOf(java.nio.file.FileSystemException.class);
              assertThat(Files.exists(dir.resolve("x"))).isFalse();
            })
        .add(
            "what DELETE_ON_CLOSE opened can be read and written until it is closed",
            dir -> {
              Path file = dir.resolve("f");
              try (FileChannel channel =
                  FileChannel.open(file, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE)) {
                channel.write(Checks.bytes("abc"));
                ByteBuffer read = ByteBuffer.allocate(3);
                assertThat(channel.read(read, 0)).isEqualTo(3);
                assertThat(Checks.text(read)).isEqualTo("abc");
              }
              assertThat(dir).isEmptyDirectory();
              try (var out = Files.newOutputStream(file, CREATE, WRITE, DELETE_ON_CLOSE)) {
                out.write(1);
              }
              assertThat(dir).isEmptyDirectory();
            })
        .add(
            "what SYNC writes others read at once",
            dir -> {
              try (FileChannel channel = FileChannel.open(dir.resolve("f"), CREATE, WRITE, SYNC)) {
                for (int i = 1; i <= 3; i++) {
                  channel.write(Checks.bytes("abc"));
                  assertThat(Files.size(dir.resolve("f"))).isEqualTo(3L * i);
                }
              }
            })
        .add(
            "many asynchronous operations at a time are all done",
            dir -> {
              try (var channel =
                  AsynchronousFileChannel.open(dir.resolve("f"), CREATE, READ, WRITE)) {
                var written = new ArrayList<Future<Integer>>();
                for (int i = 0; i < 50; i++) {
                  byte[] record = new byte[1000];
                  java.util.Arrays.fill(record, (byte) i);
                  written.add(channel.write(ByteBuffer.wrap(record), 1000L * i));
                }
                for (Future<Integer> one : written) {
                  assertThat(one.get(1, TimeUnit.MINUTES)).isEqualTo(1000);
                }
                assertThat(channel.size()).isEqualTo(50_000);
              }
              byte[] all = Files.readAllBytes(dir.resolve("f"));
              for (int i = 0; i < all.length; i++) {
                assertThat(all[i]).isEqualTo((byte) (i / 1000));
              }
            })
        .add(
            "directories within directories that move are held on to",
            dir -> {
              Files.createDirectories(dir.resolve("a/b/c"));
              try (var a = secure(dir.resolve("a"));
                  var b = a.newDirectoryStream(name(dir, "b"));
                  var c = b.newDirectoryStream(name(dir, "c"))) {
                Files.move(dir.resolve("a/b"), dir.resolve("b2"));
                Files.move(dir.resolve("a"), dir.resolve("b2/a2"));
                Files.createDirectories(dir.resolve("a/b/c"));
                c.newByteChannel(name(dir, "f"), Set.of(WRITE, CREATE_NEW)).close();
                assertThat(dir.resolve("b2/c/f")).isEmptyFile();
                c.move(name(dir, "f"), a, name(dir, "g"));
                assertThat(dir.resolve("b2/a2/g")).isEmptyFile();
                a.move(name(dir, "g"), b, name(dir, "h"));
                b.deleteFile(name(dir, "h"));
                assertThat(dir.resolve("a/b/c")).isEmptyDirectory();
                b.deleteDirectory(name(dir, "c"));
                assertThatThrownBy(
                        () -> c.newByteChannel(name(dir, "f"), Set.of(WRITE, CREATE_NEW)))
                    .isInstanceOf(java.io.IOException.class);
                assertThat(b.iterator().hasNext()).isTrue();
              }
            })
        .list();
  }

  private static SecureDirectoryStream<Path> secure(Path dir) throws java.io.IOException {
    return (SecureDirectoryStream<Path>) Files.newDirectoryStream(dir);
  }

  private static Path name(Path dir, String name) {
    return dir.getFileSystem().getPath(name);
  }
}
