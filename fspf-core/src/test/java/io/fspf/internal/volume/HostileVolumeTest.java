package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.Name;
import io.fspf.internal.format.ChunkGroup;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.PendingHostOperation;
import io.fspf.internal.format.Protection;
import io.fspf.internal.format.Publish;
import io.fspf.internal.format.Region;
import io.fspf.internal.format.Storage;
import io.fspf.internal.format.Time;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.TreeEdits;
import io.fspf.seal.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Volumes whose records mean harm, in a JVM with 64 MiB of heap: what programs do with them ends
 * soon, with what was committed or with an exception that is declared, and never with another one.
 */
class HostileVolumeTest {
  private static final int LOOPS = Integer.getInteger("fspf.hostile.loops", 1000);

  /** Of the processors' time: a machine that does much else makes nothing hostile. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path scratch;

  @Test
  void inLittleMemoryAndTime() throws Exception {
    long seed = Long.getLong("fspf.test.seed", System.nanoTime());
    Path out = scratch.resolve("out");
    Process child =
        new ProcessBuilder(
                ChildJvm.command(
                    Child.class,
                    List.of("-Xmx64m", "-Xss1m", "-XX:-OmitStackTraceInFastThrow"),
                    Long.toString(seed),
                    Integer.toString(LOOPS)))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!child.waitFor(120L + LOOPS / 50, TimeUnit.SECONDS)) {
      child.destroyForcibly().waitFor();
    }
    String report = Files.readString(out);
    assertThat(child.exitValue()).as("seed %s:%n%s", seed, report).isZero();
    System.out.print(report);
  }

  /** What the JVM of its own does. */
  static final class Child {
    private final HostileVolume volume;
    private final Map<Long, Inode> inodes = new LinkedHashMap<>();

    Child() throws IOException {
      volume = new HostileVolume();
      for (HostileVolume.Item record : volume.records()) {
        if (Keys.kindOf(record.key()) == Keys.INODE) {
          inodes.put(Keys.inodeOf(record.key()), parse(record.value()));
        }
      }
    }

    private static Inode parse(byte[] value) throws InvalidProtocolBufferException {
      return Inode.parseFrom(value);
    }

    public static void main(String[] args) throws IOException {
      Child child = new Child();
      long refused = 0;
      int cases = 0;
      for (Map.Entry<String, TreeEdits> hostile : child.cases().entrySet()) {
        refused += child.run(hostile.getKey(), hostile.getValue(), child.volume.fields());
        cases++;
      }
      refused +=
          child.run(
              "counts",
              new TreeEdits(),
              new CommitFields(
                  Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 0, Long.MAX_VALUE, true));
      System.out.printf("Hostile volumes: %d built by hand, %d refusals%n", cases + 1, refused);
      Random random = new Random(Long.parseLong(args[0]));
      int loops = Integer.parseInt(args[1]);
      refused = 0;
      for (int i = 0; i < loops; i++) {
        byte[] input = new byte[100];
        random.nextBytes(input);
        Duration start = cpuTime();
        int now;
        try {
          now = RecordMutator.run(child.volume, input);
        } catch (RuntimeException | Error e) {
          throw new AssertionError("input " + java.util.HexFormat.of().formatHex(input), e);
        }
        checkTime("input " + java.util.HexFormat.of().formatHex(input), start);
        refused += now;
      }
      System.out.printf("Hostile volumes: %d by chance, %d refusals%n", loops, refused);
    }

    private int run(String name, TreeEdits edits, CommitFields fields) throws IOException {
      Duration start = cpuTime();
      try {
        int refused = volume.use(volume.with(edits, fields));
        checkTime(name, start);
        return refused;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(name, e);
      }
    }

