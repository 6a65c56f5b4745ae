package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operations cost in bytes and reads, which must not follow the number of records. */
class TreeCostTest {
  private static byte[] key(long number) {
    return ByteBuffer.allocate(9).putLong(number).array();
  }

  private static byte[] build(TestVolume volume, int records) throws IOException {
    MemoryFile file = new MemoryFile();
    try (MetadataLog log = volume.create(file)) {
      TreeBuilder builder = log.builder();
      for (int i = 0; i < records; i++) {
        builder.add(key(i), new byte[40]);
      }
      log.commit(builder.finish(), TestVolume.FIELDS);
      // Full leaves: little more than the records themselves.
      assertThat(log.liveNodeBytes()).isLessThan((long) (records * 53 * 1.06) + 10_000);
    }
    return file.bytes();
  }

  @ParameterizedTest
  @EnumSource
  void aMillionRecords(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile(build(volume, 1_000_000));
    MetadataLog log = volume.open(file);
    assertThat(log.tree().get(key(654_321))).hasSize(40);
    // Header, the end of the file, the commit's frame; then one read for each level.
    assertThat(file.reads).isLessThanOrEqualTo(3 + 4);
    assertThat(file.bytesRead).isLessThan(400_000);
    Cursor cursor = log.tree().cursor(key(999_999));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.next()).isFalse();
    assertThat(file.reads).isLessThanOrEqualTo(3 + 8);
    for (int i = 0; i < 20; i++) {
      long before = log.size();
      Tree tree = log.tree().apply(new TreeEdits().put(key(i * 48_611L), new byte[41]));
      log.commit(tree, TestVolume.FIELDS);
      assertThat(log.size() - before).isLessThan(64 << 10);
    }
    Tree tree = log.tree();
    long before = log.size();
    TreeEdits edits = new TreeEdits();
    for (int i = 0; i < 50; i++) {
      edits.put(
          ByteBuffer.allocate(10).putLong(500_000).put(9, (byte) (i + 1)).array(), new byte[40]);
    }
    log.commit(tree.apply(edits), TestVolume.FIELDS);
    assertThat(log.size() - before).isLessThan(64 << 10);
  }

  @Test
  void ascendingInsertionLeavesFullLeaves() throws IOException {
    MetadataLog log = TestVolume.CLEAR.create(new MemoryFile());
    Tree tree = log.empty();
    for (int i = 0; i < 20_000; ) {
      TreeEdits edits = new TreeEdits();
      for (int end = i + 1 + i % 7; i < end; i++) {
        edits.put(key(i), new byte[40]);
      }
      tree = tree.apply(edits);
    }
    assertThat(tree.liveNodeBytes()).isLessThan((long) (20_000 * 53 * 1.08));
  }

  @Test
  void manyRowsOfAscendingInsertionLeaveFullLeaves() throws IOException {
    MetadataLog log = TestVolume.CLEAR.create(new MemoryFile());
    Tree tree = log.empty();
    // As the names in directories, or the chunk groups of files, that grow at the same time.
    for (int i = 0; i < 1000; i++) {
      for (long row = 0; row < 20; row++) {
        tree = tree.apply(new TreeEdits().put(key(row << 40 | i), new byte[40]));
      }
    }
    assertThat(tree.liveNodeBytes()).isLessThan((long) (20_000 * 53 * 1.35));
  }

  @Test
  void randomInsertionAndRemovalKeepNodesReasonablyFull() throws IOException {
    MetadataLog log = TestVolume.CLEAR.create(new MemoryFile());
    Tree tree = log.empty();
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      tree = tree.apply(new TreeEdits().put(key(random.nextLong()), new byte[40]));
    }
    assertThat(tree.liveNodeBytes()).isLessThan((long) (20_000 * 53 * 1.6));
    List<byte[]> keys = new ArrayList<>();
    Cursor cursor = tree.cursor(new byte[0]);
    while (cursor.next()) {
      keys.add(cursor.key());
    }
    Collections.shuffle(keys, random);
    for (byte[] key : keys.subList(1000, keys.size())) {
      tree = tree.apply(new TreeEdits().remove(key));
    }
    assertThat(tree.liveNodeBytes()).isLessThan(1000 * 53 * 4);
    for (byte[] key : keys.subList(0, 1000)) {
      assertThat(tree.get(key)).hasSize(40);
    }
  }

  @Test
  void theBuilderHoldsOneNodeToALevel() throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = TestVolume.CLEAR.create(file);
    TreeBuilder builder = log.builder();
    for (int i = 0; i < 100_000; i++) {
      builder.add(key(i), new byte[40]);
      // All but the last MiB, which is one write, and the open nodes is in the file.
      assertThat(i * 53L - file.size()).isLessThan((1 << 20) + (32 << 10));
    }
    Tree tree = builder.finish();
    assertThat(tree.unwrittenBytes()).isZero();
    assertThat(tree.liveNodeBytes())
        .isEqualTo(TreeCheck.verify(tree, new TreeCheck.Visitor() {}).nodeBytes());
  }

  @Test
  void writingTheSameAgainChangesNothing() throws IOException {
    MetadataLog log = TestVolume.CLEAR.create(new MemoryFile());
    Tree tree =
        log.empty().apply(new TreeEdits().put(key(1), new byte[1]).put(key(2), new byte[1]));
    assertThat(tree.apply(new TreeEdits().put(key(1), new byte[1]).remove(key(3)))).isSameAs(tree);
    assertThat(tree.apply(new TreeEdits())).isSameAs(tree);
  }
}
