package io.fspf.internal.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Name;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes.Kind;
import io.fspf.internal.host.HostDirectory.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only the real host has: kinds of files, interrupts, locks between processes, the locale. */
@DisabledOnOs(OS.WINDOWS)
class NioHostTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  @SuppressWarnings("NullAway.Init")
  HostDirectory dir;

  @BeforeEach
  void setUp() {
    dir = NioHost.directory(temporary);
  }

  private static VolumePath path(String text) {
    return VolumePath.of(text);
  }

  private void put(String name, String content) throws IOException {
    Files.writeString(temporary.resolve(name), content);
  }

  @Test
  @Timeout(20)
  void nothingWaitsForAFifo() throws Exception {
    run("mkfifo", temporary.resolve("fifo").toString());
    assertThat(dir.attributes(path("fifo")).kind()).isEqualTo(Kind.SPECIAL);
    for (Mode mode : new Mode[] {Mode.READ, Mode.WRITE}) {
      assertThatThrownBy(() -> dir.open(path("fifo"), mode))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("not a regular file");
    }
    assertThatThrownBy(() -> dir.lock(path("fifo"), false)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.setMode(path("fifo"), 0600))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.setTimes(path("fifo"), Instant.EPOCH, null))
        .isInstanceOf(FileSystemException.class);
    assertThat(dir.extendedAttributes(path("fifo"))).isEmpty();
    dir.delete(path("fifo"));
  }

  /** As if the host put it there after our look at the file. */
  @Test
  @Timeout(20)
  @EnabledOnOs(OS.LINUX)
  void openingAFifoDoesNotWaitForEver() throws Exception {
    Path fifo = temporary.resolve("fifo");
    run("mkfifo", fifo.toString());
    for (boolean writable : new boolean[] {false, true, false}) {
      try (FileChannel channel = NioFile.openChannel(fifo, writable)) {
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0))
            .isInstanceOf(IOException.class);
      }
    }
  }

  /** Whatever stands at the name at which moment, a call ends, with the file or without. */
  @Test
  @Timeout(60)
  @EnabledOnOs(OS.LINUX)
  void aFileThatTurnsIntoAFifoAndBack() throws Exception {
    run("mkfifo", temporary.resolve("fifo").toString());
    put("file", "content");
    put("f", "content");
    var stopped = new AtomicBoolean();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> host =
          executor.submit(
              () -> {
                int turns = 0;
                for (; !stopped.get(); turns++) {
                  Path next = temporary.resolve("next");
                  Files.createLink(next, temporary.resolve(turns % 2 == 0 ? "file" : "fifo"));
                  Files.move(next, temporary.resolve("f"), StandardCopyOption.ATOMIC_MOVE);
                  // Without a rest almost every call would be caught, and freed only in time.
                  LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
                }
                return turns;
              });
      int refused = 0;
      int served = 0;
      while (served < 20 || refused < 20) {
        try (HostFile file = dir.open(path("f"), Mode.READ)) {
          byte[] content = new byte[7];
          assertThat(file.read(0, content, 0, 7)).isEqualTo(7);
          assertThat(content).isEqualTo("content".getBytes(UTF_8));
          served++;
        } catch (IOException e) {
          refused++;
        }
        try {
          dir.setTimes(path("f"), Instant.EPOCH, null);
          assertThat(dir.extendedAttributes(path("f"))).isEmpty();
        } catch (IOException e) {
          refused++;
        }
      }
      stopped.set(true);
      assertThat(host.get(10, TimeUnit.SECONDS)).isPositive();
    } finally {
      stopped.set(true);
      executor.shutdownNow();
    }
  }

  @Test
  void theDirectoryItselfMayBeALink() throws IOException {
    put("f", "x");
    Files.createSymbolicLink(temporary.resolve("link"), Path.of("."));
    HostDirectory linked = NioHost.DEFAULT.directory(temporary + "/link");
    assertThat(linked.attributes(VolumePath.ROOT).kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(linked.list(VolumePath.ROOT)).contains(Name.of("f"));
    assertThatThrownBy(() -> NioHost.DEFAULT.directory("relative"))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void theDirectoryNeedNotExistYet() throws IOException {
    HostDirectory later = NioHost.directory(temporary.resolve("later"));
    assertThatThrownBy(() -> later.list(VolumePath.ROOT)).isInstanceOf(NoSuchFileException.class);
    later.createDirectory(VolumePath.ROOT);
    assertThat(later.list(VolumePath.ROOT)).isEmpty();
  }

  @Test
  void theTextOfADirectoryCarriesAnyByte() throws IOException {
    Name odd = Name.ofBytes(new byte[] {'x', (byte) 0xFF, '\n'});
    dir.createDirectory(VolumePath.ROOT.resolve(odd));
    HostDirectory below =
        NioHost.DEFAULT.directory(VolumePath.of(temporary.toString()).resolve(odd).toString());
    below.open(path("f"), Mode.CREATE).close();
    below.open(path("ä"), Mode.CREATE).close();
    below.createSymbolicLink(path("l"), "a//b".getBytes(UTF_8));
    assertThat(below.list(VolumePath.ROOT))
        .containsExactly(Name.of("f"), Name.of("l"), Name.of("ä"));
    assertThat(below.readSymbolicLink(path("l"))).isEqualTo("a//b".getBytes(UTF_8));
  }

  @Test
  void ownersAreSet() throws IOException {
    put("f", "");
    Files.createSymbolicLink(temporary.resolve("l"), Path.of("f"));
    HostAttributes own = dir.attributes(path("f"));
    boolean root = own.uid() == 0;
    int uid = root ? 12345 : own.uid();
    int gid = root ? 54321 : own.gid();
    dir.setOwner(path("l"), uid, gid);
    assertThat(dir.attributes(path("l")).uid()).isEqualTo(uid);
    assertThat(dir.attributes(path("l")).gid()).isEqualTo(gid);
    assertThat(dir.attributes(path("f")).uid()).isEqualTo(own.uid());
    assertThat(dir.attributes(path("f")).gid()).isEqualTo(own.gid());
    dir.setOwner(path("f"), uid, gid);
    assertThat(dir.attributes(path("f")).uid()).isEqualTo(uid);
  }

  @Test
  void timesBefore1970AreRoundedDown() throws IOException {
    put("f", "");
    dir.setTimes(path("f"), Instant.ofEpochSecond(-5, 500_000_000), null);
    assertThat(dir.attributes(path("f")).modified()).isEqualTo(Instant.ofEpochSecond(-5));
  }

  @Test
  void anArchiveCanBeTheHost() throws IOException {
    Path zip = temporary.resolve("a.zip");
    try (FileSystem archive =
        FileSystems.newFileSystem(
            URI.create("jar:" + zip.toUri()),
            Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
      HostDirectory root = NioHost.of(archive).directory("/");
      root.createDirectory(path("d"));
      Files.writeString(archive.getPath("/d/f"), "content");
      assertThat(root.list(VolumePath.ROOT)).containsExactly(Name.of("d"));
      assertThat(root.list(path("d"))).containsExactly(Name.of("f"));
      assertThat(root.attributes(path("d")).kind()).isEqualTo(Kind.DIRECTORY);
      try (HostFile file = root.open(path("d/f"), Mode.READ)) {
        assertThat(new String(HostContractTest.readAll(file), UTF_8)).isEqualTo("content");
      }
      assertThatThrownBy(() -> root.open(path("no"), Mode.READ))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void anInterruptedThreadReadsAndWritesOn() throws IOException {
    put("f", "content");
    try (HostFile file = dir.open(path("f"), Mode.WRITE)) {
      Thread.currentThread().interrupt();
      assertThat(new String(HostContractTest.readAll(file), UTF_8)).isEqualTo("content");
      file.write(0, "C".getBytes(UTF_8), 0, 1);
      file.setSize(9);
      file.sync();
      dir.syncDirectory(VolumePath.ROOT);
      dir.lock(path("f"), true).close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(file.size()).isEqualTo(9);
    }
  }

  /**
   * Threads read, write, cut and sync one file, while each of them is interrupted all the time.
   * Every operation must work, nobody may see the file closed, and no interrupt may be lost.
   */
  @Test
  @Timeout(60)
  void interruptsCloseTheFileForNobody() throws Exception {
    long seed = System.nanoTime();
    int threads = 4;
    int size = 300_000;
    var stop = new AtomicBoolean();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    var workers = new ArrayList<Thread>();
    try (HostFile file = dir.open(path("f"), Mode.CREATE)) {
      var results = new ArrayList<Future<Integer>>();
      for (int t = 0; t < threads; t++) {
        int own = t;
        Callable<Integer> work =
            () -> {
              synchronized (workers) {
                workers.add(Thread.currentThread());
              }
              return workUntil(stop, file, (long) own * size, size, new Random(seed + own));
            };
        results.add(pool.submit(work));
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      var random = new Random(seed);
      while (System.nanoTime() < end) {
        synchronized (workers) {
          if (!workers.isEmpty()) {
            workers.get(random.nextInt(workers.size())).interrupt();
          }
        }
        // A file that is renamed meanwhile is found again under its new name.
        dir.rename(path("f"), path("g"));
        dir.rename(path("g"), path("f"));
        Thread.sleep(1);
      }
      stop.set(true);
      int interrupts = 0;
      for (Future<Integer> result : results) {
        interrupts += result.get();
      }
      assertThat(interrupts).as("seed %s", seed).isGreaterThan(10);
    } finally {
      stop.set(true);
      pool.shutdownNow();
    }
  }

  private static int workUntil(
      AtomicBoolean stop, HostFile file, long start, int size, Random random) throws IOException {
    int interrupts = 0;
    byte[] written = new byte[size];
    byte[] read = new byte[size];
    while (!stop.get()) {
      random.nextBytes(written);
      file.write(start, written, 0, size);
      Arrays.fill(read, (byte) 0);
      assertThat(file.read(start, read, 0, size)).isEqualTo(size);
      assertThat(read).isEqualTo(written);
      if (random.nextInt(8) == 0) {
        file.sync();
      }
      file.setSize(Math.max(file.size(), 4L * size));
      if (Thread.interrupted()) {
        interrupts++;
      }
    }
    return interrupts;
  }

  @Test
  void aFileThatWasReplacedIsNotTakenForTheOpenOne() throws Exception {
    put("f", "old");
    try (HostFile file = dir.open(path("f"), Mode.READ)) {
      // Behind this host's back, as another process does it.
      put("new", "new");
      Files.move(
          temporary.resolve("new"), temporary.resolve("f"), StandardCopyOption.REPLACE_EXISTING);
      assertThat(new String(HostContractTest.readAll(file), UTF_8)).isEqualTo("old");
    }
    try (HostFile file = dir.open(path("f"), Mode.READ)) {
      assertThat(new String(HostContractTest.readAll(file), UTF_8)).isEqualTo("new");
    }
  }

  @Test
  void aLockExcludesOtherProcessesAndNamesTheHolder() throws Exception {
    put("f", "x");
    try (Other other = new Other(temporary)) {
      assertThat(other.ask("lock f exclusive")).isEqualTo("locked");
      assertThatThrownBy(() -> dir.lock(path("f"), true))
          .isInstanceOf(VolumeLockedException.class)
          .hasMessageContaining(holder(other));
      assertThatThrownBy(() -> dir.lock(path("f"), false))
          .isInstanceOf(VolumeLockedException.class);
      assertThat(other.ask("unlock f")).isEqualTo("unlocked");
      HostLock shared = dir.lock(path("f"), false);
      assertThat(other.ask("lock f shared")).isEqualTo("locked");
      assertThat(other.ask("unlock f")).isEqualTo("unlocked");
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      shared.close();
      assertThat(other.ask("lock f exclusive")).isEqualTo("locked");
      other.process.destroyForcibly().waitFor();
      dir.lock(path("f"), true).close();
    }
  }

  private static String holder(Other other) {
    return OS.LINUX.isCurrentOs() ? "process " + other.process.pid() : "another process";
  }

  @Test
  void aLockOutlivesEverythingElseThatIsDoneToTheFile() throws Exception {
    put("f", "x");
    try (Other other = new Other(temporary);
        HostLock lock = dir.lock(path("f"), true)) {
      assertThat(lock).isNotNull();
      dir.open(path("f"), Mode.READ).close();
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      for (int i = 0; i < 3; i++) {
        try (HostFile file = dir.open(path("f"), Mode.WRITE)) {
          file.write(0, new byte[1], 0, 1);
          file.sync();
        }
      }
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      dir.setMode(path("f"), 0640);
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      dir.setTimes(path("f"), Instant.EPOCH, null);
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      dir.extendedAttributes(path("f"));
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      assertThatThrownBy(() -> dir.lock(path("f"), true)).isInstanceOf(VolumeLockedException.class);
      assertThat(other.ask("lock f shared")).contains("in use by");
    }
    dir.lock(path("f"), true).close();
  }

  @Test
  @Timeout(60)
  void aLockOutlivesInterrupts() throws Exception {
    put("f", "x".repeat(1 << 20));
    try (Other other = new Other(temporary);
        HostLock lock = dir.lock(path("f"), true);
        HostFile file = dir.open(path("f"), Mode.WRITE)) {
      assertThat(lock).isNotNull();
      var stop = new AtomicBoolean();
      ExecutorService pool = Executors.newSingleThreadExecutor();
      var worker = new Thread[1];
      Future<Integer> result =
          pool.submit(
              () -> {
                worker[0] = Thread.currentThread();
                return workUntil(stop, file, 0, 1 << 20, new Random(1));
              });
      for (int round = 0; round < 100; round++) {
        Thread.sleep(3);
        if (worker[0] != null) {
          worker[0].interrupt();
        }
      }
      assertThat(other.ask("lock f exclusive")).contains("in use by");
      stop.set(true);
      assertThat(result.get()).isPositive();
      pool.shutdown();
      assertThat(other.ask("lock f exclusive")).contains("in use by");
    }
  }

  @Test
  void aLockThatWasLostStopsTheWriter() throws Exception {
    put("f", "x");
    try (Other other = new Other(temporary);
        HostLock lock = dir.lock(path("f"), true);
        HostFile file = dir.open(path("f"), Mode.WRITE)) {
      assertThat(lock).isNotNull();
      // Somebody else's code in this process opens and closes the file, and so the process loses
      // the lock.
      assertThat(Files.readString(temporary.resolve("f"))).isEqualTo("x");
      assertThat(other.ask("lock f exclusive")).isEqualTo("locked");
      dir.setTimes(path("f"), Instant.EPOCH, null);
      assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1))
          .isInstanceOf(VolumeLockedException.class)
          .hasMessageContaining("lost");
      assertThatThrownBy(() -> file.setSize(0)).isInstanceOf(VolumeLockedException.class);
      assertThat(file.size()).isEqualTo(1);
    }
    dir.lock(path("f"), true).close();
  }

  @Test
  void aLockFollowsTheNameWhenTheFileIsReplaced() throws Exception {
    put("f", "old");
    try (HostLock old = dir.lock(path("f"), true)) {
      assertThat(old).isNotNull();
      put("new", "new");
      dir.rename(path("new"), path("f"));
      // The name leads to another file now, and that one is free.
      dir.lock(path("f"), true).close();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void namesAreExactInAnyLocale() throws Exception {
    Name odd = Name.ofBytes(new byte[] {(byte) 0xC3, (byte) 0xA4, (byte) 0xFF});
    VolumePath file = VolumePath.of(List.of(odd, Name.of("日本")));
    dir.createDirectory(file.parent());
    dir.open(file, Mode.CREATE).close();
    String child =
        run(
            Map.of("LC_ALL", "C"),
            ClassPaths.java(NioHostChild.class, "odd", temporary.toString()));
    assertThat(child).contains("c3a4ff/e697a5e69cac").contains("made");
    assertThat(dir.list(file.parent())).contains(Name.ofBytes(new byte[] {(byte) 0xE4, '0'}));
  }

  private static String run(String... command) throws Exception {
    return run(Map.of(), List.of(command));
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws Exception {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** A second Java process that locks files when told so. */
  private static final class Other implements AutoCloseable {
    final Process process;
    private final BufferedReader answers;

    Other(Path directory) throws IOException {
      process =
          new ProcessBuilder(ClassPaths.java(NioHostChild.class, "locks", directory.toString()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    String ask(String question) throws IOException {
      process.getOutputStream().write((question + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
      return String.valueOf(answers.readLine());
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
