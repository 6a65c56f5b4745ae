package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.fspf.Freshness;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Eight threads read and write one volume, which commits by interval and by request, takes
 * snapshots and compacts; meanwhile the plug of copies of its host is pulled. For a minute: without
 * a cache, with a tiny one and with one that holds all, each without and with helpers.
 *
 * <p>Each file has a model and a lock: a change holds the lock alone, a comparison shares it, and a
 * commit holds none, so that commits, readers and writers of different files meet in every order. A
 * file's past versions are kept: a snapshot must show one of them, and a state after a crash one
 * that is not older than what a commit had reported.
 */
class ConcurrencyTest {
  private static final int THREADS = 8;
  private static final int FILES = 20;
  private static final int MAX_SIZE = 60_000;
  private static final Duration TIME =
      Duration.ofSeconds(
          Long.getLong("fspf.stress.seconds", Boolean.getBoolean("fspf.slow") ? 100 : 10));

  /** One file and all that it ever was. */
  private static final class Model {
    final VolumePath path;
    final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** Null where there is no file. Guarded by itself. */
    private final List<@Nullable ByteString> versions = new ArrayList<>();

    /** The index of a version that is durable. */
    private int durable;

    Model(VolumePath path) {
      this.path = path;
      versions.add(null);
    }

    synchronized @Nullable ByteString content() {
      return versions.get(versions.size() - 1);
    }

    synchronized void become(@Nullable ByteString content) {
      versions.add(content);
    }

    synchronized int version() {
      return versions.size() - 1;
    }

    /** A version whose change has ended, as a commit that begins now must make durable. */
    int settled() {
      if (!lock.readLock().tryLock()) {
        return 0;
      }
      try {
        return version();
      } finally {
        lock.readLock().unlock();
      }
    }

    synchronized void reported(int version) {
      durable = Math.max(durable, version);
    }

    synchronized int durable() {
      return durable;
    }

    /** A version that a change under way may have made already is not known here yet. */
    synchronized boolean was(@Nullable ByteString found, int from) {
      return versions.subList(from, versions.size()).contains(found);
    }
  }

  private final VolumeBench bench = new VolumeBench(System.nanoTime());
  private final HonestStore store = new HonestStore();
  private final List<Model> models = new ArrayList<>();

  static List<Long> cacheSizes() {
    return VolumeBench.CACHE_SIZES;
  }

  @ParameterizedTest
  @MethodSource("cacheSizes")
  void eightThreads(long cacheBytes) throws Exception {
    workAtOnce(cacheBytes, VolumeBench.LIMITS);
  }

  /** With other threads that seal, open and read ahead. */
  @ParameterizedTest
  @MethodSource("cacheSizes")
  void eightThreadsAndHelpers(long cacheBytes) throws Exception {
    workAtOnce(cacheBytes, VolumeBench.HELPED);
  }

