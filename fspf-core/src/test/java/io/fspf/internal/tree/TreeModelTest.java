package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories of a tree against {@link TreeMap}. */
class TreeModelTest {
  private static final int SEEDS = Integer.getInteger("fspf.tree.seeds", 24);

  static LongStream seeds() {
    return new Random().longs(SEEDS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void behavesLikeATreeMap(long seed) throws IOException {
    new Run(seed).run();
  }

  /** One history. */
  private static final class Run {
    private final Random random;
    private final TestVolume volume;
    private final TreeOptions options;
    private final int keySpace;
    private final int keyPad;
    private final int valueSize;
    private MemoryFile file = new MemoryFile();
    private MetadataLog log;
    private Tree tree;
    private NavigableMap<byte[], byte[]> model = TestVolume.map();
    private NavigableMap<byte[], byte[]> committed = TestVolume.map();
    private boolean hasHead;
    private boolean exact = true;
    private final List<Tree> snapshots = new ArrayList<>();
    private final List<Map<String, String>> contents = new ArrayList<>();

    Run(long seed) throws IOException {
      random = new Random(seed);
      volume = random.nextBoolean() ? TestVolume.CLEAR : TestVolume.SEALED;
      options =
          TestVolume.OPTIONS
              .withNodeTarget(random.nextInt(3) == 0 ? 8192 : 512 + random.nextInt(512))
              .withCacheBytes(random.nextInt(3) == 0 ? 0 : 1 << 16);
      keySpace = 1 + random.nextInt(5000);
      keyPad = random.nextInt(4) == 0 ? 400 : random.nextInt(20);
      valueSize = random.nextInt(5) == 0 ? 3000 : random.nextInt(80);
      log = volume.create(file, options);
      tree = log.empty();
    }

    void run() throws IOException {
      for (int step = 0; step < 120; step++) {
        int kind = random.nextInt(10);
        switch (kind) {
          case 0 -> commit();
          case 1 -> tree = log.spill(tree);
          case 2 -> reopen();
          case 3 -> rebuild();
          case 4 -> removeRange();
          case 5 -> checkCursor();
          default -> edit();
        }
        checkGets();
        // What a commit writes still counts, until all is written or read anew.
        exact = kind != 0 && (exact || kind <= 3);
        long unwritten = unwritten(tree.root());
        assertThat(tree.unwrittenBytes()).isGreaterThanOrEqualTo(unwritten);
        if (exact) {
          assertThat(tree.unwrittenBytes()).isEqualTo(unwritten);
        }
      }
      commit();
      for (int i = 0; i < snapshots.size(); i++) {
        assertThat(TestVolume.contents(snapshots.get(i))).isEqualTo(contents.get(i));
      }
      remove(model.keySet().toArray(new byte[0][]));
      assertThat(tree.isEmpty()).isTrue();
      assertThat(tree.liveNodeBytes()).isZero();
    }

    /** The length of the nodes that no file holds yet; below one that a file holds is none. */
    private static long unwritten(@Nullable NodeRef ref) {
      if (ref == null || ref.isWritten()) {
        return 0;
      }
      long sum = ref.length;
      if (ref.place() instanceof InnerNode inner) {
        for (NodeRef child : inner.children) {
          sum += unwritten(child);
        }
      }
      return sum;
    }

    private void edit() throws IOException {
      int count = random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(8);
      int sequential = random.nextInt(3) == 0 ? random.nextInt(keySpace) : -1;
      TreeEdits edits = new TreeEdits();
      for (int i = 0; i < count; i++) {
        byte[] key = key(sequential < 0 ? random.nextInt(keySpace) : sequential + i);
        if (random.nextInt(4) == 0) {
          edits.remove(key);
          model.remove(key);
        } else {
          byte[] value = new byte[random.nextInt(valueSize + 1)];
          random.nextBytes(value);
          edits.put(key, value);
          model.put(key, value);
        }
      }
      tree = tree.apply(edits);
    }

    private void removeRange() throws IOException {
      byte[] from = key(random.nextInt(keySpace));
      byte[][] keys = model.tailMap(from).keySet().toArray(new byte[0][]);
      remove(Arrays.copyOf(keys, random.nextInt(keys.length + 1)));
    }

    private void remove(byte[][] keys) throws IOException {
      TreeEdits edits = new TreeEdits();
      for (byte[] key : keys) {
        edits.remove(key);
        model.remove(key);
      }
      tree = tree.apply(edits);
    }

    private void commit() throws IOException {
      log.commit(tree, TestVolume.FIELDS);
      hasHead = true;
      committed = TestVolume.map();
      committed.putAll(model);
      TreeCheck.Result check = TreeCheck.verify(log.tree(), new TreeCheck.Visitor() {});
      assertThat(check.isSound()).isTrue();
      assertThat(check.records()).isEqualTo(model.size());
      assertThat(check.nodeBytes())
          .isEqualTo(log.liveNodeBytes())
          .isEqualTo(tree.liveNodeBytes())
          .isEqualTo(log.head().liveNodeBytes());
      if (snapshots.size() < 5) {
        snapshots.add(tree);
        contents.add(TestVolume.contents(model));
      }
    }

    private void reopen() throws IOException {
      if (!hasHead) {
        return;
      }
      byte[] before = file.bytes();

      if (random.nextBoolean()) {
        snapshots.clear();
        contents.clear();
        log.close();
        before = file.bytes();
        if (file.writes > 0) {
          assertThat((long) before.length).isEqualTo(log.head().end());
        }
      }
      // Else the process was killed: what it had written after the commit is there.
      file = new MemoryFile(before);
      log = volume.open(file, HeadChoice.pinned(log.head().tag()), options);
      tree = log.tree();
      model = TestVolume.map();
      model.putAll(committed);
      assertThat(TestVolume.contents(tree)).isEqualTo(TestVolume.contents(model));
    }

    private void rebuild() throws IOException {
      TreeBuilder builder = log.builder();
      for (var entry : model.entrySet()) {
        builder.add(entry.getKey(), entry.getValue());
      }
      tree = builder.finish();
    }

    private void checkGets() throws IOException {
      for (int i = 0; i < 5; i++) {
        byte[] key = key(random.nextInt(keySpace));
        assertThat(tree.get(key)).isEqualTo(model.get(key));
      }
    }

    private void checkCursor() throws IOException {
      byte[] from = key(random.nextInt(keySpace));
      Cursor cursor = tree.cursor(from);
      for (var entry : model.tailMap(from).entrySet()) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(entry.getKey());
        assertThat(cursor.value()).isEqualTo(entry.getValue());
      }
      assertThat(cursor.next()).isFalse();
      assertThat(cursor.next()).isFalse();
    }

    private byte[] key(int number) {
      byte[] key = new byte[4 + number % (keyPad + 1)];
      ByteBuffer.wrap(key).putInt(number * 7919);
      return key;
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsBigRecordsAndEmptyOnes(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    byte[] big = new byte[256 << 10];
    new Random(1).nextBytes(big);
    NavigableMap<byte[], byte[]> model = TestVolume.map();
    try (MetadataLog log = volume.create(file)) {
      Tree tree = log.empty();
      for (int i = 0; i < 40; i++) {
        byte[] key = new byte[] {(byte) (i * 37)};
        byte[] value = i % 3 == 0 ? big : new byte[0];
        tree = tree.apply(new TreeEdits().put(key, value));
        model.put(key, value);
      }
      tree = tree.apply(new TreeEdits().put(new byte[0], new byte[0]));
      model.put(new byte[0], new byte[0]);
      log.commit(tree, TestVolume.FIELDS);
    }
    assertThat(TestVolume.contents(volume.open(file).tree())).isEqualTo(TestVolume.contents(model));
  }
}
