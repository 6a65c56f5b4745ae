package io.fspf.internal.volume;

import static io.fspf.internal.host.Operation.Kind.DELETE;
import static io.fspf.internal.host.Operation.Kind.READ;
import static io.fspf.internal.host.Operation.Kind.RENAME;
import static io.fspf.internal.host.Operation.Kind.SET_SIZE;
import static io.fspf.internal.host.Operation.Kind.SYNC;
import static io.fspf.internal.host.Operation.Kind.SYNC_DIRECTORY;
import static io.fspf.internal.host.Operation.Kind.WRITE;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.CrashRemains;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.HeadChoice;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.TreeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When commits are made, what they let go, and what closing leaves on the host. */
class CommitterTest {
  private static final int CHUNK = VolumeBench.CHUNK;
  private static final VolumePath FILE = VolumePath.of("/file");

  private final VolumeBench bench = new VolumeBench(2);

  @AfterEach
  void nothingStaysOpen() {
    bench.checkNothingOpen();
  }

  private static VolumeFile open(Volume volume, VolumePath path) throws IOException {
    return volume.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, CREATE);
  }

  private static void fill(VolumeFile file, int chunks, int value) throws IOException {
    byte[] bytes = new byte[chunks * CHUNK];
    Arrays.fill(bytes, (byte) value);
    file.write(ByteBuffer.wrap(bytes), 0);
  }

  private static void write(Volume volume, VolumePath path, int chunks) throws IOException {
    try (VolumeFile file = open(volume, path)) {
      fill(file, chunks, 1);
    }
  }

  /** Work that may fail. */
  private interface Work {
    void run() throws IOException;
  }

  private List<Operation> callsOf(Work work) throws IOException {
    bench.host().startLog();
    work.run();
    return List.copyOf(bench.host().log());
  }

  private static List<Operation> ofMetadata(List<Operation> calls, Operation.Kind kind) {
    return calls.stream()
        .filter(call -> call.kind() == kind && call.path().toString().endsWith(Volume.FILE_NAME))
        .toList();
  }

  private static List<Operation> ofObjects(List<Operation> calls, Operation.Kind kind) {
    return calls.stream()
        .filter(call -> call.kind() == kind && call.path().toString().contains("objects"))
        .toList();
  }

  private List<Integer> objectLengths() {
    return bench.host().files().stream()
        .map(VolumePath::toString)
        .filter(name -> name.contains("objects"))
        .map(name -> bench.host().read(name).length)
        .toList();
  }

  private CrashRemains remains() throws IOException {
    try (Volume volume = bench.openForReading()) {
      return volume.crashRemains();
    }
  }

  /** The number of chunks that a whole object of that many bytes has. */
  private int chunksOf(int length) {
    return length / CHUNK;
  }

  @Test
  void whereNothingChangedNothingIsWritten() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, FILE, 3);
      RootTag tag = volume.commit();
      assertThat(callsOf(() -> assertThat(volume.commit()).isEqualTo(tag))).isEmpty();
    }
    RootTag tag;
    try (Volume volume = bench.open()) {
      tag = volume.tag();
      volume.commit();
      bench.host().startLog();
    }
    assertThat(bench.host().log())
        .noneMatch(call -> call.kind() == WRITE || call.kind() == SYNC || call.kind() == DELETE);
    try (Volume volume = bench.openForReading()) {
      assertThat(volume.tag()).isEqualTo(tag);
    }
  }

  @Test
  void theFirstChangeSaysThatAWriterIsAtWork() throws IOException {
    bench.create(VolumeBench.REGIONS).close();
    assertThat(remains().openForWriting()).isFalse();
    try (Volume volume = bench.open()) {
      long before = volume.generation();
      volume.createDirectory(VolumePath.of("/one"), 0755);
      assertThat(volume.generation()).isEqualTo(before + 1);
      List<Operation> second = callsOf(() -> volume.createDirectory(VolumePath.of("/two"), 0755));
      assertThat(ofMetadata(second, SYNC)).isEmpty();
      assertThat(volume.generation()).isEqualTo(before + 1);
      assertThat(ofMetadata(callsOf(volume::commit), SYNC)).hasSize(1);
      assertThat(volume.crashRemains().openForWriting()).isTrue();
    }
    assertThat(remains().isClean()).isTrue();
  }

  @Test
  void aCommitWritesWhatIsHeldBeforeItHoldsOthersUp() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = open(volume, FILE)) {
      volume.commit();
      fill(file, 2, 1);
      List<Operation> commit = callsOf(volume::commit);
      assertThat(ofObjects(commit, WRITE)).isNotEmpty();
      int lastSync = lastOf(commit, SYNC, "objects");
      assertThat(lastOf(commit, WRITE, "objects")).isLessThan(lastSync);
      assertThat(lastSync).isLessThan(firstOf(commit, WRITE, Volume.FILE_NAME));
    }
  }

  private static int lastOf(List<Operation> calls, Operation.Kind kind, String part) {
    int last = -1;
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).kind() == kind && calls.get(i).path().toString().contains(part)) {
        last = i;
      }
    }
    return last;
  }

  private static int firstOf(List<Operation> calls, Operation.Kind kind, String part) {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).kind() == kind && calls.get(i).path().toString().contains(part)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void whatNoStateRefersToIsUsedAgain() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = open(volume, FILE)) {
      for (int i = 0; i < 20; i++) {
        fill(file, 4, i);
        volume.commit();
      }
      assertThat(objectLengths()).allMatch(length -> chunksOf(length) <= 8);
    }
    // And nothing of it is left by who closes the volume.
    assertThat(objectLengths()).allMatch(length -> chunksOf(length) == 4);
    assertThat(remains().isClean()).isTrue();
  }

  @Test
  void aSnapshotKeepsWhatItRefersTo() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = open(volume, FILE)) {
      fill(file, 4, 1);
      volume.commit();
      Volume.Snapshot snapshot = volume.snapshot();
      for (int i = 2; i < 9; i++) {
        fill(file, 4, i);
        volume.commit();
        try (VolumeFile old = snapshot.open(FILE)) {
          ByteBuffer read = ByteBuffer.allocate(CHUNK);
          old.read(read, CHUNK);
          assertThat(read.array()).containsOnly(1);
        }
      }
      int longest = objectLengths().get(0);
      assertThat(chunksOf(longest)).isBetween(8, 32);
      snapshot.close();
      for (int i = 9; i < 12; i++) {
        fill(file, 4, i);
        volume.commit();
      }
    }
    assertThat(objectLengths()).allMatch(length -> chunksOf(length) <= 8);
  }

  @Test
  void whatOnlyASnapshotNeededGoesWhenTheVolumeIsClosed() throws IOException {
    VolumePath removed = VolumePath.of("/removed");
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, FILE, 4);
      write(volume, removed, 4);
      volume.commit();
      volume.snapshot();
      try (VolumeFile file = open(volume, FILE)) {
        file.setSize(CHUNK);
        volume.delete(removed);
        volume.commit();
        assertThat(objectLengths()).hasSize(2).allMatch(length -> chunksOf(length) == 4);
        bench.host().startLog();
      }
    }
    List<Operation> closing = bench.host().log();
    assertThat(objectLengths()).hasSize(1).allMatch(length -> chunksOf(length) == 1);
    assertThat(remains().isClean()).isTrue();
    // It is durable before a commit says that all is well.
    int lastWrite = lastOf(closing, WRITE, Volume.FILE_NAME);
    assertThat(lastOf(closing, SET_SIZE, "objects")).isLessThan(lastOf(closing, SYNC, "objects"));
    assertThat(lastOf(closing, SYNC, "objects")).isLessThan(lastWrite);
    assertThat(lastOf(closing, DELETE, "objects"))
        .isLessThan(lastOf(closing, SYNC_DIRECTORY, "objects"));
    assertThat(lastOf(closing, SYNC_DIRECTORY, "objects")).isLessThan(lastWrite);
  }

  @Test
  void compactionRemovesWhatCrashesLeftOfOthers() throws IOException {
    String draft = VolumeBench.HOME + "/." + Volume.FILE_NAME + "-0123abcd.new";
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      bench.host().replace(draft, new byte[100]);
      volume.compact();
      assertThat(bench.host().exists(draft)).isFalse();
    }
  }

  @Test
  void whatWasCutIsDurableWhenTheVolumeIsClosed() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      try (VolumeFile file = open(volume, FILE)) {
        fill(file, 8, 1);
        volume.commit();
        file.setSize(2L * CHUNK);
        volume.commit();
        bench.host().startLog();
        volume.commit();
      }
    }
    List<Operation> closing = bench.host().log();
    assertThat(lastOf(closing, SYNC, "objects"))
        .isBetween(0, lastOf(closing, WRITE, Volume.FILE_NAME));
    assertThat(objectLengths()).allMatch(length -> chunksOf(length) == 2);
    SimulatedHost stopped = bench.host().afterCrashLosingAll();
    bench.setHost(stopped);
    assertThat(remains().isClean()).isTrue();
    assertThat(objectLengths()).allMatch(length -> chunksOf(length) == 2);
  }

  @Test
  void filesThatWereCutDoNotStayOpenInAnyNumber() throws IOException {
    int count = 67;
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      var files = new ArrayList<VolumeFile>();
      for (int i = 0; i < count; i++) {
        VolumeFile file = open(volume, VolumePath.of("/f" + i));
        fill(file, 4, i);
        files.add(file);
      }
      volume.commit();
      for (VolumeFile file : files) {
        file.setSize(2L * CHUNK);
      }
      // The host's files are cut when the commit is durable.
      List<Operation> commit = callsOf(volume::commit);
      List<Operation> after = commit.subList(lastOf(commit, SYNC, Volume.FILE_NAME), commit.size());
      assertThat(ofObjects(after, SET_SIZE)).hasSize(count);
      assertThat(ofObjects(after, SYNC)).hasSize(count - 64);
      for (VolumeFile file : files) {
        file.close();
      }
    }
  }

  @Test
  void aVolumeThatACrashLeftIsNotSaidToBeClean() throws IOException {
    Volume volume = bench.create(VolumeBench.REGIONS);
    write(volume, FILE, 3);
    volume.commit();
    bench.setHost(bench.host().afterCrashKeepingAll());
    assertThat(callsOf(() -> bench.open().close()))
        .noneMatch(call -> call.kind() == WRITE || call.kind() == DELETE);
    try (Volume next = bench.open()) {
      write(next, VolumePath.of("/other"), 2);
      write(next, VolumePath.of("/sha/other"), 2);
      next.delete(FILE);
    }
    // Objects may hold more than any commit knows. All else is done.
    assertThat(remains()).isEqualTo(new CrashRemains(true, 0, 0, 0, 0));
    Volumes.recover(VolumeEnvironment.standard(), bench.location(), bench.options());
    assertThat(remains().isClean()).isTrue();
  }

  @Test
  void filesThatLostTheirNamesAreGoneWhenTheVolumeIsClosed() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      VolumeFile file = open(volume, FILE);
      fill(file, 3, 1);
      volume.commit();
      volume.delete(FILE);
      volume.commit();
      assertThat(objectLengths()).hasSize(1);
      fill(file, 4, 2);
    }
    assertThat(objectLengths()).isEmpty();
    assertThat(remains().isClean()).isTrue();
  }

  /** What the host fails at, amid a commit. */
  private enum Trouble {
    SYNC_OF_CONTENT(SYNC, "objects"),
    SYNC_OF_NAMES(SYNC_DIRECTORY, "objects"),
    WRITE_OF_METADATA(WRITE, Volume.FILE_NAME),
    SYNC_OF_METADATA(SYNC, Volume.FILE_NAME),
    NAME_OF_AUTHENTICATED(RENAME, "sha"),
    DELETION(DELETE, "objects");

    private final Operation.Kind kind;
    private final String part;

    Trouble(Operation.Kind kind, String part) {
      this.kind = kind;
      this.part = part;
    }

    /** Fails once: the host recovers at once, and must not be trusted all the same. */
    private void begin(SimulatedHost host) {
      var failed = new AtomicBoolean();
      host.setHook(
          call -> {
            if (call.kind() == kind
                && call.path().toString().contains(part)
                && failed.compareAndSet(false, true)) {
              throw new IOException("the disk is broken");
            }
            return Answer.PROCEED;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterAFailureNothingIsCommitted(Trouble trouble) throws IOException {
    VolumePath plain = VolumePath.of("/sha/file");
    VolumePath removed = VolumePath.of("/removed");
    bench.setCacheBytes(0);
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, FILE, 3);
      write(volume, plain, 3);
      write(volume, removed, 2);
      volume.commit();
      write(volume, FILE, 2);
      write(volume, plain, 2);
      write(volume, VolumePath.of("/new"), 2);
      volume.delete(removed);
      trouble.begin(bench.host());
      assertThatThrownBy(volume::commit).hasMessageContaining("the disk is broken");
      bench.host().setHook(call -> Answer.PROCEED);
      assertThat(volume.isWritable()).isFalse();
      bench.host().startLog();
      assertThatThrownBy(volume::commit).hasMessageContaining("the disk is broken");
      assertThatThrownBy(volume::compact).hasMessageContaining("the disk is broken");
      assertThatThrownBy(() -> volume.move(plain, VolumePath.of("/sha/other")))
          .hasMessageContaining("the disk is broken");
      assertThatThrownBy(() -> volume.createDirectory(VolumePath.of("/d"), 0755))
          .hasMessageContaining("the disk is broken");
    }
    assertThat(bench.host().log())
        .noneMatch(call -> call.kind() == WRITE || call.kind() == SYNC || call.kind() == DELETE);
    try (Volume volume = bench.open()) {
      assertThat(volume.crashRemains().openForWriting()).isTrue();
      assertThat(sizeOf(volume, FILE)).isEqualTo(3L * CHUNK);
      assertThat(sizeOf(volume, plain)).isEqualTo(3L * CHUNK);
    }
  }

  private static long sizeOf(Volume volume, VolumePath path) throws IOException {
    try (VolumeFile file = volume.open(path)) {
      ByteBuffer all = ByteBuffer.allocate((int) file.size());
      while (file.read(all, all.position()) > 0) {
        // On to the rest.
      }
      return all.position();
    }
  }

  @Test
  void aCompactionThatFailsLeavesNothing() throws IOException {
    bench.setCacheBytes(0);
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      for (int i = 0; i < 100; i++) {
        volume.createDirectory(VolumePath.of("/d" + i), 0755);
      }
      volume.commit();
      List<VolumePath> before = bench.host().files();
      failAt(READ, 1);
      assertThatThrownBy(volume::compact).hasMessageContaining("the disk is broken");
      bench.host().setHook(call -> Answer.PROCEED);
      assertThat(bench.host().files()).isEqualTo(before);
      assertThat(volume.isWritable()).isTrue();
      volume.compact();
      write(volume, FILE, 1);
      volume.commit();
    }
    assertThat(remains().isClean()).isTrue();
  }

  @Test
  void afterACompactionThatFailedAtTheNameNothingIsCommitted() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, FILE, 1);
      volume.commit();
      bench
          .host()
          .setHook(
              call -> {
                if (call.kind() == SYNC_DIRECTORY
                    && call.path().toString().equals(VolumeBench.HOME)) {
                  throw new IOException("the disk is broken");
                }
                return Answer.PROCEED;
              });
      assertThatThrownBy(volume::compact).hasMessageContaining("the disk is broken");
      bench.host().setHook(call -> Answer.PROCEED);
      assertThat(volume.isWritable()).isFalse();
      assertThatThrownBy(volume::commit).hasMessageContaining("the disk is broken");
    }
    try (Volume volume = bench.open()) {
      assertThat(sizeOf(volume, FILE)).isEqualTo(CHUNK);
    }
  }

  @Test
  void aCompactionWhoseFileDoesNotGetItsNameKeepsTheLockOfTheOld() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, FILE, 1);
      RootTag tag = volume.commit();
      List<VolumePath> before = bench.host().files();
      failAt(RENAME, 1);
      assertThatThrownBy(volume::compact).hasMessageContaining("the disk is broken");
      bench.host().setHook(call -> Answer.PROCEED);
      assertThat(bench.host().files()).isEqualTo(before);
      assertThat(volume.isWritable()).isFalse();
      assertThat(volume.tag()).isNotEqualTo(tag);
      assertThatThrownBy(bench::open).isInstanceOf(VolumeLockedException.class);
      assertThat(sizeOf(volume, FILE)).isEqualTo(CHUNK);
    }
    try (Volume volume = bench.open()) {
      assertThat(sizeOf(volume, FILE)).isEqualTo(CHUNK);
    }
  }

  private void failAt(Operation.Kind kind, int nth) {
    var left = new AtomicInteger(nth);
    bench
        .host()
        .setHook(
            call -> {
              if (call.kind() == kind && left.decrementAndGet() == 0) {
                throw new IOException("the disk is broken");
              }
              return Answer.PROCEED;
            });
  }

  @Test
  void afterAFailureWhileTheStateIsFixedNothingIsCommitted() throws IOException {
    bench.setCacheBytes(0);
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = open(volume, FILE)) {
      fill(file, 3, 1);
      volume.commit();
      fill(file, 3, 2);
      failAt(READ, 1);
      assertThatThrownBy(volume::commit).hasMessageContaining("the disk is broken");
      bench.host().setHook(call -> Answer.PROCEED);
      assertThat(volume.isWritable()).isFalse();
      assertThatThrownBy(volume::commit).hasMessageContaining("the disk is broken");
    }
    try (Volume volume = bench.open()) {
      assertThat(sizeOf(volume, FILE)).isEqualTo(3L * CHUNK);
    }
  }

  @Test
  void aRemovalThatFailsTakesNothing() throws IOException {
    bench.setCacheBytes(0);
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      for (int i = 0; i < 100; i++) {
        write(volume, VolumePath.of("/f" + i), 3);
      }
      volume.commit();
      int failures = 0;
      for (int nth = 1; nth < 20; nth++) {
        volume.commit();
        failAt(READ, nth);
        VolumePath path = VolumePath.of("/f" + nth);
        try {
          volume.delete(path);
        } catch (IOException e) {
          failures++;
          bench.host().setHook(call -> Answer.PROCEED);
          assertThat(sizeOf(volume, path)).isEqualTo(3L * CHUNK);
          volume.delete(path);
        }
        bench.host().setHook(call -> Answer.PROCEED);
        assertThatThrownBy(() -> sizeOf(volume, path)).isInstanceOf(NoSuchFileException.class);
      }
      assertThat(failures).isGreaterThan(3);
    }
    assertThat(remains().isClean()).isTrue();
  }

  @Test
  void aMoveOfAuthenticatedFilesIsACommitOfItsOwn() throws IOException {
    VolumePath file = VolumePath.of("/sha/file");
    VolumePath other = VolumePath.of("/sha/other");
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, file, 3);
      volume.commit();
      long before = volume.generation();
      volume.move(file, other);
      assertThat(volume.generation()).isEqualTo(before + 1);
      write(volume, FILE, 2);
      volume.move(other, file);
      assertThat(volume.generation()).isEqualTo(before + 3);
      assertThat(callsOf(volume::commit)).isEmpty();
      assertThat(volume.generation()).isEqualTo(before + 3);
    }
  }

  @Test
  void whatIsRemovedLeavesNoRecords() throws IOException {
    var clear = new VolumeBench(2, false);
    Region region = Region.authenticated(VolumePath.ROOT, ".").withChunkSize(CHUNK);
    clear.create(List.of(region)).close();
    int before = records(clear);
    try (Volume volume = clear.open()) {
      write(volume, FILE, 200);
      volume.setExtendedAttribute(FILE, Name.of("a"), new byte[10]);
      volume.createDirectory(VolumePath.of("/d"), 0755);
      volume.createSymbolicLink(VolumePath.of("/d/l"), new byte[] {'x'});
      volume.createLink(VolumePath.of("/other"), FILE);
    }
    assertThat(records(clear)).isGreaterThan(before + 10);
    try (Volume volume = clear.open()) {
      volume.delete(FILE);
      volume.commit();
      volume.delete(VolumePath.of("/other"));
      volume.delete(VolumePath.of("/d/l"));
      volume.delete(VolumePath.of("/d"));
    }
    assertThat(records(clear)).isEqualTo(before);
  }

  private static int records(VolumeBench clear) throws IOException {
    try (MetadataLog log =
        MetadataLog.open(
            clear.location().open(HostDirectory.Mode.READ),
            null,
            HeadChoice.last(),
            TreeOptions.defaults())) {
      int count = 0;
      for (Cursor cursor = log.tree().cursor(new byte[0]); cursor.next(); ) {
        count++;
      }
      return count;
    }
  }

  /** Locks are let go, which whoever took them does not notice himself. */
  @Test
  void anotherThreadGoesOnAfterEachOperation() throws Exception {
    Volume volume = bench.create(VolumeBench.REGIONS);
    List<Work> operations =
        List.of(
            () -> write(volume, VolumePath.of("/sha/file"), 3),
            volume::commit,
            volume::commit,
            volume::compact,
            volume::history,
            volume::info,
            volume::crashRemains,
            () -> volume.move(VolumePath.of("/sha/file"), VolumePath.of("/gmac/file")),
            () -> volume.move(VolumePath.of("/gmac/file"), VolumePath.of("/gmac/other")),
            () -> volume.snapshot().close(),
            () -> write(volume, FILE, 1));
    for (Work operation : operations) {
      operation.run();
      inAnotherThread(
          () -> {
            write(volume, FILE, 2);
            volume.move(FILE, VolumePath.of("/moved"));
            volume.commit();
            volume.delete(VolumePath.of("/moved"));
            volume.compact();
          });
    }
    inAnotherThread(volume::close);
  }

  private static void inAnotherThread(Work work) throws Exception {
    CompletableFuture.runAsync(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .get(20, TimeUnit.SECONDS);
  }
}