  private void workAtOnce(long cacheBytes, ContentLimits limits) throws Exception {
    bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
    bench.setCacheBytes(cacheBytes);
    bench.setLimits(limits);
    bench.setCommitInterval(Duration.ofMillis(20));
    bench.setMaxGarbage(0.5);
    List<Region> regions = new ArrayList<>(VolumeBench.REGIONS);
    regions.removeIf(region -> region.path().equals(VolumePath.of("/plain")));
    List<String> directories = List.of("/", "/both/", "/sha/", "/gmac/");
    for (int i = 0; i < FILES; i++) {
      models.add(new Model(VolumePath.of(directories.get(i % directories.size()) + "f" + i)));
    }
    long end = System.nanoTime() + TIME.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    try (Volume volume = bench.create(regions)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        running.add(threads.submit(() -> work(volume, new Random(number), end)));
      }
      running.add(threads.submit(() -> pullPlugs(end)));
      for (Future<?> future : running) {
        future.get();
      }
      verify(volume);
    } finally {
      threads.shutdownNow();
    }
    try (Volume volume = bench.open()) {
      verify(volume);
    }
    assertThat(bench.nonces().size()).isPositive();
  }

  private void verify(Volume volume) throws IOException {
    for (Model model : models) {
      assertThat(find(volume, model.path)).as("%s", model.path).isEqualTo(model.content());
    }
  }

  private @Nullable Void work(Volume volume, Random random, long end) throws IOException {
    while (System.nanoTime() < end) {
      Model model = models.get(random.nextInt(FILES));
      switch (random.nextInt(20)) {
        case 0 -> commit(volume);
        case 1 -> snapshot(volume, random);
        case 2 -> list(volume, model.path.parent());
        case 3, 4 -> alone(model, () -> delete(volume, model));
        case 5 -> alone(model, () -> moveAwayAndBack(volume, model));
        case 6, 7 -> alone(model, () -> resize(volume, model, random));
        case 8, 9, 10, 11 -> alone(model, () -> write(volume, model, random));
        default -> compare(volume, model, random);
      }
    }
    return null;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void alone(Model model, Work work) throws IOException {
    model.lock.writeLock().lock();
    try {
      work.run();
    } finally {
      model.lock.writeLock().unlock();
    }
  }

  private static final OpenOption[] WRITE = {
    StandardOpenOption.WRITE, StandardOpenOption.READ, StandardOpenOption.CREATE
  };

  private static void write(Volume volume, Model model, Random random) throws IOException {
    ByteString before = model.content() == null ? ByteString.EMPTY : model.content();
    byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 300 : 15_000)];
    random.nextBytes(bytes);
    int position = random.nextInt(Math.min(before.size() + 100, MAX_SIZE));
    byte[] content =
        Arrays.copyOf(before.toByteArray(), Math.max(before.size(), position + bytes.length));
    System.arraycopy(bytes, 0, content, position, bytes.length);
    if (model.content() == null) {
      model.become(ByteString.EMPTY);
    }
    model.become(ByteString.copyFrom(content));
    try (VolumeFile file = volume.open(model.path, WRITE)) {
      file.write(ByteBuffer.wrap(bytes), position);
      if (random.nextInt(30) == 0) {
        int version = model.version();
        file.force();
        model.reported(version);
      }
    }
  }

  private static void resize(Volume volume, Model model, Random random) throws IOException {
    ByteString before = model.content() == null ? ByteString.EMPTY : model.content();
    int size = random.nextInt(3) == 0 ? 0 : random.nextInt(MAX_SIZE);
    if (model.content() == null) {
      model.become(ByteString.EMPTY);
    }
    model.become(ByteString.copyFrom(Arrays.copyOf(before.toByteArray(), size)));
    try (VolumeFile file = volume.open(model.path, WRITE)) {
      file.setSize(size);
    }
  }

  /** What has lost its name stays readable. */
  private static void delete(Volume volume, Model model) throws IOException {
    ByteString content = model.content();
    if (content == null) {
      return;
    }
    model.become(null);
    try (VolumeFile file = volume.open(model.path)) {
      volume.delete(model.path);
      assertThat(read(file)).isEqualTo(content);
    }
  }

  private static void moveAwayAndBack(Volume volume, Model model) throws IOException {
    ByteString content = model.content();
    if (content == null) {
      return;
    }
    VolumePath away = model.path.parent().resolve(Name.of(model.path.name() + "-away"));
    model.become(null);
    volume.move(model.path, away);
    assertThat(find(volume, away)).isEqualTo(content);
    model.become(content);
    volume.move(away, model.path, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void compare(Volume volume, Model model, Random random) throws IOException {
    model.lock.readLock().lock();
    try {
      ByteString content = model.content();
      if (content == null || random.nextBoolean()) {
        assertThat(find(volume, model.path)).as("%s", model.path).isEqualTo(content);
        return;
      }
      int position = random.nextInt(content.size() + 1);
      ByteBuffer into = ByteBuffer.allocate(1 + random.nextInt(10_000));
      try (VolumeFile file = volume.open(model.path)) {
        assertThat(file.size()).isEqualTo(content.size());
        int got = file.read(into, position);
        if (position == content.size()) {
          assertThat(got).isEqualTo(-1);
        } else {
          assertThat(ByteString.copyFrom(into.flip()))
              .isEqualTo(content.substring(position, position + got));
        }
      }
    } finally {
      model.lock.readLock().unlock();
    }
  }

  private static void list(Volume volume, VolumePath directory) throws IOException {
    var cursor = volume.list(directory);
    while (cursor.next()) {
      assertThat(cursor.entry().name().toString()).isNotEmpty();
    }
  }

  private void commit(Volume volume) throws IOException {
    int[] versions = models.stream().mapToInt(Model::settled).toArray();
    assertThat(volume.commit()).isNotNull();
    for (int i = 0; i < FILES; i++) {
      models.get(i).reported(versions[i]);
    }
  }

  private void snapshot(Volume volume, Random random) throws IOException {
    try (Volume.Snapshot snapshot = volume.snapshot()) {
      Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(random.nextInt(5)));
      for (Model model : models) {
        ByteString found;
        try {
          found = find(snapshot, model.path);
        } catch (IntegrityException e) {
          // Replaced since, as it may be in an authenticated region.
          String region = model.path.names().get(0).toString();
          if (!region.equals("sha") && !region.equals("gmac")) {
            throw e;
          }
          continue;
        }
        assertThat(model.was(found, 0)).as("%s in a snapshot", model.path).isTrue();
      }
    }
  }

  private @Nullable Void pullPlugs(long end) throws IOException {
    var random = new Random();
    while (System.nanoTime() < end) {
      Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(50 + random.nextInt(200)));
      int[] durable = models.stream().mapToInt(Model::durable).toArray();
      HonestStore known;
      SimulatedHost crashed;
      // A crash meets both at one moment. Apart, a commit and a compaction may come between, and
      // the file that holds only the last of them cannot show that it follows from the first.
      synchronized (store) {
        known = store.copy();
        crashed = bench.host().afterCrash(random);
      }
      try (Volume volume =
          bench.open(crashed, Freshness.store(known, TagPolicy.ROLLBACK_PROTECTED))) {
        for (int i = 0; i < FILES; i++) {
          Model model = models.get(i);
          ByteString found = find(volume, model.path);
          assertThat(model.was(found, durable[i]))
              .as("%s after a crash, version %s or later", model.path, durable[i])
              .isTrue();
        }
      }
    }
    return null;
  }

  private static @Nullable ByteString find(VolumeView view, VolumePath path) throws IOException {
    try (VolumeFile file = view.open(path)) {
      return read(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static ByteString read(VolumeFile file) throws IOException {
    ByteBuffer into = ByteBuffer.allocate((int) file.size() + 1);
    while (file.read(into, into.position()) > 0) {
      // On to the rest.
    }
    return ByteString.copyFrom(into.flip());
  }
}
