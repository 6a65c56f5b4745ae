package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.Commit;
import io.fspf.internal.format.FspfFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetadataLogTest {
  private static Tree with(Tree tree, String key, String value) throws IOException {
    return tree.apply(new TreeEdits().put(TestVolume.bytes(key), TestVolume.bytes(value)));
  }

  private static TreeEdits many(int from, int to, int size) {
    TreeEdits edits = new TreeEdits();
    for (int i = from; i < to; i++) {
      edits.put(TestVolume.bytes("%08d".formatted(i)), new byte[size]);
    }
    return edits;
  }

  @ParameterizedTest
  @EnumSource
  void commitsAndOpensAgain(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    CommitInfo second;
    try (MetadataLog log = volume.create(file)) {
      assertThat(log.size()).isEqualTo(file.size()).isPositive();
      CommitInfo first = log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
      assertThat(first.generation()).isEqualTo(1);
      assertThat(first.previousTag()).isNull();
      second = log.commit(with(log.tree(), "b", "2"), new CommitFields(9, 8, 7, 6, 5, true));
      assertThat(second.previousTag()).isEqualTo(first.tag());
      assertThat(log.head()).isEqualTo(second);
    }
    assertThat(file.closed).isTrue();
    assertThat(MetadataLog.tagOf(file)).isEqualTo(second.tag());
    try (MetadataLog log =
        volume.open(file, HeadChoice.pinned(second.tag()), TreeOptions.defaults())) {
      assertThat(log.head()).isEqualTo(second);
      assertThat(log.head().fields()).isEqualTo(new CommitFields(9, 8, 7, 6, 5, true));
      assertThat(log.head().time()).isEqualTo(TestVolume.OPTIONS.clock().instant());
      assertThat(log.tree().get(TestVolume.bytes("a"))).isEqualTo(TestVolume.bytes("1"));
      assertThat(log.tree().get(TestVolume.bytes("b"))).isEqualTo(TestVolume.bytes("2"));
      assertThat(log.tree().get(TestVolume.bytes("c"))).isNull();
      assertThat(log.trailingBytes()).isZero();
      assertThat(log.strayBytes()).isZero();
      assertThat(log.liveNodeBytes())
          .isEqualTo(TreeCheck.verify(log.tree(), new TreeCheck.Visitor() {}).nodeBytes());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFileIsOneProtobufMessage(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    List<CommitInfo> commits = new ArrayList<>();
    try (MetadataLog log = volume.create(file)) {
      for (int i = 0; i < 5; i++) {
        commits.add(log.commit(log.tree().apply(many(i, 10 * i + 500, i)), TestVolume.FIELDS));
      }
    }
    FspfFile message = FspfFile.parseFrom(file.bytes());
    assertThat(message.getCommitList())
        .extracting(Commit::getOffset)
        .containsExactlyElementsOf(commits.stream().map(CommitInfo::offset).toList());
    assertThat(message.getNodeCount()).isGreaterThan(5);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTreeIsAState(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    try (MetadataLog log = volume.create(file)) {
      log.commit(log.empty(), TestVolume.FIELDS);
    }
    MetadataLog log = volume.open(file);
    assertThat(log.tree().isEmpty()).isTrue();
    assertThat(log.tree().get(TestVolume.bytes("a"))).isNull();
    assertThat(log.tree().cursor(new byte[0]).next()).isFalse();
    assertThat(log.liveNodeBytes()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void historyGoesBackwards(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    List<CommitInfo> commits = new ArrayList<>();
    try (MetadataLog log = volume.create(file)) {
      for (int i = 0; i < 7; i++) {
        commits.add(0, log.commit(with(log.tree(), "k" + i, "v"), TestVolume.FIELDS));
      }
    }
    MetadataLog log = volume.open(file);
    assertThat(log.history().newest(100)).isEqualTo(commits);
    assertThat(log.history().newest(3)).isEqualTo(commits.subList(0, 3));
  }

  @ParameterizedTest
  @EnumSource
  void historyNoticesAChangedCommit(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    CommitInfo first;
    try (MetadataLog log = volume.create(file)) {
      first = log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
      log.commit(with(log.tree(), "b", "2"), TestVolume.FIELDS);
    }
    byte[] bytes = file.bytes();
    bytes[(int) first.offset() + 20] ^= 1;
    MetadataLog log = volume.open(new MemoryFile(bytes));
    assertThatThrownBy(() -> log.history().newest(2)).isInstanceOf(IntegrityException.class);
  }

  @Test
  void aNewFileGoesOnFromItsPredecessor() throws IOException {
    RootTag tag = RootTag.ofBytes(new byte[32]);
    MemoryFile file = new MemoryFile();
    HeaderFields fields =
        new HeaderFields(
            TestVolume.ID, ByteString.EMPTY, List.of(), new HeaderFields.Predecessor(41, tag));
    try (MetadataLog log = MetadataLog.create(file, fields, null, TestVolume.OPTIONS)) {
      assertThat(log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS).generation())
          .isEqualTo(42);
    }
    MetadataLog log = TestVolume.CLEAR.open(file);
    assertThat(log.head().previousTag()).isEqualTo(tag);
    assertThat(log.history().before(log.head())).isNull();
    assertThat(log.history().newest(9)).containsExactly(log.head());
    assertThat(log.commit(log.tree(), TestVolume.FIELDS).generation()).isEqualTo(43);
  }

  @Test
  void aWrongKeyIsNotDamage() throws IOException {
    MemoryFile file = new MemoryFile();
    try (MetadataLog log = TestVolume.SEALED.create(file)) {
      log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    }
    byte[] other = new byte[32];
    other[0] = 1;
    assertThatThrownBy(
            () ->
                MetadataLog.open(
                    file,
                    MetadataKeys.derive(
                        CryptoContext.standard(),
                        SecretBytes.copyOf(other),
                        TestVolume.SALT.toByteArray(),
                        TestVolume.ID.toByteArray()),
                    HeadChoice.last(),
                    TestVolume.OPTIONS))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("wrong key");
    assertThatThrownBy(() -> TestVolume.CLEAR.open(file)).isInstanceOf(VolumeKeyException.class);
  }

  @Test
  void aVolumeInClearIsNoReplacementForASealedOne() throws IOException {
    MemoryFile file = new MemoryFile();
    try (MetadataLog log = TestVolume.CLEAR.create(file)) {
      log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    }
    assertThatThrownBy(() -> TestVolume.SEALED.open(file)).isInstanceOf(VolumeKeyException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aPinRefusesOlderAndNewerStates(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    List<CommitInfo> commits = new ArrayList<>();
    try (MetadataLog log = volume.create(file)) {
      for (int i = 0; i < 3; i++) {
        commits.add(log.commit(with(log.tree(), "k", "v" + i), TestVolume.FIELDS));
      }
    }
    HeadChoice pin = HeadChoice.pinned(commits.get(1).tag());
    assertThatThrownBy(() -> volume.open(file, pin, TestVolume.OPTIONS))
        .isInstanceOf(FreshnessException.class)
        .hasMessageContaining(commits.get(1).tag().toString())
        .hasMessageContaining(commits.get(2).tag().toString());
    MemoryFile older = new MemoryFile(Arrays.copyOf(file.bytes(), (int) commits.get(0).end()));
    assertThatThrownBy(() -> volume.open(older, pin, TestVolume.OPTIONS))
        .isInstanceOf(FreshnessException.class);
    MemoryFile exact = new MemoryFile(Arrays.copyOf(file.bytes(), (int) commits.get(1).end()));
    assertThat(volume.open(exact, pin, TestVolume.OPTIONS).head()).isEqualTo(commits.get(1));
    MemoryFile none = new MemoryFile(Arrays.copyOf(file.bytes(), (int) commits.get(0).offset()));
    assertThatThrownBy(() -> volume.open(none, pin, TestVolume.OPTIONS))
        .isInstanceOf(IntegrityException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aCommitIsOneWriteAndOneSync(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    log.commit(log.empty().apply(many(0, 1000, 50)), TestVolume.FIELDS);
    for (int i = 0; i < 20; i++) {
      int writes = file.writes;
      int syncs = file.syncs;
      log.commit(log.tree().apply(many(i * 40, i * 40 + 1, 60)), TestVolume.FIELDS);
      assertThat(file.writes).isEqualTo(writes + 1);
      assertThat(file.syncs).isEqualTo(syncs + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void spaceIsReservedWhileOpenAndGivenBack(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    log.commit(with(log.tree(), "a", "1"), TestVolume.FIELDS);
    assertThat(file.size()).isEqualTo(log.size());
    long grown = 0;
    for (int i = 0; i < 1000; i++) {
      long before = file.size();
      log.commit(with(log.tree(), "a", "v" + i), TestVolume.OPEN);
      grown += file.size() == before ? 0 : 1;
    }
    assertThat(grown).isBetween(1L, 5L);
    assertThat(file.size()).isGreaterThan(log.size()).isLessThan(log.size() + (1 << 20));
    CommitInfo head = log.head();
    assertThat(volume.open(new MemoryFile(file.bytes())).head()).isEqualTo(head);
    assertThat(volume.open(new MemoryFile(file.bytes())).trailingBytes()).isZero();
    log.close();
    assertThat(file.size()).isEqualTo(head.end());
  }

  @ParameterizedTest
  @EnumSource
  void aGreatCommitIsSyncedBefore(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    int syncs = file.syncs;
    log.commit(log.empty().apply(many(0, 50_000, 50)), TestVolume.FIELDS);
    assertThat(file.syncs).isEqualTo(syncs + 2);
    byte[] bytes = file.bytes();
    FspfFile message = FspfFile.parseFrom(bytes);
    assertThat(message.getCommit(0).hasTailLength()).isTrue();
    assertThat(message.getCommit(0).getTailLength()).isZero();
    assertThat(volume.open(new MemoryFile(bytes)).head()).isEqualTo(log.head());
    log.commit(with(log.tree(), "a", "1"), TestVolume.FIELDS);
    assertThat(file.syncs).isEqualTo(syncs + 3);
    assertThat(volume.open(new MemoryFile(file.bytes())).head()).isEqualTo(log.head());
  }

  /** Its digest takes in more than one piece of its tail. */
  @ParameterizedTest
  @EnumSource
  void aLongTailIsCoveredToItsEnds(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    CommitInfo first = log.commit(log.empty(), TestVolume.FIELDS);
    CommitInfo second = log.commit(log.empty().apply(many(0, 4000, 50)), TestVolume.FIELDS);
    assertThat(second.offset() - first.end()).isGreaterThan(200_000);
    assertThat(volume.open(new MemoryFile(file.bytes())).head()).isEqualTo(second);
    for (long at = first.end(); at < second.offset(); at += 10_000) {
      byte[] bytes = file.bytes();
      bytes[(int) at] ^= 1;
      assertThat(volume.open(new MemoryFile(bytes)).head()).isEqualTo(first);
    }
  }

  /** Its tail is empty: a crash may keep the commit's write and lose any other. */
  @ParameterizedTest
  @EnumSource
  void whatAGreatCommitDoesNotCoverIsDurableBeforeIt(TestVolume volume) throws IOException {
    MemoryFile file = MemoryFile.crashable(new byte[0]);
    MetadataLog log = volume.create(file);
    CommitInfo first = log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    Tree great = log.empty().apply(many(0, 50_000, 50));
    file.goodSyncs = 1;
    assertThatThrownBy(() -> log.commit(great, TestVolume.FIELDS)).isInstanceOf(IOException.class);
    int survived = 0;
    for (int seed = 0; seed < 40; seed++) {
      MetadataLog after = volume.open(new MemoryFile(file.crash(new Random(seed))));
      if (!after.head().equals(first)) {
        survived++;
        assertThat(TreeCheck.verify(after.tree(), new TreeCheck.Visitor() {}).damagedNodes())
            .as("seed %d", seed)
            .isZero();
      }
    }
    assertThat(survived).isPositive();
  }

  /** Behind a commit that says that no writer is at work, zeros are somebody else's. */
  @ParameterizedTest
  @EnumSource
  void spaceIsGivenBackBeforeTheCommitThatSaysSo(TestVolume volume) throws IOException {
    MemoryFile file = MemoryFile.crashable(new byte[0]);
    MetadataLog log = volume.create(file);
    log.commit(with(log.empty(), "a", "1"), TestVolume.OPEN);
    log.commit(with(log.tree(), "a", "2"), TestVolume.OPEN);
    assertThat(file.size()).isGreaterThan(log.size());
    Tree last = with(log.tree(), "a", "3");
    file.goodSyncs = 1;
    assertThatThrownBy(() -> log.commit(last, TestVolume.FIELDS)).isInstanceOf(IOException.class);
    int survived = 0;
    for (int seed = 0; seed < 40; seed++) {
      MetadataLog after = volume.open(new MemoryFile(file.crash(new Random(seed))));
      if (!after.head().fields().openForWriting()) {
        survived++;
        assertThat(after.strayBytes()).as("seed %d", seed).isZero();
      }
    }
    assertThat(survived).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsReservedIsZero(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    log.commit(log.empty().apply(many(0, 1000, 50)), TestVolume.OPEN);
    for (int i = 0; i < 100; i++) {
      log.commit(with(log.tree(), "a", "v" + i), TestVolume.OPEN);
      byte[] bytes = file.bytes();
      int end = (int) log.size();
      assertThat(
              Arrays.equals(
                  bytes, end, bytes.length, new byte[bytes.length - end], 0, bytes.length - end))
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void spillingMakesNoState(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    CommitInfo first = log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    Tree tree = log.tree().apply(many(0, 2000, 10));
    assertThat(tree.unwrittenBytes()).isPositive();
    tree = log.spill(tree);
    assertThat(tree.unwrittenBytes()).isZero();
    assertThat(file.size()).isEqualTo(log.size());
    assertThat(log.head()).isEqualTo(first);
    MetadataLog other = volume.open(new MemoryFile(file.bytes()));
    assertThat(other.head()).isEqualTo(first);
    assertThat(other.trailingBytes()).isEqualTo(file.size() - first.end());
    long before = log.size();
    CommitInfo second = log.commit(tree, TestVolume.FIELDS);
    assertThat(log.size()).isEqualTo(before + second.length());
    assertThat(volume.open(new MemoryFile(file.bytes())).tree().get(TestVolume.bytes("00001999")))
        .hasSize(10);
  }

  @ParameterizedTest
  @EnumSource
  void aCommitOfAnOlderTreeWritesSharedNodesOnce(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    Tree older = log.empty().apply(many(0, 10_000, 20));
    Tree newer = with(older, "x", "y");
    log.commit(older, TestVolume.FIELDS);
    long before = log.size();
    log.commit(newer, TestVolume.FIELDS);
    assertThat(log.size() - before).isLessThan(32 << 10);
    assertThat(newer.liveNodeBytes())
        .isEqualTo(TreeCheck.verify(log.tree(), new TreeCheck.Visitor() {}).nodeBytes());
  }

  @ParameterizedTest
  @EnumSource
  void theFirstAppendCutsGarbageOff(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    try (MetadataLog log = volume.create(file)) {
      log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    }
    long size = file.size();
    byte[] garbage = new byte[5000];
    Arrays.fill(garbage, 0, 3000, (byte) 7);
    file.write(size + 100, garbage, 0, garbage.length);
    MetadataLog log = volume.open(file);
    assertThat(log.trailingBytes()).isEqualTo(3100);
    assertThat(log.strayBytes()).as("zeros as well").isEqualTo(5100);
    assertThat(file.size()).isEqualTo(size + 5100);
    int syncs = file.syncs;
    log.syncHead();
    assertThat(file.syncs).isEqualTo(++syncs);
    assertThat(file.size()).isEqualTo(size + 5100);
    log.secureHead();
    assertThat(file.size()).isEqualTo(size);
    assertThat(file.syncs).isEqualTo(syncs + 1);
    log.commit(with(log.tree(), "b", "2"), TestVolume.FIELDS);
    assertThat(file.size()).isEqualTo(log.size());
  }

  @Test
  void readingWritesNothing() throws IOException {
    MemoryFile file = new MemoryFile();
    try (MetadataLog log = TestVolume.SEALED.create(file)) {
      log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    }
    file.setSize(file.size() + 1000);
    byte[] before = file.bytes();
    MemoryFile copy = new MemoryFile(before);
    try (MetadataLog log = TestVolume.SEALED.open(copy)) {
      assertThat(log.tree().get(TestVolume.bytes("a"))).isNotNull();
    }
    assertThat(copy.writes + copy.syncs).isZero();
    assertThat(Arrays.equals(copy.bytes(), before)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void afterAFailedSyncNothingIsCommittedAndReadingGoesOn(TestVolume volume) throws IOException {
    failing(volume, true);
  }

  @ParameterizedTest
  @EnumSource
  void afterAFailedWriteNothingIsCommittedAndReadingGoesOn(TestVolume volume) throws IOException {
    failing(volume, false);
  }

  private static void failing(TestVolume volume, boolean sync) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file, TestVolume.OPTIONS.withCacheBytes(0));
    CommitInfo first = log.commit(with(log.empty(), "a", "1"), TestVolume.FIELDS);
    Tree tree = log.tree().apply(many(0, 100, 10));
    file.failSyncs = sync;
    file.failWrites = !sync;
    assertThatThrownBy(() -> log.commit(tree, TestVolume.FIELDS)).isInstanceOf(IOException.class);
    file.failSyncs = false;
    file.failWrites = false;
    // The host drops what it could not sync.
    file.setSize(first.end());
    byte[] after = file.bytes();
    assertThatThrownBy(() -> log.commit(tree, TestVolume.FIELDS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("earlier failure");
    assertThatThrownBy(() -> log.spill(tree)).isInstanceOf(IOException.class);
    assertThatThrownBy(log::secureHead).isInstanceOf(IOException.class);
    assertThat(log.head()).isEqualTo(first);
    assertThat(tree.get(TestVolume.bytes("00000042"))).hasSize(10);
    assertThat(log.tree().get(TestVolume.bytes("a"))).isEqualTo(TestVolume.bytes("1"));
    log.close();
    assertThat(Arrays.equals(file.bytes(), after)).isTrue();
  }

  @Test
  void treesStayWithTheirLog() throws IOException {
    MetadataLog one = TestVolume.CLEAR.create(new MemoryFile());
    MetadataLog two = TestVolume.CLEAR.create(new MemoryFile());
    assertThatThrownBy(() -> one.commit(two.empty(), TestVolume.FIELDS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.spill(two.empty())).isInstanceOf(IllegalArgumentException.class);
    one.commit(one.empty(), TestVolume.FIELDS);
  }

  @Test
  void aNewLogNeedsAnEmptyFile() {
    assertThatThrownBy(() -> TestVolume.CLEAR.create(new MemoryFile(new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aFileWithoutACommitIsNoVolume(TestVolume volume) throws IOException {
    MemoryFile file = new MemoryFile();
    MetadataLog log = volume.create(file);
    assertThatThrownBy(log::head).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> volume.open(file))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("no whole commit");
  }
}
