package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** What is refused, and how: null, options and kinds that are not known, files of another kind. */
@SuppressWarnings({"StreamResourceLeak", "NullAway"}) // Null is what is tried.
final class RefusalChecks {
  private RefusalChecks() {}

  private enum Unknown implements OpenOption, CopyOption {
    OPTION
  }

  private record Stranger(String getName) implements UserPrincipal {}

  /** A path of another provider, which every JDK has. */
  private static Path foreign() {
    return Path.of(URI.create("jrt:/"));
  }

  static List<Check> all() {
    return new Checks("refusal")
        .add(
            "null is refused by paths",
            dir -> {
              FileSystem fileSystem = dir.getFileSystem();
              assertThatNullPointerException().isThrownBy(() -> fileSystem.getPath(null));
              assertThatNullPointerException().isThrownBy(() -> fileSystem.getPath("a", "b", null));
              assertThatNullPointerException().isThrownBy(() -> dir.resolve((Path) null));
              assertThatNullPointerException().isThrownBy(() -> dir.relativize(null));
              assertThatNullPointerException().isThrownBy(() -> dir.compareTo(null));
              assertThatNullPointerException().isThrownBy(() -> dir.startsWith((Path) null));
              assertThatNullPointerException().isThrownBy(() -> dir.endsWith((Path) null));
              assertThatNullPointerException().isThrownBy(() -> dir.register(null));
              assertThatNullPointerException()
                  .isThrownBy(() -> dir.toRealPath((LinkOption[]) null));
              assertThat((Object) dir).isNotEqualTo(null);
            })
        .add(
            "null is refused where files are opened",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatNullPointerException()
                  .isThrownBy(() -> FileChannel.open(file, READ, (OpenOption) null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.newByteChannel(file, (Set<OpenOption>) null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.newInputStream(file, (OpenOption) null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.newDirectoryStream(dir, (String) null));
              assertThatNullPointerException()
                  .isThrownBy(
                      () ->
                          dir.getFileSystem()
                              .provider()
                              .newDirectoryStream(dir, null)
                              .iterator()
                              .next());
            })
        .add(
            "null is refused by copies, moves and attributes",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path other = dir.resolve("g");
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.copy(file, other, (CopyOption) null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.move(file, other, (CopyOption) null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.readAttributes(file, (String) null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.readAttributes(file, (Class<BasicFileAttributes>) null));
              assertThatNullPointerException()
                  .isThrownBy(
                      () -> Files.getFileAttributeView(file, (Class<FileAttributeView>) null));
              assertThatNullPointerException().isThrownBy(() -> Files.setOwner(file, null));
              assertThatNullPointerException()
                  .isThrownBy(() -> Files.setPosixFilePermissions(file, null));
              assertThat(other).doesNotExist();
            })
        .add(
            "null is refused by channels",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                assertThatNullPointerException().isThrownBy(() -> channel.read((ByteBuffer) null));
                assertThatNullPointerException().isThrownBy(() -> channel.read(null, 0));
                assertThatNullPointerException()
                    .isThrownBy(() -> channel.read(new ByteBuffer[] {null}));
                assertThatNullPointerException().isThrownBy(() -> channel.write((ByteBuffer) null));
                assertThatNullPointerException().isThrownBy(() -> channel.write(null, 0));
                assertThatNullPointerException()
                    .isThrownBy(() -> channel.write(new ByteBuffer[] {null}));
                assertThatNullPointerException().isThrownBy(() -> channel.transferTo(0, 1, null));
                assertThatNullPointerException().isThrownBy(() -> channel.transferFrom(null, 0, 1));
                assertThatNullPointerException().isThrownBy(() -> channel.map(null, 0, 1));
              }
              assertThat(file).hasContent("abc");
            })
        .add(
            "negative numbers are refused by channels",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              ByteBuffer one = ByteBuffer.allocate(1);
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                List<Attempt> attempts =
                    List.of(
                        () -> channel.position(-1),
                        () -> channel.truncate(-1),
                        () -> channel.read(one, -1),
                        () -> channel.write(one, -1),
                        () -> channel.tryLock(-1, 1, false),
                        () -> channel.tryLock(0, -1, false),
                        () -> channel.tryLock(Long.MAX_VALUE, 1, false),
                        () -> channel.transferTo(-1, 1, channel),
                        () -> channel.transferTo(0, -1, channel),
                        () -> channel.transferFrom(channel, -1, 1),
                        () -> channel.transferFrom(channel, 0, -1));
                for (Attempt attempt : attempts) {
                  assertThatThrownBy(attempt::run).isInstanceOf(IllegalArgumentException.class);
                }
                assertThatThrownBy(() -> channel.read(new ByteBuffer[] {one}, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> channel.write(new ByteBuffer[] {one}, -1, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
              }
              assertThat(file).hasContent("abc");
            })
        .add(
            "a mapping whose end overflows is refused",
            dir -> {
              try (FileChannel channel = FileChannel.open(Checks.file(dir, "f", "abc"), READ)) {
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, Long.MAX_VALUE, 1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1L << 31))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .add(
            "transfers need both channels open and able",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              var closed = Channels.newChannel(new java.io.ByteArrayOutputStream());
              closed.close();
              var source = Channels.newChannel(new java.io.ByteArrayInputStream(new byte[3]));
              source.close();
              try (FileChannel reading = FileChannel.open(file, READ);
                  FileChannel writing = FileChannel.open(dir.resolve("g"), WRITE, CREATE)) {
                assertThatThrownBy(() -> reading.transferTo(0, 3, closed))
                    .isInstanceOf(ClosedChannelException.class);
                assertThatThrownBy(() -> writing.transferFrom(source, 0, 3))
                    .isInstanceOf(ClosedChannelException.class);
                assertThatThrownBy(() -> writing.transferTo(0, 3, writing))
                    .isInstanceOf(NonReadableChannelException.class);
                assertThatThrownBy(() -> reading.transferFrom(reading, 0, 3))
                    .isInstanceOf(NonWritableChannelException.class);
                assertThatThrownBy(() -> reading.transferTo(0, 3, reading))
                    .isInstanceOf(NonWritableChannelException.class);
                assertThatThrownBy(() -> writing.transferFrom(writing, 0, 3))
                    .isInstanceOf(NonReadableChannelException.class);
              }
            })
        .add(
            "asynchronous channels refuse the same",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              ByteBuffer one = ByteBuffer.allocate(1);
              try (var channel = AsynchronousFileChannel.open(file, READ, WRITE)) {
                assertThatThrownBy(() -> channel.read(one, -1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.write(one, -1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.read(one.asReadOnlyBuffer(), 0))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.truncate(-1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatNullPointerException()
                    .isThrownBy(
                        () -> channel.read(one, 0, "", (CompletionHandler<Integer, String>) null));
                assertThatNullPointerException()
                    .isThrownBy(
                        () -> channel.write(one, 0, "", (CompletionHandler<Integer, String>) null));
              }
              try (var reading = AsynchronousFileChannel.open(file, READ)) {
                assertThatThrownBy(() -> reading.write(one, 0))
                    .isInstanceOf(NonWritableChannelException.class);
                assertThatThrownBy(() -> reading.truncate(0))
                    .isInstanceOf(NonWritableChannelException.class);
                assertThatThrownBy(reading::tryLock)
                    .isInstanceOf(NonWritableChannelException.class);
              }
              assertThat(file).hasContent("abc");
            })
        .add(
            "unknown options are refused by copies and moves, and nothing is done",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path other = dir.resolve("g");
              assertThatThrownBy(() -> Files.copy(file, other, Unknown.OPTION))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatThrownBy(() -> Files.move(file, other, Unknown.OPTION))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThat(file).exists();
              assertThat(other).doesNotExist();
            })
        .add(
            "an unknown option creates nothing",
            dir -> {
              Path file = dir.resolve("f");
              assertThatThrownBy(() -> FileChannel.open(file, WRITE, CREATE_NEW, Unknown.OPTION))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatThrownBy(() -> Files.newOutputStream(file, READ, CREATE))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.newInputStream(file, WRITE))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatThrownBy(() -> Files.newInputStream(file, APPEND))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThat(dir).isEmptyDirectory();
            })
        .add(
            "paths of other providers do not mix",
            dir -> {
              Path other = foreign();
              assertThatThrownBy(() -> dir.resolve(other))
                  .isInstanceOf(ProviderMismatchException.class);
              assertThatThrownBy(() -> dir.relativize(other))
                  .isInstanceOf(ProviderMismatchException.class);
              assertThatThrownBy(() -> dir.compareTo(other)).isInstanceOf(ClassCastException.class);
              assertThat(dir.startsWith(other)).isFalse();
              assertThat(dir.endsWith(other)).isFalse();
              assertThat(dir.equals(other)).isFalse();
              assertThat(Files.isSameFile(dir, other)).isFalse();
              assertThatThrownBy(() -> Files.createLink(dir.resolve("l"), other))
                  .isInstanceOf(ProviderMismatchException.class);
              assertThatThrownBy(() -> Files.createSymbolicLink(dir.resolve("l"), other))
                  .isInstanceOf(ProviderMismatchException.class);
            })
        .add(
            "patterns that are none are refused",
            dir -> {
              FileSystem fileSystem = dir.getFileSystem();
              for (String none : new String[] {"no-syntax", ":x"}) {
                assertThatThrownBy(() -> fileSystem.getPathMatcher(none))
                    .isInstanceOf(IllegalArgumentException.class);
              }
              assertThatThrownBy(() -> fileSystem.getPathMatcher("grep:x"))
                  .isInstanceOf(UnsupportedOperationException.class);
              for (String bad :
                  new String[] {
                    "glob:[", "glob:[]", "glob:{a", "glob:{a{b}}", "glob:\\", "regex:("
                  }) {
                assertThatThrownBy(() -> fileSystem.getPathMatcher(bad))
                    .as(bad)
                    .isInstanceOf(PatternSyntaxException.class);
              }
            })
        .add(
            "names that a path does not have are refused",
            dir -> {
              Path path = dir.getFileSystem().getPath("a/b");
              assertThatThrownBy(() -> path.getName(2))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> path.getName(-1))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> path.subpath(1, 1))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> path.subpath(0, 3))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> dir.relativize(path))
                  .isInstanceOf(IllegalArgumentException.class);
              Path root = dir.getRoot();
              assertThat(root.getFileName()).isNull();
              assertThat(root.getParent()).isNull();
              assertThatThrownBy(() -> root.getName(0))
                  .isInstanceOf(IllegalArgumentException.class);
            })
        .add(
            "watching needs events that are known",
            dir -> {
              try (var watcher = dir.getFileSystem().newWatchService()) {
                assertThatThrownBy(() -> dir.register(watcher))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> dir.register(watcher, StandardWatchEventKinds.OVERFLOW))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatNullPointerException()
                    .isThrownBy(() -> dir.register(watcher, (WatchEvent.Kind<?>) null));
                assertThatThrownBy(
                        () ->
                            dir.register(
                                watcher,
                                new WatchEvent.Kind<Path>() {
                                  @Override
                                  public String name() {
                                    return "other";
                                  }

                                  @Override
                                  public Class<Path> type() {
                                    return Path.class;
                                  }
                                }))
                    .isInstanceOf(UnsupportedOperationException.class);
              }
            })
        .add(
            "attributes that are none are refused",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.readAttributes(file, ""))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.readAttributes(file, "basic:"))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.readAttributes(file, "size,none"))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.readAttributes(file, "none:*"))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatThrownBy(() -> Files.getAttribute(file, "*"))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.setAttribute(file, "size", 5L))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.setAttribute(file, "isDirectory", true))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.setAttribute(file, "lastModifiedTime", "now"))
                  .isInstanceOf(ClassCastException.class);
              assertThatThrownBy(() -> Files.setAttribute(file, "posix:permissions", "rwx"))
                  .isInstanceOf(ClassCastException.class);
            })
        .add(
            "attributes of missing files fail on use, not before",
            dir -> {
              Path none = dir.resolve("none");
              var basic =
                  Objects.requireNonNull(
                      Files.getFileAttributeView(none, BasicFileAttributeView.class));
              assertThatThrownBy(basic::readAttributes).isInstanceOf(NoSuchFileException.class);
              assertThatThrownBy(() -> basic.setTimes(FileTime.fromMillis(0), null, null))
                  .isInstanceOf(NoSuchFileException.class);
              basic.setTimes(null, null, null);
              var posix =
                  Objects.requireNonNull(
                      Files.getFileAttributeView(none, PosixFileAttributeView.class));
              assertThatThrownBy(() -> posix.setPermissions(Set.of()))
                  .isInstanceOf(NoSuchFileException.class);
              assertThatThrownBy(() -> Files.setAttribute(none, "user:a", ByteBuffer.allocate(1)))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "owners of other file systems and unknown names are refused",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.setOwner(file, new Stranger("root")))
                  .isInstanceOf(ProviderMismatchException.class);
              var lookup = dir.getFileSystem().getUserPrincipalLookupService();
              assertThatThrownBy(() -> lookup.lookupPrincipalByName("no such user"))
                  .isInstanceOf(UserPrincipalNotFoundException.class);
              assertThatThrownBy(() -> lookup.lookupPrincipalByGroupName("no such group"))
                  .isInstanceOf(UserPrincipalNotFoundException.class);
            })
        .add(
            "directories are not made where a file is on the way",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.createDirectories(file))
                  .isInstanceOf(FileAlreadyExistsException.class);
              assertThatThrownBy(() -> Files.createDirectory(file.resolve("d")))
                  .isInstanceOf(FileSystemException.class);
              assertThatThrownBy(() -> Files.createFile(file.resolve("g")))
                  .isInstanceOf(FileSystemException.class);
              assertThatThrownBy(() -> Files.delete(file.resolve("g")))
                  .isInstanceOf(FileSystemException.class);
              assertThatThrownBy(() -> Files.createTempFile(dir.resolve("none"), "a", "b"))
                  .isInstanceOf(NoSuchFileException.class);
              assertThat(Files.exists(file.resolve("g"))).isFalse();
            })
        .add(
            "hard links of directories are refused, of links they are links",
            dir -> {
              Path d = Files.createDirectory(dir.resolve("d"));
              assertThatThrownBy(() -> Files.createLink(dir.resolve("hard"), d))
                  .isInstanceOf(FileSystemException.class);
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("none"));
              Path hard = Files.createLink(dir.resolve("hard"), link);
              assertThat(Files.isSymbolicLink(hard)).isTrue();
              assertThat(Files.readSymbolicLink(hard)).isEqualTo(Files.readSymbolicLink(link));
            })
        .add(
            "a symbolic link to nothing at all is refused",
            dir -> {
              Path empty = dir.getFileSystem().getPath("");
              assertThatThrownBy(() -> Files.createSymbolicLink(dir.resolve("l"), empty))
                  .isInstanceOf(IOException.class);
              assertThat(dir).isEmptyDirectory();
            })
        .add(
            "reading a link that is none fails as such",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.readSymbolicLink(file))
                  .isInstanceOf(NotLinkException.class);
              assertThatThrownBy(() -> Files.readSymbolicLink(dir))
                  .isInstanceOf(NotLinkException.class);
              assertThatThrownBy(() -> Files.readSymbolicLink(dir.resolve("none")))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "moving one hard link over another leaves both",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path hard = Files.createLink(dir.resolve("hard"), file);
              Files.move(file, hard, StandardCopyOption.REPLACE_EXISTING);
              assertThat(Checks.names(dir)).containsExactly("f", "hard");
              assertThatThrownBy(() -> Files.move(file, Files.createDirectory(dir.resolve("d"))))
                  .isInstanceOf(FileAlreadyExistsException.class);
            })
        .add(
            "walking a loop of links fails as such",
            dir -> {
              Files.createSymbolicLink(dir.resolve("up"), dir);
              assertThatThrownBy(
                      () -> {
                        try (var all = Files.walk(dir, FileVisitOption.FOLLOW_LINKS)) {
                          var unused = all.count();
                        }
                      })
                  .hasCauseInstanceOf(FileSystemLoopException.class);
            })
        .add(
            "isSameFile needs files, unless paths are equal",
            dir -> {
              Path none = dir.resolve("none");
              assertThat(Files.isSameFile(none, none)).isTrue();
              assertThatThrownBy(() -> Files.isSameFile(none, dir))
                  .isInstanceOf(NoSuchFileException.class);
              assertThatThrownBy(() -> Files.isSameFile(dir, none))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "the empty path is the working directory",
            dir -> {
              Path empty = dir.getFileSystem().getPath("");
              assertThat(empty).isRelative();
              assertThat(Files.isDirectory(empty)).isTrue();
              assertThat(Files.isSameFile(empty, empty.toAbsolutePath())).isTrue();
              assertThat(empty.resolve("x").toString()).isEqualTo("x");
              assertThat(empty.getNameCount()).isEqualTo(1);
              try (var entries = Files.list(empty)) {
                assertThat(entries).allMatch(entry -> entry.getNameCount() == 1);
              }
            })
        .add(
            "stores refuse what they do not know",
            dir -> {
              var store = Files.getFileStore(dir);
              assertThatThrownBy(() -> store.getAttribute("none"))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatNullPointerException().isThrownBy(() -> store.getAttribute(null));
              assertThat(store.supportsFileAttributeView("none")).isFalse();
              assertThat(store.supportsFileAttributeView(PosixFileAttributeView.class)).isTrue();
            })
        .list();
  }

  private interface Attempt {
    Object run() throws Exception;
  }
}
