package io.fspf.nio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.IntegrityException;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What concerns a whole file system: its end, its regions, and the host that cannot be trusted. */
class FspfFileSystemTest {
  @TempDir Path host;

  @Test
  @SuppressWarnings("StreamResourceLeak") // Left open: the file system is to close it.
  void closingClosesEverythingAndNothingWorksAfterwards() throws IOException {
    FileSystem volume = new TestVolumes(host).encrypted();
    Path file = Files.writeString(volume.getPath("/f"), "abc");
    FileChannel channel = FileChannel.open(file, READ, WRITE);
    AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(file, READ);
    FileChannel directory = FileChannel.open(volume.getPath("/"), READ);
    var entries = Files.newDirectoryStream(volume.getPath("/"));
    var watcher = volume.newWatchService();
    volume.close();
    volume.close();
    assertThat(volume.isOpen()).isFalse();
    assertThat(((FspfFileSystem) volume).resources().count()).isZero();
    assertThat(channel.isOpen()).isFalse();
    assertThat(asynchronous.isOpen()).isFalse();
    assertThat(directory.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(entries::iterator).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(watcher::poll).isInstanceOf(ClosedWatchServiceException.class);
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> Files.readString(file),
            () -> Files.size(file),
            () -> Files.newDirectoryStream(volume.getPath("/")),
            () -> Files.createDirectory(volume.getPath("/d")),
            () -> Files.delete(file),
            () -> Files.copy(file, volume.getPath("/g")),
            () -> Files.move(file, volume.getPath("/g")),
            () -> file.toRealPath(),
            () -> Files.getFileStore(file),
            volume::newWatchService,
            volume::getRootDirectories,
            volume::getFileStores)) {
      assertThatThrownBy(use).isInstanceOf(ClosedFileSystemException.class);
    }
    channel.close();
    entries.close();
  }

  @Test
  void closingUnderRaceClosesAllOnce() throws Exception {
    var volumes = new TestVolumes(host);
    volumes.encrypted().close();
    for (int round = 0; round < 10; round++) {
      FileSystem volume = volumes.open();
      var unexpected = new AtomicReference<Throwable>();
      var started = new CountDownLatch(4);
      var opened = java.util.Collections.synchronizedList(new ArrayList<FileChannel>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Path file = volume.getPath("/f" + i);
        var thread =
            new Thread(
                () -> {
                  started.countDown();
                  try {
                    while (true) {
                      FileChannel channel = FileChannel.open(file, READ, WRITE, CREATE);
                      opened.add(channel);
                      channel.write(ByteBuffer.wrap(new byte[10]));
                      if (opened.size() % 2 == 0) {
                        channel.close();
                      }
                    }
                  } catch (ClosedFileSystemException | ClosedChannelException e) {
                    // As it should be.
                  } catch (Throwable e) {
                    unexpected.compareAndSet(null, e);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      started.await();
      Thread.sleep(5);
      var closers = List.of(new Thread(() -> close(volume)), new Thread(() -> close(volume)));
      closers.forEach(Thread::start);
      for (Thread closer : closers) {
        closer.join();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(unexpected.get()).isNull();
      assertThat(opened).allSatisfy(channel -> assertThat(channel.isOpen()).isFalse());
      assertThat(((FspfFileSystem) volume).resources().count()).isZero();
    }
  }

  /** As two copies do that go both ways between two volumes, while both are closed. */
  @Test
  void usesThatCrossDoNotKeepClosingsFromEnding() throws Exception {
    var one = (FspfFileSystem) new TestVolumes(host.resolve("one")).encrypted();
    var other = (FspfFileSystem) new TestVolumes(host.resolve("other")).encrypted();
    var within = new CountDownLatch(2);
    var goOn = new CountDownLatch(1);
    var turnedAway = new java.util.concurrent.atomic.AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (var pair : List.of(List.of(one, other), List.of(other, one))) {
      threads.add(
          new Thread(
              () -> {
                try {
                  pair.get(0)
                      .run(
                          () -> {
                            within.countDown();
                            await(goOn);
                            pair.get(1).run(() -> {});
                          });
                } catch (ClosedFileSystemException e) {
                  turnedAway.incrementAndGet();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    within.await();
    for (FileSystem volume : List.of(one, other)) {
      var closer = new Thread(() -> close(volume));
      threads.add(closer);
      closer.start();
    }
    for (Thread closer : threads.subList(2, 4)) {
      while (closer.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
    }
    goOn.countDown();
    for (Thread thread : threads) {
      thread.join(20_000);
      assertThat(thread.isAlive()).isFalse();
    }
    assertThat(turnedAway).hasValue(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(FileSystem fileSystem) {
    try {
      fileSystem.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long openHandles() throws IOException {
    try (var handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.count();
    }
  }

  @Test
  void openingAndClosingFilesLeaksNothing() throws IOException {
    try (FileSystem volume = new TestVolumes(host).encrypted()) {
      byte[] content = new byte[200_000];
      for (int i = 0; i < 5; i++) {
        Files.write(volume.getPath("/f" + i), content);
      }
      FspfFileSystems.volume(volume).commit();
      long before = openHandles();
      for (int i = 0; i < 10_000; i++) {
        Path file = volume.getPath("/f" + i % 5);
        try (FileChannel channel = FileChannel.open(file, READ);
            var entries = Files.newDirectoryStream(volume.getPath("/"))) {
          channel.read(ByteBuffer.allocate(10), 150_000);
          assertThat(entries.iterator().hasNext()).isTrue();
        }
      }
      assertThat(((FspfFileSystem) volume).resources().count()).isZero();
      assertThat(openHandles()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void openingAndClosingVolumesLeaksNothing() throws IOException {
    var volumes = new TestVolumes(host);
    try (FileSystem volume = volumes.encrypted()) {
      Files.write(volume.getPath("/f"), new byte[200_000]);
    }
    var reading = volumes.environment().readOnly();
    long before = openHandles();
    int threads = Thread.activeCount();
    for (int i = 0; i < 10_000; i++) {
      try (FileSystem volume = i % 50 == 0 ? volumes.open() : FspfFileSystems.open(host, reading)) {
        assertThat(Files.size(volume.getPath("/f"))).isEqualTo(200_000);
        if (i % 100 == 0) {
          Files.setAttribute(volume.getPath("/f"), "user:cycle", new byte[] {(byte) i});
          assertThat(Files.readAllBytes(volume.getPath("/f"))).hasSize(200_000);
        }
      }
    }
    assertThat(openHandles()).isLessThanOrEqualTo(before);
    assertThat(Thread.activeCount()).isLessThan(threads + 5);
  }

  @Test
  void regionsAreStores() throws IOException {
    Files.createDirectory(host.resolve("usr"));
    Files.createDirectory(host.resolve("plain"));
    var volumes = new TestVolumes(host);
    volumes.create(
        Region.encrypted(VolumePath.ROOT, "."),
        Region.authenticated(VolumePath.of("/usr"), "usr"),
        Region.notProtected(VolumePath.of("/host"), "plain"));
    try (FileSystem volume = volumes.open()) {
      var seen = new ArrayList<String>();
      volume.getFileStores().forEach(store -> seen.add(store.name() + " " + protection(store)));
      assertThat(seen).containsExactly("/ encrypted", "/host not-protected", "/usr authenticated");
      Files.createDirectory(volume.getPath("/usr/lib"));
      assertThat(protection(Files.getFileStore(volume.getPath("/usr/lib"))))
          .isEqualTo("authenticated");
      assertThat(protection(Files.getFileStore(volume.getPath("/")))).isEqualTo("encrypted");
      assertThat(Protection.values()).hasSize(3);

      // Files move and are copied between regions, and are protected anew.
      Path file = Files.writeString(volume.getPath("/f"), "moved");
      assertThatThrownBy(
              () -> Files.move(file, volume.getPath("/usr/f"), StandardCopyOption.ATOMIC_MOVE))
          .isInstanceOf(java.nio.file.AtomicMoveNotSupportedException.class);
      Files.move(file, volume.getPath("/usr/f"));
      Files.copy(volume.getPath("/usr/f"), volume.getPath("/host/g"));
      try (FileChannel directory = FileChannel.open(volume.getPath("/usr"), READ)) {
        directory.force(true);
      }
      assertThat(host.resolve("usr/f")).hasContent("moved");
      assertThat(host.resolve("plain/g")).hasContent("moved");
    }
  }

  private static Object protection(java.nio.file.FileStore store) {
    try {
      return store.getAttribute("fspf:protection");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void filesAreCopiedAndMovedBetweenVolumes() throws IOException {
    try (FileSystem one = new TestVolumes(host.resolve("one")).encrypted();
        FileSystem two = new TestVolumes(host.resolve("two")).authenticated()) {
      byte[] content = new byte[300_000];
      new java.util.Random(3).nextBytes(content);
      Path file = Files.write(one.getPath("/f"), content);
      Files.setAttribute(file, "user:a", new byte[] {7});
      Path copy = Files.copy(file, two.getPath("/g"), StandardCopyOption.COPY_ATTRIBUTES);
      assertThat(Files.readAllBytes(copy)).isEqualTo(content);
      assertThat((byte[]) Files.getAttribute(copy, "user:a")).isEqualTo(new byte[] {7});
      Path moved = Files.move(copy, one.getPath("/h"));
      assertThat(Files.readAllBytes(moved)).isEqualTo(content);
      assertThat(copy).doesNotExist();
      assertThat(Files.isSameFile(file, moved)).isFalse();
    }
  }

  @Test
  void whatTheHostChangedIsNeverRead() throws IOException {
    byte[] content = new byte[300_000];
    new java.util.Random(5).nextBytes(content);
    var volumes = new TestVolumes(host);
    try (FileSystem volume = volumes.encrypted()) {
      Files.createDirectory(volume.getPath("/d"));
      Files.write(volume.getPath("/d/f"), content);
    }
    Path object;
    try (var all = Files.walk(host)) {
      object =
          all.filter(p -> Files.isRegularFile(p) && size(p) >= content.length)
              .findFirst()
              .orElseThrow();
    }
    byte[] stored = Files.readAllBytes(object);
    byte[] changed = stored.clone();
    changed[200_000] ^= 1;
    Files.write(object, changed);
    try (FileSystem volume = volumes.open()) {
      Path file = volume.getPath("/d/f");
      assertThatThrownBy(() -> Files.readAllBytes(file))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("/d/f at offset 196608")
          .hasMessageNotContaining(host.toString());
      try (FileChannel channel = FileChannel.open(file, READ)) {
        ByteBuffer read = ByteBuffer.allocate(100_000);
        channel.read(read, 0);
        assertThat(read.array()).isEqualTo(java.util.Arrays.copyOf(content, 100_000));
        assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, 0, content.length))
            .isInstanceOf(IntegrityException.class);
        assertThatThrownBy(
                () ->
                    channel.transferTo(
                        190_000,
                        10_000,
                        java.nio.channels.Channels.newChannel(new java.io.ByteArrayOutputStream())))
            .isInstanceOf(IntegrityException.class);
      }
      assertThatThrownBy(() -> Files.copy(file, volume.getPath("/copy")))
          .isInstanceOf(IntegrityException.class);
      assertThat(volume.getPath("/copy")).doesNotExist();
    }
    Files.write(object, java.util.Arrays.copyOf(stored, 65_536));
    try (FileSystem volume = volumes.open()) {
      assertThatThrownBy(() -> Files.readAllBytes(volume.getPath("/d/f")))
          .isInstanceOf(IntegrityException.class);
    }
    Files.delete(object);
    try (FileSystem volume = volumes.open()) {
      assertThatThrownBy(() -> Files.readAllBytes(volume.getPath("/d/f")))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("/d/f");
    }
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
