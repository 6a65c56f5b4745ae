package io.fspf.nio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation on a volume that is open for reading, and on one that is closed. */
class ReadOnlyAndClosedTest {
  @TempDir Path host;

  private interface Operation {
    @Nullable Object run(FileSystem volume) throws IOException;
  }

  private static final Map<String, Operation> CHANGES =
      ImmutableMap.<String, Operation>builder()
          .put("write", v -> Files.writeString(v.getPath("/f"), "x"))
          .put("append", v -> FileChannel.open(v.getPath("/f"), APPEND))
          .put("open for both", v -> FileChannel.open(v.getPath("/f"), READ, WRITE))
          .put("truncate", v -> FileChannel.open(v.getPath("/f"), WRITE, TRUNCATE_EXISTING))
          .put("open a new file", v -> FileChannel.open(v.getPath("/g"), WRITE, CREATE))
          .put("delete on close", v -> FileChannel.open(v.getPath("/f"), READ, DELETE_ON_CLOSE))
          .put("asynchronous", v -> AsynchronousFileChannel.open(v.getPath("/f"), WRITE))
          .put("create", v -> Files.createFile(v.getPath("/g")))
          .put("create a directory", v -> Files.createDirectory(v.getPath("/e")))
          .put("create a link", v -> Files.createSymbolicLink(v.getPath("/m"), v.getPath("f")))
          .put("create a hard link", v -> Files.createLink(v.getPath("/m"), v.getPath("/f")))
          .put("delete", v -> Files.deleteIfExists(v.getPath("/f")))
          .put("delete a directory", v -> Files.deleteIfExists(v.getPath("/d")))
          .put("copy", v -> Files.copy(v.getPath("/f"), v.getPath("/g")))
          .put("move", v -> Files.move(v.getPath("/f"), v.getPath("/g")))
          .put(
              "move at once",
              v -> Files.move(v.getPath("/f"), v.getPath("/g"), StandardCopyOption.ATOMIC_MOVE))
          .put("time", v -> Files.setLastModifiedTime(v.getPath("/f"), FileTime.fromMillis(1)))
          .put(
              "permissions",
              v ->
                  Files.setPosixFilePermissions(
                      v.getPath("/f"), PosixFilePermissions.fromString("rwx------")))
          .put("owner", v -> Files.setOwner(v.getPath("/f"), Files.getOwner(v.getPath("/d"))))
          .put("user", v -> Files.setAttribute(v.getPath("/f"), "user:a", new byte[1]))
          .put("dos", v -> Files.setAttribute(v.getPath("/f"), "dos:hidden", true))
          .buildOrThrow();

  private static final Map<String, Operation> READS =
      ImmutableMap.<String, Operation>builder()
          .put("read", v -> Files.readString(v.getPath("/f")))
          .put("channel", v -> FileChannel.open(v.getPath("/f")))
          .put("directory channel", v -> FileChannel.open(v.getPath("/d")))
          .put("asynchronous channel", v -> AsynchronousFileChannel.open(v.getPath("/f")))
          .put("list", v -> Files.newDirectoryStream(v.getPath("/")))
          .put("attributes", v -> Files.size(v.getPath("/f")))
          .put("attributes by name", v -> Files.readAttributes(v.getPath("/f"), "unix:*"))
          .put("user attributes", v -> Files.readAttributes(v.getPath("/f"), "user:*"))
          .put("dos attributes", v -> Files.readAttributes(v.getPath("/f"), "dos:*"))
          .put("link", v -> Files.readSymbolicLink(v.getPath("/l")))
          .put("real path", v -> v.getPath("/l").toRealPath())
          .put("real path of a link", v -> v.getPath("/l").toRealPath(LinkOption.NOFOLLOW_LINKS))
          .put("store", v -> Files.getFileStore(v.getPath("/f")))
          .put("same file", v -> Files.isSameFile(v.getPath("/f"), v.getPath("/l")))
          .put(
              "access",
              v -> {
                v.provider().checkAccess(v.getPath("/f"), AccessMode.READ);
                return v;
              })
          .put("mismatch", v -> Files.mismatch(v.getPath("/f"), v.getPath("/l")))
          .buildOrThrow();

