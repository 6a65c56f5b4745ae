package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.fspf.IntegrityException;
import io.fspf.internal.format.Commit;
import io.fspf.internal.format.CommitBody;
import io.fspf.internal.format.Header;
import io.fspf.internal.format.KeySlot;
import io.fspf.internal.format.MetadataSeal;
import io.fspf.internal.format.NodeBody;
import io.fspf.internal.format.PassphraseSlot;
import io.fspf.internal.format.Pointer;
import io.fspf.internal.format.Time;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files in clear that an attacker without a pin to fear built by hand: every digest is right, and
 * the content is not.
 */
@Timeout(60)
class HostileFileTest {
  /** The file opens, and reading its tree ends with this. */
  private static void refusesTree(Forge forge, Pointer root, String reason) throws IOException {
    forge.commit(forge.body(root));
    MetadataLog log = forge.open();
    assertThatThrownBy(() -> TestVolume.contents(log.tree()))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(reason);
    TreeCheck.Result check = TreeCheck.verify(log.tree(), new TreeCheck.Visitor() {});
    assertThat(check.isSound()).isFalse();
  }

  private static void refuses(HostFile file, String reason) {
    assertThatThrownBy(() -> TestVolume.CLEAR.open(file))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(reason);
  }

  private static UnknownFieldSet unknown() {
    return UnknownFieldSet.newBuilder()
        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  @Test
  void theForgeMakesGoodFilesToo() throws IOException {
    Forge forge = new Forge();
    Pointer one = forge.node(Forge.leaf("a", "b"));
    Pointer two = forge.node(Forge.leaf("kb", "x"));
    forge.commit(forge.body(forge.node(Forge.inner(1, one, two))));
    assertThat(TestVolume.contents(forge.open().tree())).hasSize(4);
  }

  @Test
  void headers() {
    refuses(new MemoryFile(), "not an fspf file");
    refuses(new MemoryFile(new byte[100_000]), "not an fspf file");
    refuses(header(h -> h.setMagic(ByteString.copyFromUtf8("FSPFv1\n"))), "magic");
    refuses(header(h -> h.setFormatVersion(2)), "format version 2");
    refuses(header(h -> h.setFormatVersion(-1)), "format version 4294967295");
    refuses(header(h -> h.setVolumeId(ByteString.EMPTY)), "volume id");
    refuses(header(h -> h.setMetadataSealValue(7)), "seal");
    refuses(header(h -> h.setMetadataSealValue(0)), "seal");
    refuses(header(h -> h.setUnknownFields(unknown())), "unknown");
    refuses(header(h -> h.setSalt(TestVolume.SALT)), "salt");
    refuses(header(h -> h.addKeySlots(slot(65536, 3, 4))), "key slots");
    refuses(header(h -> h.setKeyCommitment(TestVolume.SALT)), "key commitment");
    refuses(header(h -> sealed(h).setSalt(ByteString.EMPTY)), "salt");
    refuses(header(h -> sealed(h).setKeyCommitment(ByteString.EMPTY)), "commitment");
    refuses(header(h -> sealed(h).addKeySlots(KeySlot.getDefaultInstance())), "kind");
    refuses(header(h -> sealed(h).addKeySlots(slot(-1, 1, 1))), "costs");
    refuses(header(h -> sealed(h).addKeySlots(slot(1 << 20, 1000, 1))), "costs");
    refuses(header(h -> sealed(h).addKeySlots(slot(65536, 0, 1))), "costs");
    refuses(header(h -> sealed(h).addKeySlots(slot(65536, 1, 0))), "costs");
    refuses(
        header(
            h -> {
              for (int i = 0; i < 17; i++) {
                sealed(h).addKeySlots(slot(65536, 3, 4));
              }
            }),
        "key slots");
    byte[] huge = new byte[20_000];
    Arrays.fill(huge, (byte) 'x');
    refuses(header(h -> h.setMagic(ByteString.copyFrom(huge))), "not an fspf file");
    byte[] length = {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 0, 0, 0, 0};
    refuses(new MemoryFile(length), "not an fspf file");
    byte[] good = Frames.of(0x0A, Forge.HEADER.toByteArray());
    byte[] longer = new byte[good.length + 1];
    // The same length in a varint that is not the shortest.
    longer[0] = good[0];
    longer[1] = (byte) (good[1] | 0x80);
    System.arraycopy(good, 2, longer, 3, good.length - 2);
    refuses(new MemoryFile(longer), "not an fspf file");
    byte[] twice = Arrays.copyOf(good, good.length + 2);
    twice[1] = (byte) (twice[1] + 2);
    twice[good.length] = 0x10;
    twice[good.length + 1] = 1;
    refuses(new MemoryFile(twice), "one encoding");
  }

  @Test
  void keySlots() throws IOException {
    // Exactly at the bounds: the most memory and work, the greatest parallelism, the least memory.
    for (KeySlot slot : List.of(slot(2 << 20, 8, 1), slot(8 * 255, 1, 255), slot(8, 1, 1))) {
      assertThat(MetadataLog.readHeader(header(h -> sealed(h).addKeySlots(slot))).keySlots())
          .containsExactly(slot);
    }
    refuses(header(h -> sealed(h).addKeySlots(slot((2 << 20) + 1, 1, 1))), "costs");
    refuses(header(h -> sealed(h).addKeySlots(slot(2 << 20, 9, 1))), "costs");
    refuses(header(h -> sealed(h).addKeySlots(slot(8 * 256, 1, 256))), "costs");
    refuses(header(h -> sealed(h).addKeySlots(slot(8 * 255 - 1, 1, 255))), "costs");
    for (Consumer<PassphraseSlot.Builder> change :
        List.<Consumer<PassphraseSlot.Builder>>of(
            slot -> slot.setSalt(ByteString.copyFrom(new byte[15])),
            slot -> slot.setNonce(ByteString.copyFrom(new byte[13])),
            slot -> slot.setWrappedKey(ByteString.copyFrom(new byte[47])))) {
      KeySlot.Builder slot = slot(65536, 3, 4).toBuilder();
      change.accept(slot.getPassphraseBuilder());
      refuses(header(h -> sealed(h).addKeySlots(slot)), "lengths");
    }
    KeySlot.Builder outer = slot(65536, 3, 4).toBuilder().setUnknownFields(unknown());
    refuses(header(h -> sealed(h).addKeySlots(outer)), "unknown");
    KeySlot.Builder inner = slot(65536, 3, 4).toBuilder();
    inner.getPassphraseBuilder().setUnknownFields(unknown());
    refuses(header(h -> sealed(h).addKeySlots(inner)), "unknown");
  }

  /** A sparse file, which costs the host nothing, takes a reader no more than seconds. */
  @Test
  void endlessZerosBehindTheLastCommitAreGivenUp() throws IOException {
    Forge forge = new Forge();
    forge.commit(forge.body(forge.node(Forge.leaf("a", "b"))));
    byte[] good = forge.out.toByteArray();
    refuses(new ZeroTailedFile(good, 1L << 60), "no whole commit in the last 9 GiB");
    assertThat(
            TestVolume.contents(TestVolume.CLEAR.open(new ZeroTailedFile(good, 1L << 30)).tree()))
        .hasSize(2);
  }

  private static HostFile header(Consumer<Header.Builder> change) {
    Header.Builder header = Forge.HEADER.toBuilder();
    change.accept(header);
    return new Forge(header.build()).file();
  }

  private static Header.Builder sealed(Header.Builder header) {
    return header
        .setMetadataSeal(MetadataSeal.METADATA_SEAL_AES_256_GCM)
        .setSalt(TestVolume.SALT)
        .setKeyCommitment(TestVolume.SALT);
  }

  private static KeySlot slot(int memory, int iterations, int parallelism) {
    return KeySlot.newBuilder()
        .setPassphrase(
            PassphraseSlot.newBuilder()
                .setSalt(TestVolume.ID)
                .setMemoryKib(memory)
                .setIterations(iterations)
                .setParallelism(parallelism)
                .setNonce(ByteString.copyFrom(new byte[12]))
                .setWrappedKey(ByteString.copyFrom(new byte[48])))
        .build();
  }

  @Test
  void commits() {
    refusesCommit(b -> b.setUnknownFields(unknown()), "unknown");
    refusesCommit(b -> b.setTime(Time.newBuilder().setUnknownFields(unknown())), "unknown");
    refusesCommit(b -> b.setVolumeId(TestVolume.SALT), "another volume");
    refusesCommit(b -> b.setGeneration(0), "generation");
    refusesCommit(b -> b.setGeneration(-1), "generation");
    refusesCommit(b -> b.setGeneration(2), "names no commit before it");
    refusesCommit(b -> b.setPreviousTag(TestVolume.SALT), "one before the first");
    refusesCommit(
        b -> b.setGeneration(2).setPreviousTag(TestVolume.SALT).setPreviousOffset(1 << 20),
        "would not stand before");
    refusesCommit(
        b ->
            b.setGeneration(2)
                .setPreviousTag(TestVolume.SALT)
                .setPreviousOffset(Long.MAX_VALUE)
                .setPreviousLength(1000),
        "would not stand before");
    refusesCommit(b -> b.setFiles(-1), "out of range");
    refusesCommit(b -> b.setLiveNodeBytes(1 << 20), "out of range");
    refusesCommit(b -> b.setTime(Time.newBuilder().setSeconds(Long.MAX_VALUE)), "time");
    refusesCommit(b -> b.setTime(Time.newBuilder().setNanos(1_000_000_000)), "time");
    refusesCommit(b -> b.setRoot(Pointer.newBuilder()), "root");
    refusesCommit(b -> b.getRootBuilder().setOffset(-1), "root");
    refusesCommit(b -> b.getRootBuilder().setOffset(Long.MAX_VALUE), "root");
    refusesCommit(b -> b.getRootBuilder().setOffset(3), "root");
    refusesCommit(b -> b.getRootBuilder().setLength(-1), "root");
    refusesCommit(b -> b.getRootBuilder().setLength(Integer.MAX_VALUE), "root");
    refusesCommit(b -> b.getRootBuilder().setDigest(ByteString.EMPTY), "root");
    Forge forge = new Forge();
    refuses(forge.commit(ByteString.copyFromUtf8("\1\1\1\1"), 0).file(), "no protobuf message");
    refuses(new Forge().commit(ByteString.copyFrom(new byte[5000]), 0).file(), "no whole commit");
    refuses(new Forge().commit(ByteString.EMPTY, 1000).file(), "no whole commit");
    refuses(new Forge().commit(ByteString.EMPTY, -1).file(), "no whole commit");
  }

  private static void refusesCommit(Consumer<CommitBody.Builder> change, String reason) {
    Forge forge = new Forge();
    CommitBody.Builder body = forge.body(forge.node(Forge.leaf("a")));
    change.accept(body);
    refuses(forge.commit(body).file(), reason);
  }

  /** What is said more than once, or by nobody, or in another order. */
  @Test
  void commitsInOtherEncodings() {
    List<Commit> fields =
        List.of(
            Commit.newBuilder().setUnknownFields(unknown()).build(),
            Commit.newBuilder().setBody(ByteString.copyFromUtf8("another")).build());
    for (Commit before : fields) {
      Forge forge = new Forge();
      CommitBody.Builder body = forge.body(forge.node(Forge.leaf("a")));
      refuses(forge.commitBehind(before.toByteArray(), body).file(), "unknown or misplaced fields");
    }
    Forge forge = new Forge();
    CommitBody.Builder body = forge.body(forge.node(Forge.leaf("a")));
    byte[] nonce =
        Commit.newBuilder().setNonce(ByteString.copyFrom(new byte[12])).build().toByteArray();
    refuses(forge.commitBehind(nonce, body).file(), "a nonce without a key");
  }

  private interface Next {
    void change(CommitBody.Builder body, int offset);
  }

  private static void refusesNext(Next next, String reason) throws IOException {
    Forge forge = new Forge();
    Pointer root = forge.node(Forge.leaf("a"));
    forge.commit(forge.body(root));
    forge.frame(new byte[6000]);
    CommitBody.Builder body = forge.nextBody(root);
    next.change(body, forge.out.size());
    refuses(forge.commit(body).file(), reason);
  }

  @Test
  void theCommitBefore() throws IOException {
    String reason = "would not stand before";
    refusesNext((body, offset) -> body.setPreviousLength(0), reason);
    refusesNext((body, offset) -> body.setPreviousLength(-1), reason);
    refusesNext((body, offset) -> body.setPreviousLength(Format.MAX_COMMIT_FRAME + 1), reason);
    refusesNext((body, offset) -> body.setPreviousOffset(3), reason);
    refusesNext(
        (body, offset) -> body.setPreviousOffset(offset - body.getPreviousLength() + 1L), reason);
    refusesNext((body, offset) -> body.setGeneration(1).clearPreviousTag(), reason);
    refusesNext((body, offset) -> body.setPreviousOffset(0), reason);
  }

  @Test
  void aTailReachesUpToTheCommitBefore() throws IOException {
    for (int more : new int[] {0, 1}) {
      Forge forge = new Forge();
      Pointer root = forge.node(Forge.leaf("a"));
      forge.commit(forge.body(root));
      int end = forge.out.size();
      forge.node(Forge.leaf("b"));
      ByteString body = forge.nextBody(root).build().toByteString();
      forge.commit(body, forge.out.size() - end + more);
      if (more == 0) {
        assertThat(forge.open().head().generation()).isEqualTo(2);
      } else {
        refuses(forge.file(), "tail reaches over the commit before it");
      }
    }
  }

  @Test
  void anyTimeThatThereIs() throws IOException {
    for (Instant time : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH)) {
      Forge forge = new Forge();
      Time.Builder stamp =
          Time.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano());
      forge.commit(forge.body(forge.node(Forge.leaf("a"))).setTime(stamp));
      assertThat(forge.open().head().time()).isEqualTo(time);
    }
  }

  /** The search goes back in blocks of 256 KiB. */
  @Test
  void theLastCommitLiesAcrossTwoBlocks() throws IOException {
    Forge forge = new Forge();
    forge.node(ByteString.copyFrom(new byte[300 << 10]));
    forge.commit(forge.body(forge.node(Forge.leaf("a"))));
    byte[] good = forge.out.toByteArray();
    for (int behind = -2; behind <= 60; behind++) {
      byte[] file = Arrays.copyOf(good, good.length + (256 << 10) - behind);
      Arrays.fill(file, good.length, file.length, (byte) 7);
      MetadataLog log = TestVolume.CLEAR.open(new MemoryFile(file));
      assertThat(log.trailingBytes()).isEqualTo(file.length - good.length);
    }
  }

  /** An older commit whose tail would begin before the file. */
  @Test
  void anOlderCommitsTailLeadsOut() throws IOException {
    for (int tail : new int[] {5000, -1, Integer.MIN_VALUE}) {
      Forge forge = new Forge();
      Pointer root = forge.node(Forge.leaf("a"));
      forge.commit(forge.body(root).build().toByteString(), tail);
      forge.next(root, 0);
      assertThat(damageInHistory(forge))
          .containsExactly("the commit's tail reaches over the commit before it");
    }
  }

  /** Ten thousand commits in six megabytes, whose tails are forty gigabytes together. */
  @Test
  void aChainOfCommitsWithLongTailsCostsLittle() throws IOException {
    Forge forge = new Forge();
    Pointer root = forge.node(Forge.leaf("a"));
    forge.commit(forge.body(root));
    forge.next(root, 0);
    forge.frame(new byte[4 << 20]);
    for (int i = 0; i < 10_000; i++) {
      forge.next(root, 4 << 20);
    }
    forge.next(root, 0);
    MemoryFile file = forge.file();
    MetadataLog log = TestVolume.CLEAR.open(file);
    long before = file.bytesRead;
    assertThat(damageInHistory(log)).isNotEmpty();
    assertThat(file.bytesRead - before).isLessThan(4 * file.size());
  }

  /** The longest honest chain: each commit is read, and each byte hashed once. */
  @Test
  void aLongChainIsReadOnce() throws IOException {
    Forge forge = new Forge();
    Pointer root = forge.node(Forge.leaf("a"));
    forge.commit(forge.body(root));
    for (int i = 0; i < 100_000; i++) {
      forge.next(root, 0);
    }
    MemoryFile file = forge.file();
    MetadataLog log = TestVolume.CLEAR.open(file);
    long before = file.bytesRead;
    assertThat(damageInHistory(log)).isEmpty();
    assertThat(file.bytesRead - before).isLessThan(4 * file.size());
    assertThat(log.history().newest(Integer.MAX_VALUE)).hasSize(100_001);
  }

  private static List<String> damageInHistory(Forge forge) throws IOException {
    return damageInHistory(forge.open());
  }

  private static List<String> damageInHistory(MetadataLog log) throws IOException {
    List<String> reasons = new ArrayList<>();
    log.history().check((from, to, reason) -> reasons.add(reason));
    return reasons;
  }

  @Test
  void nodes() throws IOException {
    refusesRoot(Forge.leaf(), "no records");
    refusesRoot(Forge.leaf("b", "a"), "ascend");
    refusesRoot(Forge.leaf("a", "a"), "ascend");
    refusesRoot(Forge.leaf("a").addKeys(ByteString.copyFromUtf8("b")), "fewer values");
    refusesRoot(Forge.leaf("a").addValues(ByteString.EMPTY), "more values");
    refusesRoot(Forge.leaf("a").setVolumeId(TestVolume.SALT), "another volume");
    refusesRoot(Forge.leaf("a").setGeneration(2), "younger");
    refusesRoot(Forge.leaf("a").setGeneration(-1), "generation");
    refusesRoot(Forge.leaf("a").setGeneration(0), "missing");
    refusesRoot(Forge.leaf("a").setUnknownFields(unknown()), "other fields");
    refusesRoot(Forge.leaf("a".repeat(513)), "key is too long");
    refusesRoot(
        Forge.leaf("a").setValues(0, ByteString.copyFrom(new byte[(256 << 10) + 1])),
        "value is too long");
    refusesRoot(Forge.leaf("a").addChildren(Pointer.newBuilder()), "other fields");
    refusesRoot(Forge.leaf("a").setLevel(1), "other fields");
    refusesRoot(Forge.inner(1), "too few children");
    refusesRoot(Forge.inner(16, pointer(60)), "level");
    refusesRoot(Forge.inner(-1, pointer(60)), "level");
    refusesRoot(Forge.inner(1, pointer(0)), "wrong length");
    refusesRoot(Forge.inner(1, pointer(1)), "leads out");
    refusesRoot(Forge.inner(1, pointer(-1)), "leads out");
    refusesRoot(Forge.inner(1, pointer(Long.MAX_VALUE)), "leads out");
    refusesRoot(Forge.inner(1, pointer(1 << 20)), "leads out");
    refusesRoot(Forge.inner(1, pointer(60).toBuilder().setLength(0).build()), "wrong length");
    refusesRoot(Forge.inner(1, pointer(60).toBuilder().setLength(-1).build()), "leads out");
    refusesRoot(Forge.inner(1, pointer(60)).addKeys(ByteString.EMPTY), "too few children");
  }

  private static Pointer pointer(long offset) {
    return Pointer.newBuilder().setOffset(offset).setLength(1).setDigest(TestVolume.SALT).build();
  }

  private static void refusesRoot(NodeBody.Builder body, String reason) throws IOException {
    Forge forge = new Forge();
    forge.node(Forge.leaf("z"));
    refusesTree(forge, forge.node(body), reason);
  }

  @Test
  void brokenNodeFrames() throws IOException {
    Forge forge = new Forge();
    refusesTree(forge, forge.frame(new byte[] {0x12}), "no node frame");
    forge = new Forge();
    refusesTree(forge, forge.frame(new byte[] {0x12, (byte) 0xFF, 0x7F, 0}), "no node frame");
    forge = new Forge();
    refusesTree(forge, forge.frame(Frames.of(0x1A, new byte[4])), "no node frame");
    forge = new Forge();
    refusesTree(forge, forge.frame(Frames.of(0x12, new byte[4])), "no protobuf");
    forge = new Forge();
    // A key that says to be of 2 GiB.
    byte[] body = Forge.leaf().build().toByteArray();
    byte[] huge = Arrays.copyOf(body, body.length + 6);
    System.arraycopy(
        new byte[] {0x22, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7},
        0,
        huge,
        body.length,
        6);
    refusesTree(forge, forge.node(ByteString.copyFrom(huge)), "no protobuf");
    // A level in a varint that is not the shortest.
    forge = new Forge();
    Pointer leaf = forge.node(Forge.leaf("a"));
    ByteString inner = Forge.inner(1, leaf).build().toByteString();
    refusesTree(
        forge,
        forge.node(
            inner
                .substring(0, 28)
                .concat(ByteString.copyFrom(new byte[] {(byte) 0x81, 0}))
                .concat(inner.substring(29))),
        "one encoding");
  }

  @Test
  void childrenKeepTheirParentsWord() throws IOException {
    Forge forge = new Forge();
    Pointer leaf = forge.node(Forge.leaf("a", "kc"));
    Pointer right = forge.node(Forge.leaf("kb", "kd"));
    refusesTree(forge, forge.node(Forge.inner(1, leaf, right)), "bounds");
    // The key at which the right one begins is not the left one's.
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a", "kb"));
    right = forge.node(Forge.leaf("kb", "kd"));
    refusesTree(forge, forge.node(Forge.inner(1, leaf, right)), "bounds");
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a"));
    refusesTree(forge, forge.node(Forge.inner(1, leaf).addChildren(leaf)), "too many children");
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a"));
    right = forge.node(Forge.leaf("ka"));
    refusesTree(forge, forge.node(Forge.inner(1, leaf, right)), "bounds");
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a"));
    refusesTree(forge, forge.node(Forge.inner(2, leaf)), "level");
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a").setGeneration(2));
    refusesTree(forge, forge.node(Forge.inner(1, leaf)), "younger");
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a"));
    refusesTree(forge, forge.node(Forge.inner(1, leaf, leaf)), "bounds");
    // An inner node's key that is its own lower bound would leave no room for its first child.
    forge = new Forge();
    leaf = forge.node(Forge.leaf("a"));
    Pointer one = forge.node(Forge.inner(1, leaf));
    Pointer two =
        forge.node(Forge.inner(1, forge.node(Forge.leaf("kb1")), forge.node(Forge.leaf("kb2"))));
    refusesTree(forge, forge.node(Forge.inner(2, one, two)), "bounds");
  }

  /** Sixteen levels, on each of which every child is the same node. */
  @Test
  void aTreeThatIsNoTreeEndsSoon() throws IOException {
    Forge forge = new Forge();
    Pointer below = forge.node(Forge.leaf("a"));
    for (int level = 1; level <= 15; level++) {
      Pointer[] children = new Pointer[20];
      Arrays.fill(children, below);
      below = forge.node(Forge.inner(level, children));
    }
    refusesTree(forge, below, "");
    // Single children have no keys that could contradict.
    forge = new Forge();
    below = forge.node(Forge.leaf("a"));
    for (int level = 1; level <= 14; level++) {
      below = forge.node(Forge.inner(level, below));
    }
    Pointer[] children = new Pointer[20];
    Arrays.fill(children, below);
    refusesTree(forge, forge.node(Forge.inner(15, children)), "bounds");
  }

  /** One great node in ten thousand places: the check reads no more than the file has. */
  @Test
  void theCheckReadsNoMoreThanTheFile() throws IOException {
    Forge forge = new Forge();
    NodeBody.Builder great = Forge.leaf("a");
    for (int i = 0; i < 3; i++) {
      great.addKeys(ByteString.copyFromUtf8("b" + i));
      great.addValues(ByteString.copyFrom(new byte[256 << 10]));
    }
    Pointer leaf = forge.node(great);
    NodeBody.Builder inner =
        NodeBody.newBuilder().setVolumeId(TestVolume.ID).setGeneration(1).setLevel(1);
    for (int i = 0; i < 10_000; i++) {
      if (i > 0) {
        inner.addKeys(ByteString.copyFromUtf8("k%05d".formatted(i)));
      }
      inner.addChildren(leaf);
    }
    forge.commit(forge.body(forge.node(inner)));
    MemoryFile file = forge.file();
    MetadataLog log = TestVolume.CLEAR.open(file);
    long before = file.bytesRead;
    TreeCheck.Result check = TreeCheck.verify(log.tree(), new TreeCheck.Visitor() {});
    assertThat(check.damagedNodes()).isEqualTo(9_999);
    assertThat(file.bytesRead - before).isLessThanOrEqualTo(file.size());
  }

  @Test
  void aMillionTrailersCostLittle() throws IOException {
    Forge good = new Forge();
    good.commit(good.body(good.node(Forge.leaf("a"))));
    byte[] head = good.out.toByteArray();
    byte[] garbage = "FSPFcmt1".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
    MemoryFile file = new MemoryFile(head);
    file.write(head.length, garbage, 0, garbage.length);
    MetadataLog log = TestVolume.CLEAR.open(file);
    assertThat(TestVolume.contents(log.tree())).hasSize(1);
    assertThat(log.trailingBytes()).isEqualTo(garbage.length);
  }

  /** Frames that are commits in everything but their digest, with the longest tails. */
  @Test
  void aMillionCommitsThatAreNotWholeAreRefused() throws IOException {
    Forge good = new Forge();
    good.commit(good.body(good.node(Forge.leaf("a"))));
    MemoryFile file = new MemoryFile(good.out.toByteArray());
    int length = 60;
    byte[] garbage = new byte[length * 1_000_000];
    long start = file.size();
    for (int i = 0; i < 1_000_000; i++) {
      ByteBuffer.wrap(garbage, i * length, length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put((byte) 0x1A)
          .put((byte) (length - 2))
          .put((byte) 0x12)
          .put((byte) 0x1D)
          .putInt(i < 100_000 ? 0 : 4 << 20)
          .put((byte) 0x21)
          .putLong(start + (long) i * length)
          .put((byte) 0x2A)
          .put((byte) 32)
          .put(new byte[32])
          .put((byte) 0x31)
          .put(TestVolume.bytes("FSPFcmt"));
      garbage[(i + 1) * length - 1] = '1';
    }
    file.write(start, garbage, 0, garbage.length);
    long before = System.nanoTime();
    refuses(file, "too many");
    assertThat(file.bytesRead).isLessThan(100L << 20);
    MemoryFile shortTails = new MemoryFile(Arrays.copyOf(file.bytes(), (int) start + 5_000_000));
    refuses(shortTails, "too many");
    assertThat(shortTails.bytesRead).isLessThan(20L << 20);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
  }

  /** A sparse file costs the host nothing: going over its zeros takes one pass and one block. */
  @Test
  void manyZerosBehindTheHead() throws IOException {
    Forge good = new Forge();
    good.commit(good.body(good.node(Forge.leaf("a"))));
    MemoryFile file = good.file();
    file.setSize(200 << 20);
    MetadataLog log = TestVolume.CLEAR.open(file);
    assertThat(log.trailingBytes()).isZero();
    assertThat(file.bytesRead).isLessThan(201L << 20);
  }
}
