package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.base.Splitter;
import com.google.common.util.concurrent.internal.InternalFutureFailureAccess;
import com.google.protobuf.Message;
import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.internal.host.ClassPaths;
import io.fspf.seal.Verifier;
import io.fspf.seal.VerifyReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.crypto.Digest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Half an hour, or as long as {@code fspf.soak.minutes} says, of random work on the real file
 * system by processes with a heap of 64 MiB that are killed again and again. After each kill every
 * byte is compared with a model; every few kills the whole volume is checked and what crashes left
 * is settled, and then the host must not hold much more than the volume.
 */
@Tag("soak")
class SoakTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(
          (long) (60 * Double.parseDouble(System.getProperty("fspf.soak.minutes", "30"))));
  private static final long SEED = Long.getLong("fspf.test.seed", System.nanoTime());
  private static final int KILLS_BETWEEN_CHECKS = 5;

  /**
   * Besides the contents: old slots of objects, metadata with its garbage, what is preallocated.
   */
  private static final double MAX_RATIO = 3;

  private static final long MAX_MORE = 32L << 20;

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private long commits;
  private long kills;
  private long checks;
  private long maxHeap;
  private long maxHost;
  private long maxContents;
  private double maxRatio;

  @Test
  void worksOnWhateverIsKilled() throws Exception {
    Instant end = Instant.now().plus(LENGTH);
    Path home = Files.createDirectory(directory.resolve("volume"));
    for (String host : List.of("digests", "plain", "keyed")) {
      Files.createDirectory(home.resolve(host));
    }
    Files.createDirectory(directory.resolve("tags"));
    Volume.create(
            home,
            SoakChild.options(directory),
            List.of(
                Region.encrypted(VolumePath.ROOT, "."),
                Region.encrypted(VolumePath.of("/digests"), "digests")
                    .withIntegrity(Integrity.GCM_SHA256)
                    .withChunkSize(16 << 10),
                Region.authenticated(VolumePath.of("/plain"), "plain"),
                Region.authenticated(VolumePath.of("/keyed"), "keyed")
                    .withIntegrity(Integrity.GMAC)
                    .withChunkSize(16 << 10)))
        .close();
    var state = new KillScript(SoakChild.SHAPE);
    while (Instant.now().isBefore(end)) {
      long reported = worksUntilKilled(state.done());
      state = recovered(state, reported);
      if (++kills % KILLS_BETWEEN_CHECKS == 0) {
        checkAll(home, state);
      }
    }
    checkAll(home, state);
    System.out.printf(
        "Soak: %d s, seed %d: %d operations in %d commits, %d kills, %d checks of the whole volume;"
            + " heap at most %.1f MiB of 64, host files at most %.1f MiB for contents of %.1f MiB,"
            + " %.2f times the contents%n",
        LENGTH.toSeconds(),
        SEED,
        state.done(),
        commits,
        kills,
        checks,
        mebibytes(maxHeap),
        mebibytes(maxHost),
        mebibytes(maxContents),
        maxRatio);
  }

  private static double mebibytes(long bytes) {
    return bytes / 1048576.0;
  }

  /** Starts a process, kills it, and returns how many operations it had reported durable. */
  private long worksUntilKilled(long first) throws Exception {
    List<Class<?>> needed =
        List.of(Message.class, Caffeine.class, InternalFutureFailureAccess.class, Digest.class);
    var command =
        new ArrayList<>(
            ClassPaths.java(SoakChild.class, needed, directory.toString(), Long.toString(first)));
    command.add(1, "-Xmx64m");
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long reported = first;
    try (var out =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      assertThat(out.readLine()).isEqualTo("begin");
      // Some amid the opening; most after work enough for compactions.
      int millis = random.nextInt(4) == 0 ? random.nextInt(700) : 700 + random.nextInt(12_000);
      Thread killer = new Thread(() -> killAfter(child, millis));
      killer.start();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.equals("open")) {
          List<String> parts = Splitter.on(' ').splitToList(line);
          reported = Long.parseLong(parts.get(0));
          maxHeap = Math.max(maxHeap, Long.parseLong(parts.get(1)));
          commits++;
        }
      }
      killer.join();
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor())
        .as("the process was killed; it did not end by itself")
        .isEqualTo(137);
    return reported;
  }

  private static void killAfter(Process child, int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Not by the process, which would close its output as well.
    boolean unused = child.toHandle().destroyForcibly();
  }

  /** The state in which the volume is: where it was reported to be, or at a later commit. */
  private KillScript recovered(KillScript before, long reported) throws IOException {
    try (Volume volume = Volume.open(directory.resolve("volume"), SoakChild.options(directory))) {
      Map<String, byte[]> found = KillTest.files(volume, SoakChild.SHAPE.directories());
      KillScript state = before.copy();
      while (state.done() < reported) {
        state.next();
      }
      // The commit under way, and moves in authenticated regions, which have commits of their own.
      for (; state.done() <= reported + SoakChild.BATCH; state.next()) {
        if (KillTest.same(found, state.files())) {
          return state;
        }
      }
      throw new AssertionError(
          "Seed " + SEED + ": not the state after operation " + reported + " nor a later one");
    }
  }

  private void checkAll(Path home, KillScript state) throws IOException {
    var unused = Volume.recover(home, SoakChild.options(directory));
    VerifyReport report = Verifier.of(home, SoakChild.options(directory)).verify();
    assertThat(report.damaged()).as("seed %s, after operation %s", SEED, state.done()).isEmpty();
    checks++;
    long contents = state.files().values().stream().mapToLong(bytes -> bytes.length).sum();
    long host = hostBytes();
    maxHost = Math.max(maxHost, host);
    maxContents = Math.max(maxContents, contents);
    maxRatio = Math.max(maxRatio, (double) host / contents);
    assertThat(host)
        .as("bytes on the host for contents of %s bytes, seed %s", contents, SEED)
        .isLessThan((long) (MAX_RATIO * contents) + MAX_MORE);
  }

  private long hostBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          bytes += Files.size(path);
        }
      }
    }
    return bytes;
  }
}
