package io.fspf.internal.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moments at which one thread could find, or leave, what another had only half done. */
class RacesTest {
  private static final VolumePath FILE = VolumePath.of("/f");
  private static final VolumePath OTHER = VolumePath.of("/other");

  /** More than stands in a record, and more than one chunk. */
  private static final byte[] LONG = "long content ".repeat(600).getBytes(UTF_8);

  private static final byte[] HOLE = new byte[20_000];

  private final VolumeBench bench = new VolumeBench(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Volume volume;

  @BeforeEach
  void create() throws IOException {
    volume = bench.create(VolumeBench.REGIONS);
  }

  @AfterEach
  void close() throws IOException {
    threads.shutdownNow();
    bench.clock().setHook(() -> {});
    volume.close();
  }

  private interface Script {
    void run() throws IOException;
  }

  private static Runnable unchecked(Script script) {
    return () -> {
      try {
        script.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** The first time that somebody asks for the time from now on. */
  private void once(Script script) {
    var done = new AtomicBoolean();
    bench
        .clock()
        .setHook(
            () -> {
              if (done.compareAndSet(false, true)) {
                unchecked(script).run();
              }
            });
  }

  private void write(VolumePath path, byte[] content) throws IOException {
    try (VolumeFile file = volume.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
  }

  /** A file without a single chunk. */
  private void hole(VolumePath path) throws IOException {
    try (VolumeFile file = volume.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      file.setSize(HOLE.length);
    }
  }

  private static byte[] read(VolumeView view, VolumePath path) throws IOException {
    try (VolumeFile file = view.open(path)) {
      ByteBuffer into = ByteBuffer.allocate((int) file.size());
      while (into.hasRemaining() && file.read(into, into.position()) > 0) {
        // On to the rest.
      }
      return into.array();
    }
  }

  /**
   * While a commit fixes the state, whoever opens and closes a file must not make it an old one.
   */
  @Test
  void openingWhileACommitFixesItsState() throws IOException {
    List<VolumePath> paths = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      VolumePath path = VolumePath.of((i % 3 == 0 ? "/sha/f" : "/f") + i);
      paths.add(path);
      if (i % 3 == 1) {
        hole(path);
      } else {
        write(path, LONG);
      }
    }
    var looked = new AtomicInteger();
    bench
        .host()
        .setHook(
            operation -> {
              boolean amidFixing = operation.kind() == Operation.Kind.SET_MODE;
              if (amidFixing) {
                looked.incrementAndGet();
                for (VolumePath path : paths) {
                  volume.open(path).close();
                  assertThat(read(volume, path)).as("%s", path).isIn(LONG, HOLE);
                }
              }
              return Answer.PROCEED;
            });
    assertThat(volume.commit()).isNotNull();
    assertThat(looked.get()).isEqualTo(10);
    bench.host().setHook(operation -> Answer.PROCEED);
    for (VolumePath path : paths) {
      assertThat(read(volume, path)).as("%s", path).isIn(LONG, HOLE);
    }
  }

  /** The last handle is being closed, and the content about to be put into its record. */
  @Test
  void aFileGrowsWhileItsLastHandleIsClosed() throws IOException {
    try (VolumeFile closing =
        volume.open(FILE, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      closing.write(ByteBuffer.wrap("short".getBytes(UTF_8)), 0);
      once(() -> write(FILE, LONG));
    }
    assertThat(read(volume, FILE)).isEqualTo(LONG);
    reopen();
    assertThat(read(volume, FILE)).isEqualTo(LONG);
  }

  private void reopen() throws IOException {
    volume.close();
    volume = bench.open();
  }

  /** One thread's change is recorded by another's closing, before it says when it took place. */
  @Test
  void theTimeOfAChangeMadeWhileTheLastHandleIsClosed() throws Exception {
    var closed = new CountDownLatch(1);
    var asked = new AtomicInteger();
    List<Future<?>> writing = new ArrayList<>();
    VolumeFile closing = volume.open(FILE, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    closing.write(ByteBuffer.wrap("short".getBytes(UTF_8)), 0);
    var written = new CountDownLatch(1);
    Script writeLater = () -> write(FILE, "other".getBytes(UTF_8));
    bench
        .clock()
        .setHook(
            () -> {
              switch (asked.incrementAndGet()) {
                case 1 -> {
                  // Closing, with the record not made yet.
                  writing.add(threads.submit(unchecked(writeLater)));
                  Uninterruptibles.awaitUninterruptibly(written);
                }
                case 2 -> {
                  // The other thread has written, and asks what time it is.
                  written.countDown();
                  Uninterruptibles.awaitUninterruptibly(closed);
                  bench.clock().tick();
                }
                default -> {}
              }
            });
    closing.close();
    closed.countDown();
    writing.get(0).get();
    bench.clock().setHook(() -> {});
    Instant last = bench.clock().instant();
    assertThat(volume.attributes(FILE).modified()).isEqualTo(last);
    assertThat(volume.commit()).isNotNull();
    assertThat(volume.attributes(FILE).modified()).isEqualTo(last);
    reopen();
    assertThat(volume.attributes(FILE).modified()).isEqualTo(last);
  }

  /** Somebody has found the file, which is then removed before it is opened. */
  @Test
  void openingWhatWasRemovedMeanwhile() throws IOException {
    write(FILE, LONG);
    var live = (LiveVolume) volume;
    Position found = live.namespace().resolve(FILE, true);
    volume.delete(FILE);
    for (OpenFlags flags :
        List.of(OpenFlags.of(), OpenFlags.of(StandardOpenOption.WRITE, StandardOpenOption.READ))) {
      assertThatThrownBy(() -> live.openExisting(FILE, found, flags))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  /** Somebody has begun to look, when the last handle's changes go into the record. */
  @Test
  void theSizeOfAFileThatIsClosedMeanwhile() throws IOException {
    write(FILE, "x".getBytes(UTF_8));
    var live = (LiveVolume) volume;
    Namespace before;
    try (VolumeFile file = volume.open(FILE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("four".getBytes(UTF_8)), 0);
      before = live.namespace();
      assertThat(before.attributes(before.resolve(FILE, true)).size()).isEqualTo(4);
    }
    assertThat(before.attributes(before.resolve(FILE, true)).size()).isEqualTo(4);
  }

  /** Files are replaced by a move over them again and again: there is one at every moment. */
  @Test
  void aFileThatIsReplacedIsAlwaysThere() throws Exception {
    for (VolumePath path : List.of(FILE, VolumePath.of("/sha/f"))) {
      VolumePath draft = path.parent().resolve(OTHER.name());
      write(path, LONG);
      long end = System.nanoTime() + 500_000_000;
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        boolean writes = i == 2;
        running.add(
            threads.submit(
                unchecked(
                    () -> {
                      while (System.nanoTime() < end) {
                        if (writes) {
                          volume.open(path, StandardOpenOption.WRITE).close();
                        }
                        byte[] found = read(volume, path);
                        assertThat(ByteString.copyFrom(found)).isEqualTo(ByteString.copyFrom(LONG));
                      }
                    })));
      }
      while (System.nanoTime() < end) {
        write(draft, LONG);
        volume.move(draft, path, StandardCopyOption.REPLACE_EXISTING);
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
  }

  /** A file of an authenticated region is found, moved, and then opened. */
  @Test
  void aFileThatIsMovedToAndFroIsReadWhereItStands() throws Exception {
    for (String region : List.of("/", "/sha/")) {
      VolumePath here = VolumePath.of(region + "here");
      VolumePath there = VolumePath.of(region + "there");
      write(here, LONG);
      assertThat(volume.commit()).isNotNull();
      long end = System.nanoTime() + 500_000_000;
      List<Future<?>> running = new ArrayList<>();
      for (VolumePath path : List.of(here, there)) {
        running.add(
            threads.submit(
                unchecked(
                    () -> {
                      while (System.nanoTime() < end) {
                        try {
                          byte[] found = read(volume, path);
                          assertThat(ByteString.copyFrom(found))
                              .isEqualTo(ByteString.copyFrom(LONG));
                        } catch (NoSuchFileException e) {
                          // It is at the other place.
                        }
                      }
                    })));
      }
      while (System.nanoTime() < end) {
        volume.move(here, there);
        volume.move(there, here);
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
  }
}
