package io.fspf.internal.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fspf.HostSpace;
import io.fspf.Name;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes.Kind;
import io.fspf.internal.host.HostDirectory.Mode;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every host does: the same assertions hold for the real ones and for the simulated twin. */
abstract class HostContractTest {
  HostDirectory dir;

  /** An empty directory. */
  abstract HostDirectory emptyDirectory() throws Exception;

  /** Whether names are any bytes. */
  boolean hasRawNames() {
    return true;
  }

  boolean hasModes() {
    return true;
  }

  boolean hasOwners() {
    return true;
  }

  boolean hasExtendedAttributes() {
    return true;
  }

  /** How fine the times of files are. */
  ChronoUnit timeUnit() {
    return ChronoUnit.NANOS;
  }

  /** How fine the times of symbolic links are. */
  ChronoUnit linkTimeUnit() {
    return ChronoUnit.NANOS;
  }

  @BeforeEach
  void setUp() throws Exception {
    dir = emptyDirectory();
  }

  static VolumePath path(String text) {
    return VolumePath.of(text);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  void put(String path, String content) throws IOException {
    try (HostFile file = dir.open(path(path), Mode.CREATE)) {
      file.write(0, bytes(content), 0, bytes(content).length);
    }
  }

  String get(String path) throws IOException {
    try (HostFile file = dir.open(path(path), Mode.READ)) {
      return new String(readAll(file), UTF_8);
    }
  }

  static byte[] readAll(HostFile file) throws IOException {
    byte[] content = new byte[(int) file.size()];
    assertThat(file.read(0, content, 0, content.length)).isEqualTo(content.length);
    return content;
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    byte[] written = new byte[3_000_000];
    new Random(1).nextBytes(written);
    try (HostFile file = dir.open(path("f"), Mode.CREATE)) {
      file.write(0, written, 0, written.length);
      assertThat(file.size()).isEqualTo(written.length);
      byte[] read = new byte[written.length + 10];
      assertThat(file.read(0, read, 5, written.length)).isEqualTo(written.length);
      assertThat(Arrays.copyOfRange(read, 5, 5 + written.length)).isEqualTo(written);
      assertThat(file.read(1000, read, 0, 7)).isEqualTo(7);
      assertThat(Arrays.copyOf(read, 7)).isEqualTo(Arrays.copyOfRange(written, 1000, 1007));
      file.sync();
    }
    try (HostFile file = dir.open(path("f"), Mode.READ)) {
      assertThat(readAll(file)).isEqualTo(written);
    }
  }

  @Test
  void readsEndWithTheFile() throws IOException {
    put("f", "12345");
    try (HostFile file = dir.open(path("f"), Mode.READ)) {
      byte[] into = new byte[10];
      assertThat(file.read(3, into, 0, 10)).isEqualTo(2);
      assertThat(file.read(5, into, 0, 10)).isZero();
      assertThat(file.read(1L << 40, into, 0, 10)).isZero();
      assertThat(file.read(0, into, 0, 0)).isZero();
      assertThatThrownBy(() -> file.read(0, into, 5, 6))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aGapReadsAsZeros() throws IOException {
    try (HostFile file = dir.open(path("f"), Mode.CREATE)) {
      file.write(5000, bytes("x"), 0, 1);
      byte[] content = readAll(file);
      assertThat(content).hasSize(5001);
      assertThat(Arrays.copyOf(content, 5000)).containsOnly(0);
    }
  }

  @Test
  void sizesChangeBothWays() throws IOException {
    put("f", "abcdef");
    try (HostFile file = dir.open(path("f"), Mode.WRITE)) {
      file.setSize(3);
      assertThat(readAll(file)).isEqualTo(bytes("abc"));
      file.setSize(6);
      assertThat(readAll(file)).isEqualTo(bytes("abc\0\0\0"));
      file.setSize(3_000_000);
      assertThat(file.size()).isEqualTo(3_000_000);
      file.setSize(3_000_000);
      file.setSize(0);
      assertThat(file.size()).isZero();
      file.setSize(700);
      assertThat(readAll(file)).containsOnly(0);
      assertThatThrownBy(() -> file.setSize(-1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void opensAsItIsTold() throws IOException {
    assertThatThrownBy(() -> dir.open(path("f"), Mode.READ))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> dir.open(path("f"), Mode.WRITE))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> dir.open(path("no/f"), Mode.CREATE))
        .isInstanceOf(NoSuchFileException.class);
    put("f", "x");
    assertThatThrownBy(() -> dir.open(path("f"), Mode.CREATE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> dir.open(path("f/g"), Mode.READ))
        .isInstanceOf(FileSystemException.class);
    dir.createDirectory(path("d"));
    assertThatThrownBy(() -> dir.open(path("d"), Mode.READ))
        .isInstanceOf(FileSystemException.class);
    try (HostFile file = dir.open(path("f"), Mode.READ)) {
      assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1))
          .isInstanceOf(NonWritableChannelException.class);
    }
  }

  @Test
  void aClosedFileIsClosed() throws IOException {
    put("f", "x");
    HostFile file = dir.open(path("f"), Mode.WRITE);
    file.close();
    file.close();
    assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> file.setSize(0)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(file::sync).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void linksAreNotFollowedToOpen() throws IOException {
    put("f", "x");
    dir.createSymbolicLink(path("l"), bytes("f"));
    assertThatThrownBy(() -> dir.open(path("l"), Mode.READ))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.open(path("l"), Mode.WRITE))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.open(path("l"), Mode.CREATE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> dir.lock(path("l"), false)).isInstanceOf(FileSystemException.class);
    assertThat(dir.attributes(path("l")).kind()).isEqualTo(Kind.SYMLINK);
    assertThat(dir.readSymbolicLink(path("l"))).isEqualTo(bytes("f"));
    assertThatThrownBy(() -> dir.readSymbolicLink(path("f"))).isInstanceOf(NotLinkException.class);
    assertThatThrownBy(() -> dir.createSymbolicLink(path("l"), bytes("g")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void directoriesOnTheWayAreFollowed() throws IOException {
    dir.createDirectory(path("d"));
    put("d/f", "x");
    dir.createSymbolicLink(path("l"), bytes("d"));
    dir.createSymbolicLink(path("d/up"), bytes("../d"));
    assertThat(get("l/f")).isEqualTo("x");
    assertThat(get("l/up/f")).isEqualTo("x");
    assertThatThrownBy(() -> dir.list(path("l"))).isInstanceOf(NotDirectoryException.class);
    dir.createSymbolicLink(path("round"), bytes("round"));
    assertThatThrownBy(() -> dir.open(path("round/f"), Mode.READ)).isInstanceOf(IOException.class);
  }

  @Test
  void listsSortedByBytes() throws IOException {
    for (String name : List.of("b", "a", "Z", "a.b", "ä", "aa", " ", "-", "x y")) {
      put(name, "");
    }
    List<Name> names = dir.list(VolumePath.ROOT);
    assertThat(names).isSorted().hasSize(9).contains(Name.of("ä"), Name.of(" "));
    assertThat(names.get(names.size() - 1)).isEqualTo(Name.of("ä"));
    dir.createDirectory(path("d"));
    assertThat(dir.list(path("d"))).isEmpty();
    assertThatThrownBy(() -> dir.list(path("a"))).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> dir.list(path("no"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void namesAreBytes() throws IOException {
    assumeTrue(hasRawNames());
    var names = new ArrayList<Name>();
    names.add(Name.of("new\nline"));
    names.add(Name.of("back\\slash"));
    names.add(Name.of("%41 ?#&+;:"));
    names.add(Name.of("日本語"));
    names.add(Name.of("\uD83D\uDE00"));
    names.add(Name.ofBytes(new byte[] {(byte) 0xFF}));
    names.add(Name.ofBytes(new byte[] {'a', (byte) 0x80, (byte) 0xC3, 'z', 1, 0x7F}));
    byte[] longest = new byte[Name.MAX_LENGTH];
    Arrays.fill(longest, (byte) 'x');
    names.add(Name.ofBytes(longest));
    Arrays.fill(longest, (byte) 0xFE);
    names.add(Name.ofBytes(longest));
    var directory = VolumePath.ROOT.resolve(Name.ofBytes(new byte[] {(byte) 0xE4}));
    dir.createDirectory(directory);
    for (Name name : names) {
      VolumePath file = directory.resolve(name);
      dir.open(file, Mode.CREATE).close();
      assertThat(dir.attributes(file).kind()).isEqualTo(Kind.REGULAR);
    }
    assertThat(dir.list(directory)).containsExactlyInAnyOrderElementsOf(names);
    dir.rename(directory.resolve(names.get(5)), directory.resolve(Name.of("plain")));
    assertThat(dir.list(directory)).contains(Name.of("plain")).doesNotContain(names.get(5));
    for (Name name : dir.list(directory)) {
      dir.delete(directory.resolve(name));
    }
    assertThat(dir.list(directory)).isEmpty();
  }

  @Test
  void linkTargetsAreBytes() throws IOException {
    assumeTrue(hasRawNames());
    List<byte[]> targets =
        List.of(
            bytes("plain"),
            bytes("/absolute/path"),
            bytes("../up/./here"),
            bytes("directory/"),
            bytes("double//slash"),
            bytes("//"),
            bytes("/"),
            bytes("."),
            bytes("-s"),
            bytes("new\nline\n"),
            bytes("new\nline//\n"),
            bytes("ümlaut"),
            bytes("$(touch x)`touch y`'\"\\n//"),
            new byte[] {(byte) 0xFF, '/', (byte) 0xFE},
            new byte[] {'/', (byte) 0xFF, '/', '/', (byte) 0xC3},
            new byte[] {(byte) 0x80, '/'});
    for (int i = 0; i < targets.size(); i++) {
      VolumePath link = path("link" + i + "\n");
      dir.createSymbolicLink(link, targets.get(i));
      assertThat(dir.readSymbolicLink(link)).as("target %s", i).isEqualTo(targets.get(i));
    }
    assertThat(dir.list(VolumePath.ROOT)).hasSize(targets.size());
    assertThatThrownBy(() -> dir.createSymbolicLink(path("empty"), new byte[0]))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.createSymbolicLink(path("link0\n"), bytes("a//b")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void pathsWithDotsAreRefused() {
    assertThatThrownBy(() -> dir.open(path("../x"), Mode.READ))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dir.attributes(path("d/..")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dir.list(VolumePath.of(List.of(Name.of(".")))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void renameReplaces() throws IOException {
    put("a", "new");
    put("b", "old");
    dir.rename(path("a"), path("b"));
    assertThat(get("b")).isEqualTo("new");
    assertThat(dir.list(VolumePath.ROOT)).containsExactly(Name.of("b"));
    assertThatThrownBy(() -> dir.rename(path("a"), path("c")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void renameMovesDirectories() throws IOException {
    dir.createDirectory(path("d"));
    put("d/f", "x");
    dir.createDirectory(path("e"));
    dir.rename(path("d"), path("e/d"));
    assertThat(get("e/d/f")).isEqualTo("x");
    assertThatThrownBy(() -> dir.rename(path("e"), path("e/d/e"))).isInstanceOf(IOException.class);
    dir.createDirectory(path("full"));
    put("full/f", "x");
    assertThatThrownBy(() -> dir.rename(path("e"), path("full")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void anOpenFileOutlivesItsName() throws IOException {
    put("a", "a");
    try (HostFile file = dir.open(path("a"), Mode.WRITE)) {
      dir.rename(path("a"), path("b"));
      file.write(1, bytes("b"), 0, 1);
      assertThat(get("b")).isEqualTo("ab");
      file.sync();
      dir.delete(path("b"));
      assertThat(readAll(file)).isEqualTo(bytes("ab"));
    }
  }

  @Test
  void hardLinksShareTheFile() throws IOException {
    put("a", "one");
    dir.createLink(path("b"), path("a"));
    assertThat(dir.attributes(path("b")).fileKey()).isEqualTo(dir.attributes(path("a")).fileKey());
    put("c", "one");
    assertThat(dir.attributes(path("c")).fileKey())
        .isNotEqualTo(dir.attributes(path("a")).fileKey());
    if (hasOwners()) {
      assertThat(dir.attributes(path("a")).links()).isEqualTo(2);
    }
    dir.delete(path("a"));
    assertThat(get("b")).isEqualTo("one");
    assertThatThrownBy(() -> dir.createLink(path("c"), path("b")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void deletesFilesLinksAndEmptyDirectories() throws IOException {
    put("f", "x");
    dir.createDirectory(path("d"));
    put("d/f", "x");
    dir.createSymbolicLink(path("l"), bytes("d"));
    assertThatThrownBy(() -> dir.delete(path("d"))).isInstanceOf(DirectoryNotEmptyException.class);
    dir.delete(path("l"));
    dir.delete(path("d/f"));
    dir.delete(path("d"));
    dir.delete(path("f"));
    assertThat(dir.list(VolumePath.ROOT)).isEmpty();
    assertThatThrownBy(() -> dir.delete(path("f"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void attributesSayWhatItIs() throws IOException {
    put("f", "12345");
    dir.createDirectory(path("d"));
    assertThatThrownBy(() -> dir.createDirectory(path("d")))
        .isInstanceOf(FileAlreadyExistsException.class);
    HostAttributes file = dir.attributes(path("f"));
    assertThat(file.kind()).isEqualTo(Kind.REGULAR);
    assertThat(file.size()).isEqualTo(5);
    assertThat(dir.attributes(path("d")).kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(dir.attributes(VolumePath.ROOT).kind()).isEqualTo(Kind.DIRECTORY);
    assertThatThrownBy(() -> dir.attributes(path("no"))).isInstanceOf(NoSuchFileException.class);
    if (hasModes()) {
      assertThat(file.mode()).isEqualTo(0600);
      assertThat(dir.attributes(path("d")).mode()).isEqualTo(0700);
    }
  }

  @Test
  void modesAreKept() throws IOException {
    assumeTrue(hasModes());
    put("f", "");
    dir.createDirectory(path("d"));
    for (int mode :
        new int[] {
          0, 0777, 0644, 0421, 0200, hasOwners() ? 04755 : 0755, hasOwners() ? 02070 : 070
        }) {
      dir.setMode(path("f"), mode);
      assertThat(dir.attributes(path("f")).mode()).isEqualTo(mode);
    }
    dir.setMode(path("d"), 0751);
    assertThat(dir.attributes(path("d")).mode()).isEqualTo(0751);
    dir.createSymbolicLink(path("l"), bytes("f"));
    assertThatThrownBy(() -> dir.setMode(path("l"), 0600)).isInstanceOf(FileSystemException.class);
  }

  @Test
  void timesAreKept() throws IOException {
    put("f", "");
    dir.createSymbolicLink(path("l"), bytes("f"));
    dir.createDirectory(path("d"));
    Instant modified = Instant.ofEpochSecond(1_234_567_890, 123_456_789);
    Instant accessed = Instant.ofEpochSecond(1_000_000_000, 987_654_321);
    Instant before = dir.attributes(path("f")).modified();
    dir.setTimes(path("l"), modified, accessed);
    assertThat(dir.attributes(path("l")).modified()).isEqualTo(cut(modified, linkTimeUnit()));
    assertThat(dir.attributes(path("f")).modified()).isEqualTo(before);
    for (String name : List.of("f", "d")) {
      dir.setTimes(path(name), modified, accessed);
      assertThat(dir.attributes(path(name)).modified()).isEqualTo(cut(modified, timeUnit()));
      assertThat(dir.attributes(path(name)).accessed()).isEqualTo(cut(accessed, timeUnit()));
      dir.setTimes(path(name), accessed, null);
      assertThat(dir.attributes(path(name)).modified()).isEqualTo(cut(accessed, timeUnit()));
      assertThat(dir.attributes(path(name)).accessed()).isEqualTo(cut(accessed, timeUnit()));
    }
    Instant ancient = Instant.ofEpochSecond(-1_000_000);
    dir.setTimes(path("f"), ancient, null);
    assertThat(dir.attributes(path("f")).modified()).isEqualTo(cut(ancient, timeUnit()));
  }

  private static Instant cut(Instant instant, ChronoUnit unit) {
    return instant.truncatedTo(unit);
  }

  @Test
  void extendedAttributesAreKept() throws IOException {
    assumeTrue(hasExtendedAttributes());
    put("f", "");
    dir.createSymbolicLink(path("l"), bytes("f"));
    assertThat(dir.extendedAttributes(path("f"))).isEmpty();
    dir.setExtendedAttribute(path("f"), Name.of("one"), new byte[] {0, 1, -1});
    dir.setExtendedAttribute(path("f"), Name.of("empty"), new byte[0]);
    dir.setExtendedAttribute(path("f"), Name.of("dot.ted.ü"), bytes("x"));
    assertThat(dir.extendedAttributes(path("f")))
        .containsOnlyKeys(Name.of("dot.ted.ü"), Name.of("empty"), Name.of("one"))
        .containsEntry(Name.of("one"), new byte[] {0, 1, -1});
    dir.setExtendedAttribute(path("f"), Name.of("one"), bytes("other"));
    dir.setExtendedAttribute(path("f"), Name.of("empty"), null);
    dir.setExtendedAttribute(path("f"), Name.of("never"), null);
    assertThat(dir.extendedAttributes(path("f")))
        .containsOnlyKeys(Name.of("dot.ted.ü"), Name.of("one"))
        .containsEntry(Name.of("one"), bytes("other"));
    assertThat(dir.extendedAttributes(path("l"))).isEmpty();
    assertThatThrownBy(() -> dir.setExtendedAttribute(path("l"), Name.of("a"), bytes("x")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void manyShareALockOrOneHasIt() throws IOException {
    put("f", "");
    put("g", "");
    HostLock first = dir.lock(path("f"), false);
    HostLock second = dir.lock(path("f"), false);
    assertThatThrownBy(() -> dir.lock(path("f"), true))
        .isInstanceOf(VolumeLockedException.class)
        .hasMessage("f is in use by this process");
    first.close();
    first.close();
    assertThatThrownBy(() -> dir.lock(path("f"), true)).isInstanceOf(VolumeLockedException.class);
    second.close();
    HostLock alone = dir.lock(path("f"), true);
    assertThatThrownBy(() -> dir.lock(path("f"), false)).isInstanceOf(VolumeLockedException.class);
    assertThatThrownBy(() -> dir.lock(path("f"), true)).isInstanceOf(VolumeLockedException.class);
    dir.lock(path("g"), true).close();
    alone.close();
    dir.lock(path("f"), false).close();
    assertThatThrownBy(() -> dir.lock(path("no"), true)).isInstanceOf(NoSuchFileException.class);
    dir.createDirectory(path("d"));
    assertThatThrownBy(() -> dir.lock(path("d"), false)).isInstanceOf(FileSystemException.class);
  }

  @Test
  void syncsDirectories() throws IOException {
    dir.createDirectory(path("d"));
    dir.syncDirectory(path("d"));
    dir.syncDirectory(VolumePath.ROOT);
    put("f", "");
    assertThatThrownBy(() -> dir.syncDirectory(path("f")))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> dir.syncDirectory(path("no"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void knowsItsSpace() throws IOException {
    HostSpace space = dir.space();
    assertThat(space.total()).isPositive();
    assertThat(space.usable()).isBetween(0L, space.total());
    assertThat(space.unallocated()).isBetween(space.usable(), space.total());
    assertThat(space.blockSize()).isPositive();
  }

  @Test
  void threadsShareAFile() throws Exception {
    int threads = 4;
    int size = 10_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (HostFile file = dir.open(path("f"), Mode.CREATE)) {
      var results = new ArrayList<Future<Boolean>>();
      for (int t = 0; t < threads; t++) {
        byte own = (byte) (t + 1);
        long start = (long) t * size;
        Callable<Boolean> work =
            () -> {
              byte[] written = new byte[size];
              Arrays.fill(written, own);
              byte[] read = new byte[size];
              for (int round = 0; round < 50; round++) {
                file.write(start, written, 0, size);
                assertThat(file.read(start, read, 0, size)).isEqualTo(size);
                assertThat(read).isEqualTo(written);
              }
              return true;
            };
        results.add(pool.submit(work));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
      assertThat(file.size()).isEqualTo((long) threads * size);
    } finally {
      pool.shutdown();
    }
  }
}
