package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.IntegrityException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Crashes at any host operation, with lost, torn and reordered writes: the file opens at the last
 * commit that returned, or at the one that was under way.
 */
class CrashTest {
  private static final int SEEDS = Integer.getInteger("fspf.tree.seeds", 60);

  static LongStream seeds() {
    return new Random().longs(SEEDS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void opensAtTheLastCommitOrTheNext(long seed) throws IOException {
    Random random = new Random(seed);
    TestVolume volume = random.nextBoolean() ? TestVolume.CLEAR : TestVolume.SEALED;
    TreeOptions options = TestVolume.OPTIONS.withNodeTarget(512);
    MemoryFile file = MemoryFile.crashable(new byte[0]);
    long acknowledged = 0;
    Map<Long, Map<String, String>> states = new HashMap<>();
    for (int life = 0; life < 8; life++) {
      MetadataLog log;
      if (acknowledged == 0) {
        file = MemoryFile.crashable(new byte[0]);
        log = volume.create(file, options);
      } else {
        log = volume.open(file, HeadChoice.last(), options);
        long generation = log.head().generation();
        assertThat(generation).isBetween(acknowledged, acknowledged + 1);
        assertThat(TestVolume.contents(log.tree())).isEqualTo(states.get(generation));
        if (random.nextBoolean()) {
          log.secureHead();
          acknowledged = generation;
        }
      }
      Tree tree = log.tree();
      int steps = random.nextInt(12);
      for (int step = 0; step < steps && !file.failSyncs; step++) {
        tree = tree.apply(edits(random));
        if (random.nextInt(4) == 0) {
          tree = log.spill(tree);
          // The first append makes the head that was found durable.
          acknowledged = acknowledged == 0 ? 0 : nextGeneration(log) - 1;
        }
        if (random.nextInt(3) != 0) {
          states.put(nextGeneration(log), TestVolume.contents(tree));
          file.failSyncs = random.nextInt(4) == 0;
          try {
            CommitFields fields = random.nextInt(4) == 0 ? TestVolume.FIELDS : TestVolume.OPEN;
            acknowledged = log.commit(tree, fields).generation();
          } catch (IOException e) {
            assertThat(file.failSyncs).isTrue();
          }
        }
      }
      file.failSyncs = false;
      if (random.nextInt(3) != 0) {
        file = MemoryFile.crashable(file.crash(random));
      }
      // Else only the process was killed, and the host keeps what it has not synced yet.
      if (acknowledged == 0) {
        openFirst(volume, file, states);
      }
    }
  }

  /**
   * A volume that says that no writer is at work has nothing behind that commit, not even reserved
   * zeros: whatever stands there is not the writer's.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void closingLeavesNothingBehindTheLastCommit(long seed) throws IOException {
    Random random = new Random(seed);
    MemoryFile file = MemoryFile.crashable(new byte[0]);
    MetadataLog log = TestVolume.SEALED.create(file, TestVolume.OPTIONS);
    Tree tree = log.tree();
    for (int commits = 2 + random.nextInt(3); commits > 0; commits--) {
      tree = tree.apply(edits(random));
      log.commit(tree, TestVolume.OPEN);
      tree = log.tree();
    }
    assertThat(file.size()).as("reserved space").isGreaterThan(log.head().end());
    file.goodSyncs = random.nextInt(3);
    try {
      log.commit(tree.apply(edits(random)), TestVolume.FIELDS);
    } catch (IOException e) {
      // The process ends with its host.
    }
    MemoryFile after = MemoryFile.crashable(file.crash(random));
    CommitInfo head = TestVolume.SEALED.open(after).head();
    if (!head.fields().openForWriting()) {
      assertThat(after.size()).isEqualTo(head.end());
    }
  }

  /** Where not even the first commit returned, there is that one or none. */
  private static void openFirst(
      TestVolume volume, MemoryFile file, Map<Long, Map<String, String>> states)
      throws IOException {
    try {
      Tree tree = volume.open(file).tree();
      assertThat(TestVolume.contents(tree)).isEqualTo(states.get(1L));
    } catch (IntegrityException e) {
      assertThat(e.path()).isNull();
    }
  }

  private static long nextGeneration(MetadataLog log) {
    try {
      return log.head().generation() + 1;
    } catch (IllegalStateException e) {
      return 1;
    }
  }

  private static TreeEdits edits(Random random) {
    TreeEdits edits = new TreeEdits();
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      byte[] key = TestVolume.bytes("k" + random.nextInt(300));
      if (random.nextInt(3) == 0) {
        edits.remove(key);
      } else {
        edits.put(key, new byte[random.nextInt(100)]);
      }
    }
    return edits;
  }
}