  private TestVolumes make() throws IOException {
    var volumes = new TestVolumes(host);
    try (FileSystem volume = volumes.encrypted()) {
      Files.writeString(volume.getPath("/f"), "content");
      Files.createDirectory(volume.getPath("/d"));
      Files.createSymbolicLink(volume.getPath("/l"), volume.getPath("f"));
    }
    return volumes;
  }

  @Test
  void aVolumeThatIsOpenForReadingIsNotChanged() throws IOException {
    TestVolumes volumes = make();
    RootTag tag = Volume.tagOf(host);
    try (FileSystem volume = FspfFileSystems.open(host, volumes.environment().readOnly())) {
      assertThat(volume.isReadOnly()).isTrue();
      CHANGES.forEach(
          (name, change) ->
              assertThatThrownBy(() -> change.run(volume))
                  .as(name)
                  .isInstanceOf(ReadOnlyFileSystemException.class));
      for (Operation read : READS.values()) {
        Object result = read.run(volume);
        if (result instanceof AutoCloseable open && open != volume) {
          close(open);
        }
      }
      assertThat(Files.isReadable(volume.getPath("/f"))).isTrue();
      assertThat(Files.isWritable(volume.getPath("/f"))).isFalse();
      assertThat(Files.isExecutable(volume.getPath("/f"))).isFalse();
      assertThatThrownBy(
              () -> volume.provider().checkAccess(volume.getPath("/f"), AccessMode.EXECUTE))
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(
              () -> volume.provider().checkAccess(volume.getPath("/f"), AccessMode.WRITE))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Read-only");
      try (var all = Files.walk(volume.getPath("/"))) {
        assertThat(all).hasSize(4);
      }
      assertThat(volume.getPath("/f")).hasContent("content");
    }
    assertThat(Volume.tagOf(host)).isEqualTo(tag);
  }

  private static void close(AutoCloseable open) throws IOException {
    try {
      open.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aVolumeThatIsClosedDoesNothing() throws IOException {
    TestVolumes volumes = make();
    FileSystem volume = volumes.open();
    var store = Files.getFileStore(volume.getPath("/"));
    var view =
        Files.getFileAttributeView(
            volume.getPath("/f"), java.nio.file.attribute.BasicFileAttributeView.class);
    volume.close();
    for (Map<String, Operation> operations : java.util.List.of(CHANGES, READS)) {
      operations.forEach(
          (name, operation) ->
              assertThatThrownBy(() -> operation.run(volume))
                  .as(name)
                  .isInstanceOf(ClosedFileSystemException.class));
    }
    assertThatThrownBy(view::readAttributes).isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(store::getTotalSpace).isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(volume::newWatchService).isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(volume::getFileStores).isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(volume::getRootDirectories).isInstanceOf(ClosedFileSystemException.class);
    // What is only text goes on.
    assertThat(volume.getPath("/a").resolve("b")).hasToString("/a/b");
    assertThat(volume.getPathMatcher("glob:*").matches(volume.getPath("a"))).isTrue();
  }

  @Test
  void closingWhileATreeIsWalkedEndsTheWalk() throws IOException {
    TestVolumes volumes = new TestVolumes(host);
    volumes.create(Region.encrypted(VolumePath.ROOT, "."));
    FileSystem volume = volumes.open();
    for (int i = 0; i < 50; i++) {
      Files.createDirectory(volume.getPath("/d" + i));
    }
    try (var all = Files.walk(volume.getPath("/"))) {
      var paths = all.iterator();
      assertThat(paths.next()).isEqualTo(volume.getPath("/"));
      volume.close();
      assertThatThrownBy(
              () -> {
                while (paths.hasNext()) {
                  paths.next();
                }
              })
          .isInstanceOf(ClosedFileSystemException.class);
    }
  }
}
