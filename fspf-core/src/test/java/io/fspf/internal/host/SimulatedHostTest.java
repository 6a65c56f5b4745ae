package io.fspf.internal.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.HostSpace;
import io.fspf.Name;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes.Kind;
import io.fspf.internal.host.HostDirectory.Mode;
import io.fspf.internal.host.OperationHook.Answer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The simulated host loses what it may lose, keeps what it must keep, and does to its files what it
 * is told.
 */
class SimulatedHostTest {
  private static final int SECTOR = SimulatedContent.SECTOR;

  private final SimulatedHost host = new SimulatedHost().makeDirectories("/v");
  private final HostDirectory dir = directory(host);

  private static HostDirectory directory(SimulatedHost host) {
    try {
      return host.directory("/v");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static VolumePath path(String text) {
    return VolumePath.of(text);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** A durable file of some sectors filled with ones, open for writing. */
  private HostFile durableFile(String name, int sectors) throws IOException {
    HostFile file = dir.open(path(name), Mode.CREATE);
    file.write(0, filled(sectors * SECTOR, 1), 0, sectors * SECTOR);
    file.sync();
    dir.syncDirectory(VolumePath.ROOT);
    return file;
  }

  @Test
  void whatIsSyncedSurvives() throws IOException {
    durableFile("f", 4).close();
    for (int seed = 0; seed < 100; seed++) {
      assertThat(host.afterCrash(seed).read("/v/f")).isEqualTo(filled(4 * SECTOR, 1));
    }
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(4 * SECTOR, 1));
  }

  @Test
  void whatIsNotSyncedIsLostOrTornBySectors() throws IOException {
    HostFile file = durableFile("f", 4);
    file.write(10, filled(4 * SECTOR - 20, 2), 0, 4 * SECTOR - 20);
    byte[] written = host.read("/v/f");
    Set<String> patterns = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      byte[] after = host.afterCrash(seed).read("/v/f");
      assertThat(after).hasSize(4 * SECTOR);
      var pattern = new StringBuilder();
      for (int sector = 0; sector < 4; sector++) {
        byte[] found = Arrays.copyOfRange(after, sector * SECTOR, (sector + 1) * SECTOR);
        boolean old = Arrays.equals(found, filled(SECTOR, 1));
        if (!old) {
          assertThat(found)
              .isEqualTo(Arrays.copyOfRange(written, sector * SECTOR, (sector + 1) * SECTOR));
        }
        pattern.append(old ? 'o' : 'n');
      }
      patterns.add(pattern.toString());
    }
    assertThat(patterns).as("every subset occurs").hasSize(16);
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(4 * SECTOR, 1));
    assertThat(host.afterCrashKeepingAll().read("/v/f")).isEqualTo(written);
    assertThat(host.read("/v/f")).as("this host stays as it is").isEqualTo(written);
  }