    private static Duration cpuTime() {
      return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private static void checkTime(String name, Duration start) {
      Duration took = cpuTime().minus(start);
      if (took.compareTo(LIMIT) > 0) {
        throw new AssertionError(name + " took " + took);
      }
    }

    private Map<String, TreeEdits> cases() throws IOException {
      Map<String, TreeEdits> cases = new LinkedHashMap<>();
      for (long size : new long[] {Long.MAX_VALUE, 1L << 62, 1L << 40, -1}) {
        cases.put("size " + size, regular(inode -> inode.setSize(size)));
        cases.put("object of " + size, regular(inode -> inode.setObjectSize(size)));
      }
      cases.put("chunks behind the end", regular(inode -> inode.setSize(5000)));
      cases.put("epoch", regular(inode -> inode.setKeyEpoch(-1)));
      cases.put("uses", regular(inode -> inode.setKeyUses(-1)));
      cases.put("no links", regular(inode -> inode.setLinks(0)));
      cases.put("many links", regular(inode -> inode.setLinks(-1)));
      cases.put("mode", all(inode -> inode.setMode(-1)));
      cases.put("region", all(inode -> inode.setRegion(77)));
      cases.put("inline", regular(inode -> inode.clearIntegrity().setInline(zeros(200_000))));
      cases.put("times", times(Time.newBuilder().setSeconds(Long.MAX_VALUE).build()));
      cases.put("nanos", times(Time.newBuilder().setNanos(-1).build()));
      cases.put("the latest time", times(Records.time(Instant.MAX)));
      cases.put("itself in itself", cycle());
      cases.put("each in itself", cycles());
      cases.put("deep between regions", deep(directories().get(directories().size() - 1), 2000));
      cases.put("deep", deep(2000));
      cases.put("very deep", deep(10_000));
      cases.put("wide", wide(50_000));
      cases.put("attributes", attributes());
      cases.put("slots", slots());
      cases.put("groups", groups());
      cases.put("regions", regions(2000));
      cases.put("region over region", overlapping());
      for (String host : List.of("\0", "sha/\0", "x".repeat(256), "/../..", "..", "")) {
        cases.put("host directory '" + host + "'", hostDirectory(host));
      }
      cases.put("host directory of bytes", hostDirectory("\uDCFF\uDC80/\uDCC3"));
      cases.put("pending", pending(20_000));
      cases.put("pending outside", pendingOutside());
      cases.put("symlinks", symlinks());
      cases.put("short keys", shortKeys());
      return cases;
    }

    private TreeEdits all(Consumer<Inode.Builder> change) {
      TreeEdits edits = new TreeEdits();
      inodes.forEach(
          (number, inode) -> {
            Inode.Builder changed = inode.toBuilder();
            change.accept(changed);
            edits.put(Keys.inode(number), changed.build().toByteArray());
          });
      return edits;
    }

    private TreeEdits regular(Consumer<Inode.Builder> change) {
      return all(
          inode -> {
            if (inode.getType() == FileType.FILE_TYPE_REGULAR && inode.getInline().isEmpty()) {
              change.accept(inode);
            }
          });
    }

    private TreeEdits times(Time time) {
      return all(
          inode -> inode.setModified(time).setAccessed(time).setChanged(time).setCreated(time));
    }

    private static ByteString zeros(int length) {
      return ByteString.copyFrom(new byte[length]);
    }

    private static byte[] entry(long inode, FileType type) {
      return DirectoryEntry.newBuilder().setInode(inode).setType(type).build().toByteArray();
    }

    private Inode inode(long number) {
      return Objects.requireNonNull(inodes.get(number));
    }

    /** All but the roots of regions. */
    private List<Long> directories() {
      return inodes.entrySet().stream()
          .filter(e -> e.getValue().getType() == FileType.FILE_TYPE_DIRECTORY)
          .filter(e -> e.getValue().getParent() != 0)
          .map(Map.Entry::getKey)
          .toList();
    }

    private long directory() {
      return directories().get(0);
    }

    private TreeEdits cycle() {
      long directory = directory();
      return new TreeEdits()
          .put(
              Keys.entry(directory, Name.of("self")),
              entry(directory, FileType.FILE_TYPE_DIRECTORY))
          .put(Keys.entry(directory, Name.of("root")), entry(1, FileType.FILE_TYPE_DIRECTORY))
          .put(Keys.inode(1), inode(1).toBuilder().setParent(directory).build().toByteArray());
    }

    /** Also what is moved into another region, directory by directory. */
    private TreeEdits cycles() {
      TreeEdits edits = new TreeEdits();
      for (long directory : directories()) {
        edits.put(
            Keys.entry(directory, Name.of("self")), entry(directory, FileType.FILE_TYPE_DIRECTORY));
      }
      return edits;
    }

    private TreeEdits deep(int levels) {
      return deep(directory(), levels);
    }

    private TreeEdits deep(long top, int levels) {
      TreeEdits edits = new TreeEdits();
      Inode like = inode(top);
      long above = top;
      for (long number = 1L << 40; number < (1L << 40) + levels; number++) {
        edits.put(
            Keys.entry(above, Name.of("d".repeat(200))),
            entry(number, FileType.FILE_TYPE_DIRECTORY));
        edits.put(
            Keys.inode(number),
            like.toBuilder().setParent(above).setLinks(3).build().toByteArray());
        above = number;
      }
      return edits;
    }

    private TreeEdits wide(int count) {
      TreeEdits edits = new TreeEdits();
      for (int i = 0; i < count; i++) {
        edits.put(
            Keys.entry(directory(), Name.of("entry" + i)),
            entry(i % 100, FileType.forNumber(i % 4)));
      }
      return edits;
    }

    /** Four MiB of them. */
    private TreeEdits attributes() {
      TreeEdits edits = new TreeEdits();
      for (int i = 0; i < 16; i++) {
        edits.put(Keys.xattr(directory(), Name.of("x" + i)), new byte[256 << 10]);
      }
      return edits;
    }

    private TreeEdits slots() throws IOException {
      TreeEdits edits = new TreeEdits();
      long slot = 1L << 30;
      for (HostileVolume.Item record : volume.records()) {
        if (Keys.kindOf(record.key()) == Keys.GROUP) {
          ChunkGroup group = ChunkGroup.parseFrom(record.value());
          ChunkGroup.Builder changed = group.toBuilder().clearSlots();
          for (int i = 0; i < Integer.bitCount(group.getPresent().byteAt(0) & 0xFF); i++) {
            changed.addSlots(slot);
          }
          slot = slot << 7;
          edits.put(record.key(), changed.build().toByteArray());
        }
      }
      return edits;
    }

    private TreeEdits groups() throws IOException {
      TreeEdits edits = new TreeEdits();
      for (HostileVolume.Item record : volume.records()) {
        if (Keys.kindOf(record.key()) == Keys.GROUP) {
          ChunkGroup group =
              ChunkGroup.newBuilder()
                  .setPresent(ByteString.copyFrom(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
                  .setRecords(zeros(200_000))
                  .build();
          edits.put(record.key(), group.toByteArray());
          edits.put(Keys.group(Keys.inodeOf(record.key()), -1), record.value());
          edits.put(Keys.group(Keys.inodeOf(record.key()), 1L << 58), record.value());
        }
      }
      return edits;
    }

    private static Region region(int id, String path, long root) {
      return Region.newBuilder()
          .setId(id)
          .setPath(ByteString.copyFromUtf8(path))
          .setProtection(Protection.PROTECTION_ENCRYPTED)
          .setStorage(Storage.STORAGE_KERNEL)
          .setHostDirectory(ByteString.copyFromUtf8("."))
          .setRootInode(root)
          .setChunkSize(4096)
          .setIntegrity(io.fspf.internal.format.Integrity.INTEGRITY_GCM)
          .build();
    }

    private static TreeEdits hostDirectory(String name) {
      Region region =
          region(3, "/sha", 3).toBuilder()
              .setHostDirectory(ByteString.copyFrom(Name.encode(name)))
              .build();
      return new TreeEdits().put(Keys.region(3), region.toByteArray());
    }

    private static TreeEdits regions(int count) {
      TreeEdits edits = new TreeEdits();
      for (int id = 100; id < 100 + count; id++) {
        edits.put(Keys.region(id), region(id, "/r".repeat(1 + id % 90) + id, 1).toByteArray());
      }
      return edits;
    }

    private static TreeEdits overlapping() {
      return new TreeEdits()
          .put(Keys.region(100), region(100, "/", 1).toByteArray())
          .put(Keys.region(101), region(101, "/sha/dir", 1).toByteArray())
          .put(Keys.region(102), region(102, "/sha/dir/large/below", 99).toByteArray())
          .put(Keys.region(103), region(7, "relative/../..", -1).toByteArray());
    }

    private static byte[] publish(String from, String to) {
      return PendingHostOperation.newBuilder()
          .setRegion(3)
          .setPublish(
              Publish.newBuilder()
                  .setStaged(ByteString.copyFromUtf8(from))
                  .setPath(ByteString.copyFromUtf8(to)))
          .build()
          .toByteArray();
    }

    private static TreeEdits pending(int count) {
      TreeEdits edits = new TreeEdits();
      for (int i = 0; i < count; i++) {
        edits.put(Keys.pending(i), publish("/.fspf-staging/" + i, "/dir/large"));
      }
      return edits;
    }

    private static TreeEdits pendingOutside() {
      return new TreeEdits()
          .put(Keys.pending(0), publish("/../fspf.pb", "/dir/large"))
          .put(Keys.pending(1), publish("/dir/large", "/../fspf.pb"))
          .put(Keys.pending(2), publish("/.fspf-staging/../../fspf.pb", "/x"))
          .put(Keys.pending(3), publish("", "/"));
    }

    private TreeEdits symlinks() {
      return all(
          inode -> {
            if (inode.getType() == FileType.FILE_TYPE_SYMLINK) {
              inode.setTarget(ByteString.copyFromUtf8("symlink/".repeat(10_000)));
            }
          });
    }

    private static TreeEdits shortKeys() {
      TreeEdits edits = new TreeEdits();
      for (int length = 0; length < 9; length++) {
        edits.put(new byte[length], new byte[length]);
        byte[] key = new byte[length + 9];
        key[8] = (byte) (length < 4 ? length + 1 : length + 12);
        key[7] = 1;
        edits.put(key, new byte[length]);
      }
      return edits;
    }
  }
}
