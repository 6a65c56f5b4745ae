package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.util.concurrent.internal.InternalFutureFailureAccess;
import com.google.protobuf.Message;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import io.fspf.internal.host.ClassPaths;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.crypto.Digest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On the real file system: a process that writes is killed at random moments, and whatever it had
 * reported durable is there; its lock is no obstacle.
 */
class KillTest {
  private static final int KILLS = Integer.getInteger("fspf.kills", 200);
  private static final int VOLUMES = 2;

  /** A process is killed after less than so many commits, most of them right after its start. */
  private static final int MAX_COMMITS = 12;

  @TempDir Path directory;

  @Test
  void whatWasReportedDurableOutlivesThe200thKill() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(VOLUMES);
    try {
      List<Callable<Long>> lives = new ArrayList<>();
      for (int i = 0; i < VOLUMES; i++) {
        Path own = Files.createDirectory(directory.resolve("v" + i));
        long seed = System.nanoTime() + i;
        lives.add(() -> live(own, seed, KILLS / VOLUMES));
      }
      long commits = 0;
      for (Future<Long> life : threads.invokeAll(lives)) {
        commits += life.get();
      }
      assertThat(commits).as("commits that were reported before a kill").isGreaterThan(KILLS);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Returns how many commits were reported. */
  private static long live(Path directory, long seed, int kills) throws Exception {
    var random = new Random(seed);
    Path home = Files.createDirectory(directory.resolve("volume"));
    Files.createDirectory(directory.resolve("tags"));
    Files.createDirectory(home.resolve("plain"));
    Volume.create(
            home,
            KillChild.options(directory),
            List.of(
                Region.encrypted(VolumePath.ROOT, "."),
                Region.authenticated(VolumePath.of("/plain-to-see"), "plain")))
        .close();
    var state = new KillScript(KillScript.Shape.SMALL);
    long commits = 0;
    for (int kill = 0; kill < kills; kill++) {
      Reported reported = writesUntilKilled(directory, state.done(), random);
      state = recovered(directory, state, reported.operations(), seed);
      commits += reported.commits();
    }
    return commits;
  }

  /**
   * What a process had reported when it was killed.
   *
   * @param operations that are durable, counted from the volume's beginning
   * @param commits of this process
   */
  private record Reported(long operations, int commits) {}

  /** Starts a process, kills it, and returns what it reported. */
  private static Reported writesUntilKilled(Path directory, long first, Random random)
      throws Exception {
    List<Class<?>> needed =
        List.of(Message.class, Caffeine.class, InternalFutureFailureAccess.class, Digest.class);
    Process child =
        new ProcessBuilder(
                ClassPaths.java(
                    KillChild.class, needed, directory.toString(), Long.toString(first)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var reported = new Reported(first, 0);
    try (var out =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      assertThat(out.readLine()).isEqualTo("begin");
      // Some amid the opening, and the recovery that is part of it; some after many commits, since
      // a commit takes a millisecond once the process is warm.
      int commits = random.nextInt(4) == 0 ? -1 : random.nextInt(1 + random.nextInt(MAX_COMMITS));
      if (commits >= 0) {
        assertThat(out.readLine()).isEqualTo("open");
      }
      while (reported.commits() < commits) {
        reported = reported(out.readLine(), reported);
      }
      Thread.sleep(random.nextInt(commits < 0 ? 300 : 30));
      // Not by the process, which would close its output as well.
      assertThat(child.toHandle().destroyForcibly()).isTrue();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.equals("open")) {
          reported = reported(line, reported);
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return reported;
  }

  private static Reported reported(@Nullable String line, Reported before) {
    assertThat(line).as("what the process reports").isNotNull();
    return new Reported(Long.parseLong(line), before.commits() + 1);
  }

  /**
   * Checks that the volume is where it was reported to be or one commit on.
   *
   * @param before some earlier state
   * @return its state
   */
  private static KillScript recovered(Path directory, KillScript before, long reported, long seed)
      throws IOException {
    try (Volume volume = Volume.open(directory.resolve("volume"), KillChild.options(directory))) {
      Map<String, byte[]> found = files(volume, KillScript.Shape.SMALL.directories());
      KillScript state = before.copy();
      while (state.done() < reported) {
        state.next();
      }
      // A move in an authenticated region has commits of its own.
      for (; state.done() <= reported + 2; state.next()) {
        if (same(found, state.files())) {
          return state;
        }
      }
      throw new AssertionError(
          "Seed " + seed + ": not the state after operation " + reported + " nor a later one");
    }
  }

  static boolean same(Map<String, byte[]> one, Map<String, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(e -> Arrays.equals(e.getValue(), other.get(e.getKey())));
  }

  /** The regular files of these directories and what they hold. */
  static Map<String, byte[]> files(VolumeView volume, List<String> directories) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (VolumePath directory : directories.stream().map(VolumePath::of).toList()) {
      var cursor = volume.list(directory);
      while (cursor.next()) {
        VolumePath path = directory.resolve(cursor.entry().name());
        if (volume.attributes(path).isRegularFile()) {
          files.put(path.toString(), read(volume, path));
        }
      }
    }
    return files;
  }

  private static byte[] read(VolumeView volume, VolumePath path) throws IOException {
    try (VolumeFile file = volume.open(path)) {
      ByteBuffer into = ByteBuffer.allocate((int) file.size());
      while (into.hasRemaining() && file.read(into, into.position()) > 0) {
        // On to the rest.
      }
      return into.array();
    }
  }
}