  @Test
  void writesOvertakeEachOther() throws IOException {
    HostFile file = durableFile("f", 2);
    file.write(0, filled(SECTOR, 2), 0, SECTOR);
    file.write(SECTOR, filled(SECTOR, 2), 0, SECTOR);
    file.write(0, filled(SECTOR, 3), 0, SECTOR);
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 1000; seed++) {
      byte[] after = host.afterCrash(seed).read("/v/f");
      outcomes.add(after[0] + " " + after[SECTOR]);
    }
    assertThat(outcomes).containsExactlyInAnyOrder("1 1", "1 2", "2 1", "2 2", "3 1", "3 2");
  }

  @Test
  void sizesGetLostToo() throws IOException {
    HostFile file = durableFile("f", 1);
    file.write(SECTOR, filled(2 * SECTOR, 2), 0, 2 * SECTOR);
    boolean shorter = false;
    boolean zeros = false;
    boolean garbage = false;
    boolean whole = false;
    for (int seed = 0; seed < 500; seed++) {
      byte[] after = host.afterCrash(seed).read("/v/f");
      assertThat(Arrays.copyOf(after, SECTOR)).isEqualTo(filled(SECTOR, 1));
      shorter |= after.length == SECTOR;
      if (after.length == 3 * SECTOR) {
        byte[] last = Arrays.copyOfRange(after, 2 * SECTOR, 3 * SECTOR);
        whole |= Arrays.equals(last, filled(SECTOR, 2));
        zeros |= Arrays.equals(last, new byte[SECTOR]);
        garbage |= last[0] != last[1] && last[1] != last[2];
      } else {
        assertThat(after).hasSize(SECTOR);
      }
    }
    assertThat(List.of(shorter, zeros, garbage, whole)).containsOnly(true);
  }

  @Test
  void aCutThatIsNotSyncedMayNotHaveHappened() throws IOException {
    HostFile file = durableFile("f", 3);
    file.setSize(SECTOR + 5);
    file.setSize(2 * SECTOR);
    Set<Integer> sizes = new HashSet<>();
    for (int seed = 0; seed < 300; seed++) {
      byte[] after = host.afterCrash(seed).read("/v/f");
      sizes.add(after.length);
      assertThat(Arrays.copyOf(after, SECTOR + 5)).isEqualTo(filled(SECTOR + 5, 1));
    }
    assertThat(sizes).containsExactlyInAnyOrder(3 * SECTOR, SECTOR + 5, 2 * SECTOR);
    file.sync();
    byte[] cut = Arrays.copyOf(filled(SECTOR + 5, 1), 2 * SECTOR);
    for (int seed = 0; seed < 50; seed++) {
      assertThat(host.afterCrash(seed).read("/v/f")).isEqualTo(cut);
    }
  }

  @Test
  void aNameIsSafeOnlyWhenItsDirectoryIsSynced() throws IOException {
    HostFile file = dir.open(path("f"), Mode.CREATE);
    file.write(0, filled(10, 1), 0, 10);
    file.sync();
    assertThat(host.afterCrashLosingAll().files()).isEmpty();
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(10, 1));
    dir.delete(path("f"));
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(10, 1));
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(host.afterCrashLosingAll().files()).isEmpty();
  }

  @Test
  void aSyncedDirectoryDoesNotMakeContentSafe() throws IOException {
    dir.open(path("f"), Mode.CREATE).write(0, filled(10, 1), 0, 10);
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEmpty();
  }

  @Test
  void aDirectoryNobodySyncedTakesItsFilesAlong() throws IOException {
    dir.createDirectory(path("d"));
    dir.open(path("d/f"), Mode.CREATE).close();
    dir.syncDirectory(path("d"));
    assertThat(host.afterCrashLosingAll().exists("/v/d")).isFalse();
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(host.afterCrashLosingAll().exists("/v/d/f")).isTrue();
  }

  @Test
  void aRenameIsAllOrNothing() throws IOException {
    durableFile("old", 1).close();
    HostFile file = dir.open(path("new"), Mode.CREATE);
    file.write(0, filled(SECTOR, 2), 0, SECTOR);
    file.sync();
    dir.syncDirectory(VolumePath.ROOT);
    dir.rename(path("new"), path("old"));
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      SimulatedHost after = host.afterCrash(seed);
      outcomes.add(after.exists("/v/new") + " " + after.read("/v/old")[0]);
    }
    assertThat(outcomes).containsExactlyInAnyOrder("true 1", "false 2");
  }

  @Test
  void aRenameBetweenDirectoriesIsAllOrNothingAsWell() throws IOException {
    for (String synced : List.of("a", "b")) {
      var fresh = new SimulatedHost().makeDirectories("/v/a").makeDirectories("/v/b");
      fresh.replace("/v/a/f", filled(1, 1));
      HostDirectory top = directory(fresh);
      top.rename(path("a/f"), path("b/g"));
      for (int seed = 0; seed < 50; seed++) {
        SimulatedHost after = fresh.afterCrash(seed);
        assertThat(after.exists("/v/a/f")).isNotEqualTo(after.exists("/v/b/g"));
      }
      top.syncDirectory(path(synced));
      assertThat(fresh.afterCrashLosingAll().exists("/v/a/f")).isFalse();
      assertThat(fresh.afterCrashLosingAll().exists("/v/b/g")).isTrue();
    }
  }

  @Test
  void changesOfNamesSurviveAsPrefixOrAsSubset() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      dir.open(path(name), Mode.CREATE).close();
    }
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 1000; seed++) {
      outcomes.add(directory(host.afterCrash(seed)).list(VolumePath.ROOT).toString());
    }
    assertThat(outcomes).hasSize(8);
  }

  /**
   * Random changes and syncs, beside a model of what must be there. After a crash every durable
   * name leads to its file; hard links and directories are consistent; and what was synced reads as
   * it was.
   */
  @Test
  void randomWorkIsConsistentAfterACrash() throws IOException {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var fresh = new SimulatedHost().makeDirectories("/v");
      workAtRandom(directory(fresh), random);
      for (int outcome = 0; outcome < 5; outcome++) {
        SimulatedHost after = fresh.afterCrash(random);
        checkTree(directory(after), "seed " + seed);
        // A host after a crash is durable as it is.
        assertThat(after.afterCrashLosingAll().files()).isEqualTo(after.files());
      }
      directory(fresh).syncDirectory(VolumePath.ROOT);
      assertThat(directory(fresh.afterCrash(random)).list(VolumePath.ROOT))
          .as("seed %s", seed)
          .isEqualTo(directory(fresh).list(VolumePath.ROOT));
    }
  }

  private static void workAtRandom(HostDirectory top, Random random) throws IOException {
    for (int step = 0; step < 40; step++) {
      VolumePath one = randomPath(random);
      VolumePath other = randomPath(random);
      try {
        switch (random.nextInt(8)) {
          case 0 -> top.open(one, Mode.CREATE).close();
          case 1 -> top.createDirectory(one);
          case 2 -> top.createLink(one, other);
          case 3 -> top.createSymbolicLink(one, "x".getBytes(UTF_8));
          case 4 -> top.delete(one);
          case 5 -> top.syncDirectory(one);
          default -> top.rename(one, other);
        }
      } catch (FileSystemException e) {
        // Most of them are impossible.
      }
    }
  }

  private static VolumePath randomPath(Random random) {
    var path = VolumePath.ROOT;
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      path = path.resolve(Name.of(String.valueOf((char) ('a' + random.nextInt(3)))));
    }
    return path;
  }

  private static void checkTree(HostDirectory top, String seed) throws IOException {
    Map<Object, Long> names = new HashMap<>();
    Map<Object, HostAttributes> files = new HashMap<>();
    check(top, VolumePath.ROOT, names, files, seed);
    names.forEach(
        (key, count) ->
            assertThat(files.get(key)).as(seed).extracting(HostAttributes::links).isEqualTo(count));
  }

  private static void check(
      HostDirectory top,
      VolumePath path,
      Map<Object, Long> names,
      Map<Object, HostAttributes> files,
      String seed)
      throws IOException {
    for (Name name : top.list(path)) {
      VolumePath child = path.resolve(name);
      HostAttributes attributes = top.attributes(child);
      HostAttributes known = files.put(attributes.fileKey(), attributes);
      if (attributes.kind() == Kind.DIRECTORY) {
        assertThat(known).as("%s: a directory has one name: %s", seed, child).isNull();
        check(top, child, names, files, seed);
      } else {
        names.merge(attributes.fileKey(), 1L, Long::sum);
      }
    }
  }

  /**
   * Random writes, cuts and syncs on one file: each sector after a crash is one that it had since
   * the last sync.
   */
  @Test
  void randomWritesSurviveInAVersionTheyHad() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var fresh = new SimulatedHost().makeDirectories("/v");
      HostFile file = directory(fresh).open(path("f"), Mode.CREATE);
      directory(fresh).syncDirectory(VolumePath.ROOT);
      var history = new ArrayList<byte[]>();
      history.add(new byte[0]);
      for (int step = 0; step < 30; step++) {
        if (random.nextInt(5) == 0) {
          file.sync();
          history.clear();
        } else if (random.nextInt(4) == 0) {
          file.setSize(random.nextInt(3000));
        } else {
          byte[] bytes = new byte[1 + random.nextInt(1500)];
          random.nextBytes(bytes);
          file.write(random.nextInt(2000), bytes, 0, bytes.length);
        }
        history.add(fresh.read("/v/f"));
      }
      byte[] after = fresh.afterCrash(random).read("/v/f");
      assertThat(history.stream().map(h -> h.length)).as("seed %s", seed).contains(after.length);
      int safe = Math.min(after.length, history.get(0).length) / SECTOR;
      for (int sector = 0; sector < safe; sector++) {
        byte[] found = Arrays.copyOfRange(after, sector * SECTOR, (sector + 1) * SECTOR);
        int start = sector * SECTOR;
        assertThat(
                history.stream()
                    .anyMatch(
                        h ->
                            Arrays.equals(
                                Arrays.copyOfRange(padded(h), start, start + SECTOR), found)))
            .as("seed %s, sector %s", seed, sector)
            .isTrue();
      }
    }
  }

  private static byte[] padded(byte[] bytes) {
    return Arrays.copyOf(bytes, 4096);
  }

  @Test
  void aFailedSyncLeavesItsDataInDoubtForEver() throws IOException {
    HostFile file = durableFile("f", 2);
    file.write(0, filled(2 * SECTOR, 2), 0, 2 * SECTOR);
    host.failAt(host.operations() + 1, () -> new IOException("Input/output error"));
    assertThatThrownBy(file::sync).hasMessage("Input/output error");
    assertThat(host.read("/v/f")).isEqualTo(filled(2 * SECTOR, 2));
    file.sync();
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(2 * SECTOR, 1));
    file.write(0, filled(SECTOR, 3), 0, SECTOR);
    file.sync();
    byte[] after = host.afterCrashLosingAll().read("/v/f");
    assertThat(after[0]).isEqualTo((byte) 3);
    assertThat(after[SECTOR]).isEqualTo((byte) 1);
  }

  @Test
  void aFailedDirectorySyncLeavesItsNamesInDoubt() throws IOException {
    dir.open(path("f"), Mode.CREATE).close();
    host.failAt(host.operations() + 1, () -> new IOException("Input/output error"));
    assertThatThrownBy(() -> dir.syncDirectory(VolumePath.ROOT)).hasMessage("Input/output error");
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(host.afterCrashLosingAll().exists("/v/f")).isFalse();
    dir.open(path("g"), Mode.CREATE).close();
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(host.afterCrashLosingAll().exists("/v/g")).isTrue();
  }

  @Test
  void ignoredSyncsMakeNothingSafe() throws IOException {
    host.ignoreSyncs(operation -> operation.kind() == Operation.Kind.SYNC);
    HostFile file = durableFile("f", 1);
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEmpty();
    host.ignoreSyncs(operation -> false);
    file.sync();
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(SECTOR, 1));
  }

  @Test
  void attributesAreSafeOnlyInSyncedDirectories() throws IOException {
    durableFile("f", 1).close();
    dir.setMode(path("f"), 0755);
    assertThat(directory(host.afterCrashLosingAll()).attributes(path("f")).mode()).isEqualTo(0600);
    assertThat(directory(host.afterCrashKeepingAll()).attributes(path("f")).mode()).isEqualTo(0755);
  }

  @Test
  void theMachineStopsAtTheOperation() throws IOException {
    HostFile file = durableFile("f", 2);
    long before = host.operations();
    host.crashAt(before + 2);
    file.read(0, new byte[1], 0, 1);
    assertThatThrownBy(() -> file.write(0, filled(SECTOR, 2), 0, SECTOR))
        .isInstanceOf(SimulatedCrash.class);
    assertThat(host.isCrashed()).isTrue();
    assertThatThrownBy(file::size).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> dir.list(VolumePath.ROOT)).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> directory(host.newProcess()).list(VolumePath.ROOT))
        .isInstanceOf(SimulatedCrash.class);
    // The write that met the crash may have reached the disk.
    assertThat(host.afterCrashKeepingAll().read("/v/f")[0]).isEqualTo((byte) 2);
    assertThat(host.afterCrashLosingAll().read("/v/f")[0]).isEqualTo((byte) 1);
    SimulatedHost after = host.afterCrash(1);
    assertThat(after.isCrashed()).isFalse();
    assertThat(directory(after).list(VolumePath.ROOT)).containsExactly(Name.of("f"));
  }

  @Test
  void aSyncThatMeetsTheCrashMayNotHaveHappened() throws IOException {
    HostFile file = durableFile("f", 1);
    file.write(0, filled(SECTOR, 2), 0, SECTOR);
    host.crashAtChange(host.changes() + 1);
    file.size();
    assertThatThrownBy(file::sync).isInstanceOf(SimulatedCrash.class);
    assertThat(host.afterCrashLosingAll().read("/v/f")[0]).isEqualTo((byte) 1);
  }

  @Test
  void countsWhatIsDone() throws IOException {
    host.startLog();
    long start = host.operations();
    HostFile file = dir.open(path("f"), Mode.CREATE);
    file.write(5, new byte[100], 10, 50);
    file.read(0, new byte[100], 0, 100);
    file.sync();
    file.close();
    assertThat(host.log())
        .extracting(Operation::kind)
        .containsExactly(
            Operation.Kind.CREATE_FILE,
            Operation.Kind.WRITE,
            Operation.Kind.READ,
            Operation.Kind.SYNC);
    assertThat(host.log().get(1))
        .isEqualTo(new Operation(start + 2, Operation.Kind.WRITE, path("/v/f"), 5, 50));
    assertThat(host.operations()).isEqualTo(start + 4);
    assertThat(host.changes()).isEqualTo(3);
    assertThat(host.count(Operation.Kind.READ)).isEqualTo(1);
    assertThat(host.count(Operation.Kind.LIST)).isZero();
    assertThat(host.bytesWritten()).isEqualTo(50);
    assertThat(host.bytesRead()).isEqualTo(55);
  }

  @Test
  void operationsFailAsTheyAreTold() throws IOException {
    HostFile file = durableFile("f", 1);
    host.setHook(
        operation ->
            switch (operation.kind()) {
              case WRITE -> Answer.partial(3, new IOException("No space left on device"));
              case READ -> Answer.shortRead(7);
              case LIST -> throw new IOException("Input/output error");
              default -> Answer.PROCEED;
            });
    assertThatThrownBy(() -> file.write(0, filled(10, 2), 0, 10))
        .hasMessage("No space left on device");
    byte[] read = new byte[10];
    assertThat(file.read(0, read, 0, 10)).isEqualTo(7);
    assertThat(read).containsExactly(2, 2, 2, 1, 1, 1, 1, 0, 0, 0);
    assertThatThrownBy(() -> dir.list(VolumePath.ROOT)).hasMessage("Input/output error");
    host.setHook(operation -> Answer.PROCEED);
    assertThat(dir.list(VolumePath.ROOT)).hasSize(1);
  }

  @Test
  void aFullDiskRefusesMore() throws IOException {
    HostFile file = durableFile("f", 1);
    host.setCapacity(2 * SECTOR);
    assertThat(dir.space()).isEqualTo(new HostSpace(2 * SECTOR, SECTOR, SECTOR, 4096));
    file.write(SECTOR, filled(SECTOR, 2), 0, SECTOR);
    assertThatThrownBy(() -> file.write(2 * SECTOR, new byte[1], 0, 1))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("No space left");
    assertThatThrownBy(() -> file.setSize(3 * SECTOR)).isInstanceOf(FileSystemException.class);
    file.write(0, filled(SECTOR, 3), 0, SECTOR);
    file.setSize(10);
    file.write(10, new byte[5], 0, 5);
  }

  @Test
  void theAdversaryRollsTheHostBack() throws IOException {
    HostFile file = durableFile("f", 1);
    dir.createDirectory(path("d"));
    SimulatedHost.Snapshot snapshot = host.snapshot();
    file.write(0, filled(10, 2), 0, 10);
    dir.rename(path("f"), path("g"));
    dir.delete(path("d"));
    durableFile("later", 1).close();
    host.restore(snapshot);
    assertThat(host.files()).containsExactly(path("/v/f"));
    assertThat(host.exists("/v/d")).isTrue();
    assertThat(host.read("/v/f")).isEqualTo(filled(SECTOR, 1));
    byte[] read = new byte[1];
    file.read(0, read, 0, 1);
    assertThat(read).as("the open file shows it").containsExactly(1);
    file.write(0, filled(1, 9), 0, 1);
    assertThat(host.read("/v/f")[0]).as("and is the same file").isEqualTo((byte) 9);
    host.restore(snapshot);
    assertThat(host.read("/v/f")[0]).as("a snapshot serves many times").isEqualTo((byte) 1);
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo(filled(SECTOR, 1));
  }

  @Test
  void theAdversaryRollsOneFileBack() throws IOException {
    durableFile("f", 1).close();
    SimulatedHost.Snapshot snapshot = host.snapshot();
    host.replace("/v/f", filled(3, 3));
    host.replace("/v/g", filled(4, 4));
    host.restore(snapshot, "/v/f");
    assertThat(host.read("/v/f")).isEqualTo(filled(SECTOR, 1));
    assertThat(host.read("/v/g")).isEqualTo(filled(4, 4));
    host.restore(snapshot, "/v/g");
    assertThat(host.exists("/v/g")).isFalse();
    host.delete("/v/f");
    host.restore(snapshot, "/v/f");
    assertThat(host.read("/v/f")).isEqualTo(filled(SECTOR, 1));
  }

  @Test
  void theAdversaryEdits() throws IOException {
    HostFile file = durableFile("f", 1);
    host.replace("/v/f", "abcdef".getBytes(UTF_8));
    byte[] read = new byte[6];
    assertThat(file.read(0, read, 0, 6)).isEqualTo(6);
    assertThat(new String(read, UTF_8)).isEqualTo("abcdef");
    host.flip("/v/f", 9);
    assertThat(host.read("/v/f")).isEqualTo("a`cdef".getBytes(UTF_8));
    host.cut("/v/f", 3);
    host.extend("/v/f", "xyz".getBytes(UTF_8));
    host.zero("/v/f", 1, 2);
    assertThat(host.read("/v/f")).isEqualTo("a\0\0xyz".getBytes(UTF_8));
    assertThat(host.afterCrashLosingAll().read("/v/f")).isEqualTo("a\0\0xyz".getBytes(UTF_8));
    host.replace("/v/g", "g".getBytes(UTF_8));
    host.swap("/v/f", "/v/g");
    assertThat(host.read("/v/f")).isEqualTo("g".getBytes(UTF_8));
    assertThat(file.size()).isEqualTo(1);
    host.changeMode("/v/f", 04755);
    assertThat(dir.attributes(path("f")).mode()).isEqualTo(04755);
    host.replaceBySymbolicLink("/v/f", "/v/g");
    assertThat(dir.attributes(path("f")).kind()).isEqualTo(Kind.SYMLINK);
    host.replaceByDirectory("/v/f");
    assertThat(dir.attributes(path("f")).kind()).isEqualTo(Kind.DIRECTORY);
    host.replaceBySpecial("/v/f");
    assertThat(dir.attributes(path("f")).kind()).isEqualTo(Kind.SPECIAL);
    assertThatThrownBy(() -> dir.open(path("f"), Mode.READ))
        .isInstanceOf(FileSystemException.class);
    host.delete("/v");
    assertThat(host.files()).isEmpty();
  }

  @Test
  void theAdversaryActsBetweenTwoOperations() throws IOException {
    HostFile file = durableFile("f", 1);
    host.setHook(
        operation -> {
          if (operation.kind() == Operation.Kind.READ) {
            host.flip("/v/f", 0);
          }
          return Answer.PROCEED;
        });
    byte[] read = new byte[2];
    file.read(0, read, 0, 1);
    file.read(0, read, 1, 1);
    assertThat(read).containsExactly(0, 1);
  }

  @Test
  void twoReadsOfTheSameBytesMayDiffer() throws IOException {
    HostFile file = durableFile("f", 1);
    var reads = new int[1];
    host.setReadHook(
        (operation, into, offset, count) -> {
          if (reads[0]++ == 1) {
            into[offset + count - 1] ^= 1;
          }
        });
    byte[] first = new byte[8];
    byte[] second = new byte[8];
    file.read(0, first, 0, 8);
    file.read(0, second, 0, 8);
    assertThat(first).isEqualTo(filled(8, 1));
    assertThat(second).containsExactly(1, 1, 1, 1, 1, 1, 1, 0);
    assertThat(host.read("/v/f")).isEqualTo(filled(SECTOR, 1));
  }

  @Test
  void copiesAreIndependent() throws IOException {
    HostFile file = durableFile("f", 2);
    file.write(0, filled(SECTOR, 2), 0, SECTOR);
    dir.open(path("g"), Mode.CREATE).close();
    SimulatedHost copy = host.copy();
    file.write(0, filled(SECTOR, 3), 0, SECTOR);
    file.sync();
    dir.syncDirectory(VolumePath.ROOT);
    assertThat(copy.read("/v/f")[0]).isEqualTo((byte) 2);
    assertThat(copy.afterCrashLosingAll().read("/v/f")[0]).isEqualTo((byte) 1);
    assertThat(copy.afterCrashLosingAll().exists("/v/g")).isFalse();
    assertThat(host.afterCrashLosingAll().exists("/v/g")).isTrue();
    directory(copy).delete(path("f"));
    assertThat(host.exists("/v/f")).isTrue();
  }

  @Test
  void theSameSeedIsTheSameCrash() throws IOException {
    HostFile file = durableFile("f", 8);
    file.write(0, filled(12 * SECTOR, 2), 0, 12 * SECTOR);
    for (int i = 0; i < 8; i++) {
      dir.open(path("n" + i), Mode.CREATE).close();
    }
    for (int seed = 0; seed < 50; seed++) {
      assertThat(contents(host.afterCrash(seed))).isEqualTo(contents(host.copy().afterCrash(seed)));
    }
  }

  private static Map<String, String> contents(SimulatedHost host) {
    Map<String, String> contents = new TreeMap<>();
    for (VolumePath path : host.files()) {
      contents.put(path.toString(), Arrays.toString(host.read(path.toString())));
    }
    return contents;
  }

  @Test
  void processesHaveLocksOfTheirOwn() throws IOException {
    durableFile("f", 1).close();
    SimulatedHost other = host.newProcess();
    HostLock lock = directory(other).lock(path("f"), true);
    assertThatThrownBy(() -> dir.lock(path("f"), false))
        .isInstanceOf(VolumeLockedException.class)
        .hasMessage("f is in use by process 2");
    other.kill();
    assertThatThrownBy(() -> directory(other).list(VolumePath.ROOT))
        .isInstanceOf(SimulatedCrash.class);
    HostLock own = dir.lock(path("f"), true);
    lock.close();
    assertThatThrownBy(() -> directory(host.newProcess()).lock(path("f"), false))
        .isInstanceOf(VolumeLockedException.class);
    own.close();
    directory(host.newProcess()).lock(path("f"), true);
    assertThat(host.afterCrash(1).files()).hasSize(1);
    directory(host.afterCrash(1)).lock(path("f"), true).close();
  }
}
