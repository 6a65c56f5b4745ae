package io.fspf.seal;

import static io.fspf.seal.Trees.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.fspf.DirectoryCursor;
import io.fspf.FileType;
import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.FspfException;
import io.fspf.Integrity;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import io.fspf.internal.host.NioHost;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever the host does to its files: {@code verify} names the file and the offset, and no read
 * returns a wrong byte, a short file or a missing name as if all were well.
 */
class TamperTest {
  private static final int CHUNK = 4096;

  @TempDir Path temp;

  private final KeyProvider keys = KeyProviders.raw(VolumeKey.generate());
  private final Map<String, byte[]> contents = new TreeMap<>();

  // Set by seal(), which every test calls first.
  @SuppressWarnings("NullAway.Init")
  private Path volume;

  @SuppressWarnings("NullAway.Init")
  private Integrity integrity;

  @SuppressWarnings("NullAway.Init")
  private RootTag tag;

  @SuppressWarnings("NullAway.Init")
  private HostCopy host;

  /** A small volume; every file but the smallest has an object of its own. */
  private void seal(Integrity chosen) throws IOException {
    integrity = chosen;
    Path source = Files.createDirectory(temp.resolve("source"));
    Files.createDirectory(source.resolve("dir"));
    int[] sizes = {10, CHUNK, 3 * CHUNK + 100, 3 * CHUNK + 101, 5 * CHUNK};
    for (int i = 0; i < sizes.length; i++) {
      String path = (i % 2 == 0 ? "/" : "/dir/") + "file" + i;
      contents.put(path, Trees.random(i, sizes[i]));
      Files.write(source.resolve(path.substring(1)), Trees.random(i, sizes[i]));
    }
    Files.createSymbolicLink(source.resolve("link"), Path.of("file0"));
    boolean hidden = isHidden();
    volume = hidden ? temp.resolve("volume") : source;
    Sealer sealer = hidden ? Sealer.encrypt(source, volume) : Sealer.authenticate(source);
    tag =
        (chosen == Integrity.SHA256 ? sealer : sealer.withKeys(keys))
            .withIntegrity(chosen)
            .withChunkSize(CHUNK)
            .seal()
            .tag();
    host = new HostCopy(volume);
  }

  private boolean isHidden() {
    return integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
  }

  private VolumeOptions options(Freshness freshness) {
    VolumeOptions options = VolumeOptions.of(freshness).withCacheBytes(0);
    return integrity == Integrity.SHA256 ? options : options.withKeys(keys);
  }

  private VolumeOptions options() {
    return options(Freshness.unchecked());
  }

  /** The paths that a check complains of; "fspf.pb" also where the volume does not even open. */
  private SortedSet<String> complaints() throws IOException {
    var paths = new TreeSet<String>();
    try {
      VerifyReport report = Verifier.of(volume, options()).withThreads(1).verify();
      report.damaged().forEach(damage -> paths.add(damage.path()));
    } catch (FspfException e) {
      paths.add("fspf.pb");
    }
    return paths;
  }

  /** Reads everything: right, or refused. */
  private void checkReads() throws IOException {
    try (Volume open = Volume.open(volume, options())) {
      for (var file : contents.entrySet()) {
        try {
          assertThat(read(open, file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
        } catch (IntegrityException e) {
          assertThat(e.path()).isEqualTo(file.getKey());
        }
      }
      try {
        assertThat(list(open)).containsExactly("dir", "file0", "file2", "file4", "link");
        assertThat(open.readSymbolicLink(path("/link"))).isEqualTo("file0".getBytes(UTF_8));
      } catch (IntegrityException e) {
        assertThat(e.path()).isIn("/", "/link");
      }
    } catch (FspfException e) {
      // It does not open: nothing wrong is read.
    }
  }

  private static List<String> list(VolumeView view) throws IOException {
    var names = new ArrayList<String>();
    for (DirectoryCursor cursor = view.list(VolumePath.ROOT); cursor.next(); ) {
      names.add(cursor.entry().name().toString());
    }
    return names;
  }

  private static byte[] read(VolumeView view, String path) throws IOException {
    try (VolumeFile file = view.open(path(path))) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      while (bytes.hasRemaining()) {
        if (file.read(bytes, bytes.position()) < 0) {
          fail("%s ends at %d", path, bytes.position());
        }
      }
      return bytes.array();
    }
  }

  private void expectOnly(String path) throws IOException {
    assertThat(complaints()).containsExactly(path);
    checkReads();
  }

  private static boolean isMetadata(VolumePath file) {
    return file.equals(path("/fspf.pb"));
  }

  /** Which clear file each host file holds, found out by taking it away. */
  private Map<VolumePath, String> clearPaths() throws IOException {
    var clear = new HashMap<VolumePath, String>();
    for (VolumePath file : host.files().keySet()) {
      if (!isMetadata(file)) {
        host.delete(file);
        SortedSet<String> missing = complaints();
        assertThat(missing).hasSize(1);
        checkReads();
        clear.put(file, missing.first());
        host.restore(file);
        if (!isHidden()) {
          NioHost.directory(volume).setMode(file, 0644);
        }
      }
    }
    assertThat(complaints()).isEmpty();
    assertThat(new TreeSet<>(clear.values())).hasSameSizeAs(clear.values());
    return clear;
  }

  @ParameterizedTest
  @EnumSource
  void contentsOfHostFiles(Integrity chosen) throws IOException {
    seal(chosen);
    assertThat(complaints()).isEmpty();
    var random = new Random(5);
    for (var entry : clearPaths().entrySet()) {
      VolumePath file = entry.getKey();
      String clear = entry.getValue();
      byte[] content = host.content(file);
      for (int i = 0; i < 12; i++) {
        long bit = random.nextLong(8L * content.length);
        host.write(file, HostCopy.flipped(content, bit));
        VerifyReport report = Verifier.of(volume, options()).verify();
        long chunk = bit / 8 / CHUNK * CHUNK;
        assertThat(report.damaged())
            .singleElement()
            .satisfies(
                damage -> {
                  assertThat(damage.path()).isEqualTo(clear);
                  assertThat(damage.offset()).hasValue(chunk);
                });
        checkReads();
      }
      var lengths = new TreeSet<>(List.of(0, 1, content.length - 1));
      for (int length = CHUNK; length < content.length; length += CHUNK) {
        lengths.addAll(List.of(length - 1, length, length + 1));
      }
      lengths.removeIf(length -> length >= content.length);
      for (int length : lengths) {
        host.write(file, HostCopy.cut(content, length));
        VerifyReport report = Verifier.of(volume, options()).verify();
        assertThat(report.damaged()).allSatisfy(d -> assertThat(d.path()).isEqualTo(clear));
        // One entry for each chunk that is not whole, the first at the cut.
        int chunks = (content.length + CHUNK - 1) / CHUNK - length / CHUNK;
        assertThat(report.damaged()).hasSize(chunks);
        assertThat(report.damaged().get(0).offset()).hasValue(length);
        checkReads();
      }
      for (int more : new int[] {1, CHUNK, 2 * CHUNK + 1}) {
        host.write(file, Arrays.copyOf(content, content.length + more));
        expectOnly(clear);
      }
      for (int one = 0; one + CHUNK <= content.length; one += CHUNK) {
        for (int other = one + CHUNK; other + CHUNK <= content.length; other += CHUNK) {
          host.write(file, HostCopy.swapped(content, one, other, CHUNK));
          expectOnly(clear);
        }
      }
      host.restore(file);
    }
    assertThat(complaints()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void exchangesBetweenHostFiles(Integrity chosen) throws IOException {
    seal(chosen);
    Map<VolumePath, String> clear = clearPaths();
    for (VolumePath one : clear.keySet()) {
      for (VolumePath other : clear.keySet()) {
        if (one.compareTo(other) >= 0) {
          continue;
        }
        byte[] first = host.content(one);
        byte[] second = host.content(other);
        host.write(one, second);
        host.write(other, first);
        assertThat(complaints()).containsExactlyInAnyOrder(clear.get(one), clear.get(other));
        checkReads();
        int shared = Math.min(CHUNK, Math.min(first.length, second.length));
        byte[] mixed = first.clone();
        System.arraycopy(second, 0, mixed, 0, shared);
        host.write(one, mixed);
        host.restore(other);
        expectOnly(clear.get(one));
        host.restore(one);
      }
    }
    assertThat(complaints()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void theFspfFileCutAtEveryLength(Integrity chosen) throws IOException {
    seal(chosen);
    byte[] content = host.content(path("/fspf.pb"));
    for (int length = 0; length < content.length; length += 1 + length % 3) {
      host.write(path("/fspf.pb"), HostCopy.cut(content, length));
      assertThatThrownBy(() -> Verifier.of(volume, options()).verify())
          .isInstanceOf(IntegrityException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void bitsOfTheFspfFile(Integrity chosen) throws IOException {
    seal(chosen);
    byte[] content = host.content(path("/fspf.pb"));
    for (long bit = 0; bit < 8L * content.length; bit += 37) {
      host.write(path("/fspf.pb"), HostCopy.flipped(content, bit));
      long flipped = bit;
      assertThatThrownBy(() -> Verifier.of(volume, options()).verify())
          .as("bit %d", flipped)
          // What looks like another header may look like that of another key.
          .isInstanceOfAny(IntegrityException.class, VolumeKeyException.class);
      assertThatThrownBy(() -> Volume.open(volume, options(Freshness.pinned(tag))).close())
          .as("bit %d, pinned", flipped)
          .isInstanceOfAny(IntegrityException.class, FreshnessException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void bytesBehindTheLastCommit(Integrity chosen) throws IOException {
    seal(chosen);
    byte[] content = host.content(path("/fspf.pb"));
    byte[] more = Arrays.copyOf(content, content.length + 20);
    more[content.length + 7] = 1;
    host.write(path("/fspf.pb"), more);
    assertThat(Verifier.of(volume, options()).verify().damaged())
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.path()).isEqualTo("fspf.pb");
              assertThat(damage.offset()).hasValue(content.length);
            });
    host.write(path("/fspf.pb"), Arrays.copyOf(content, content.length + 20));
    assertThat(Verifier.of(volume, options()).verify().damaged())
        .as("zeros")
        .singleElement()
        .satisfies(damage -> assertThat(damage.offset()).hasValue(content.length));
  }

  /** The top-level fields of an fspf file. */
  private static List<byte[]> frames(byte[] content) {
    var frames = new ArrayList<byte[]>();
    for (int at = 0; at < content.length; ) {
      int length = 0;
      int i = at + 1;
      for (int shift = 0; ; shift += 7, i++) {
        length |= (content[i] & 0x7F) << shift;
        if (content[i] >= 0) {
          break;
        }
      }
      int end = i + 1 + length;
      frames.add(Arrays.copyOfRange(content, at, end));
      at = end;
    }
    return frames;
  }

  private static byte[] joined(List<byte[]> frames) {
    return frames.stream().reduce(new byte[0], com.google.common.primitives.Bytes::concat);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void framesRemovedRepeatedAndReordered(Integrity chosen) throws IOException {
    seal(chosen);
    try (Volume open = Volume.open(volume, options().writable())) {
      open.createDirectory(path("/more"), 0755);
      open.commit();
      open.createDirectory(path("/even-more"), 0755);
    }
    byte[] content = new HostCopy(volume).content(path("/fspf.pb"));
    RootTag newest = Volume.tagOf(volume);
    List<byte[]> frames = frames(content);
    assertThat(frames).hasSizeGreaterThan(6);
    for (int i = 0; i < frames.size(); i++) {
      var removed = new ArrayList<>(frames);
      removed.remove(i);
      expectRefused(joined(removed), newest);
      var repeated = new ArrayList<>(frames);
      repeated.add(i, frames.get(i));
      expectRefused(joined(repeated), newest);
      for (int j = i + 1; j < frames.size(); j++) {
        if (Arrays.equals(frames.get(i), frames.get(j))) {
          continue;
        }
        var reordered = new ArrayList<>(frames);
        reordered.set(i, frames.get(j));
        reordered.set(j, frames.get(i));
        expectRefused(joined(reordered), newest);
      }
    }
  }

  private void expectRefused(byte[] metadata, RootTag newest) throws IOException {
    host.write(path("/fspf.pb"), metadata);
    try {
      VerifyReport report = Verifier.of(volume, options(Freshness.pinned(newest))).verify();
      assertThat(report.damaged()).isNotEmpty();
    } catch (IntegrityException | FreshnessException e) {
      // Refused as a whole.
    }
    try (Volume open = Volume.open(volume, options(Freshness.pinned(newest)))) {
      // Where it opens, reads are right or refused.
      assertThat(open.attributes(path("/even-more")).type()).isEqualTo(FileType.DIRECTORY);
    } catch (FspfException e) {
      // Refused.
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOlderStateIsRefusedUnderAPinnedTag(Integrity chosen) throws IOException {
    seal(chosen);
    change("/file4", Trees.random(99, 5 * CHUNK));
    RootTag newest = Volume.tagOf(volume);
    HostCopy later = new HostCopy(volume);
    host.restore(path("/fspf.pb"));
    assertThatThrownBy(() -> Verifier.of(volume, options(Freshness.pinned(newest))).verify())
        .isInstanceOf(FreshnessException.class);
    // The metadata as it is, and everything else as it was.
    for (VolumePath file : host.files().keySet()) {
      host.restore(file);
    }
    later.restore(path("/fspf.pb"));
    assertThat(Verifier.of(volume, options(Freshness.pinned(newest))).verify().damaged())
        .isNotEmpty()
        .allSatisfy(damage -> assertThat(damage.path()).isEqualTo("/file4"));
  }

  private void change(String path, byte[] content) throws IOException {
    try (Volume open = Volume.open(volume, options().writable());
        VolumeFile file = open.open(path(path), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
  }

  @Test
  void whatAnAuthenticatedTreeShowsOnTheHost() throws IOException {
    seal(Integrity.SHA256);
    Files.setPosixFilePermissions(
        volume.resolve("file0"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    expectOnly("/file0");
    Files.setPosixFilePermissions(
        volume.resolve("file0"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(complaints()).isEmpty();

    Files.delete(volume.resolve("link"));
    Files.createSymbolicLink(volume.resolve("link"), Path.of("file2"));
    expectOnly("/link");
    Files.delete(volume.resolve("link"));
    Files.createFile(volume.resolve("link"));
    expectOnly("/link");
    Files.delete(volume.resolve("link"));
    expectOnly("/link");
    Files.createSymbolicLink(volume.resolve("link"), Path.of("file0"));
    assertThat(complaints()).isEmpty();

    Files.move(volume.resolve("dir/file1"), volume.resolve("dir/other"));
    VerifyReport renamed = Verifier.of(volume, options()).verify();
    assertThat(renamed.damaged())
        .singleElement()
        .satisfies(damage -> assertThat(damage.path()).isEqualTo("/dir/file1"));
    assertThat(renamed.notes()).singleElement().asString().contains("/dir/other");
    Files.move(volume.resolve("dir/other"), volume.resolve("dir/file1"));

    Files.move(volume.resolve("dir"), volume.resolve("elsewhere"));
    assertThat(complaints()).containsExactly("/dir", "/dir/file1", "/dir/file3");
    // A link to the right content is still not what was sealed.
    Files.createSymbolicLink(volume.resolve("dir"), Path.of("elsewhere"));
    assertThat(complaints()).containsExactly("/dir");
    Files.delete(volume.resolve("dir"));
    Files.move(volume.resolve("elsewhere"), volume.resolve("dir"));

    Files.move(volume.resolve("file2"), temp.resolve("file2"));
    Files.createSymbolicLink(volume.resolve("file2"), temp.resolve("file2"));
    expectOnly("/file2");
    Files.move(temp.resolve("file2"), volume.resolve("file2"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(complaints()).isEmpty();

    Files.createDirectory(volume.resolve("extra"));
    VerifyReport extra = Verifier.of(volume, options()).verify();
    assertThat(extra.damaged()).isEmpty();
    assertThat(extra.notes()).singleElement().asString().contains("/extra");
  }

  @Test
  void strictComparesTimesAndOwners() throws IOException {
    seal(Integrity.SHA256);
    NioHost.directory(volume)
        .setTimes(path("/dir/file3"), java.time.Instant.ofEpochSecond(5), null);
    assertThat(complaints()).isEmpty();
    assertThat(Verifier.of(volume, options()).withStrict(true).verify().damaged())
        .singleElement()
        .satisfies(damage -> assertThat(damage.path()).isEqualTo("/dir/file3"));
  }

  @Test
  void objectsThatBelongToNoFileAreNoted() throws IOException {
    seal(Integrity.GCM);
    Files.createDirectories(volume.resolve("objects/ab"));
    Files.write(volume.resolve("objects/ab/abcdef"), new byte[10]);
    VerifyReport report = Verifier.of(volume, options()).verify();
    assertThat(report.damaged()).isEmpty();
    assertThat(report.notes()).singleElement().asString().startsWith("1 files among the objects");
  }

  @Test
  void aLostNodeIsNamedAndTheRestIsChecked() throws IOException {
    Path source = Files.createDirectory(temp.resolve("many"));
    integrity = Integrity.GCM;
    for (int d = 0; d < 4; d++) {
      Files.createDirectory(source.resolve("dir" + d));
      for (int i = 0; i < 200; i++) {
        Files.write(source.resolve("dir" + d + "/file" + i), Trees.random(i, 100));
      }
    }
    volume = temp.resolve("volume");
    tag = Sealer.encrypt(source, volume).withKeys(keys).seal().tag();
    host = new HostCopy(volume);
    byte[] content = host.content(path("/fspf.pb"));
    List<byte[]> frames = frames(content);
    assertThat(frames).hasSizeGreaterThan(10);
    long offset = 0;
    for (int i = 0; i < frames.size() - 1; i++) {
      byte[] frame = frames.get(i);
      boolean isInner = i == frames.size() - 2;
      if (i > 1 && !isInner) {
        host.write(path("/fspf.pb"), HostCopy.flipped(content, 8 * (offset + frame.length / 2)));
        VerifyReport report = Verifier.of(volume, options(Freshness.pinned(tag))).verify();
        long expected = offset;
        assertThat(report.damaged())
            .anySatisfy(
                damage -> {
                  assertThat(damage.path()).isEqualTo("fspf.pb");
                  assertThat(damage.offset()).hasValue(expected);
                });
        // Only what the node held is lost: at most one directory, and the files in the node.
        assertThat(report.files()).isBetween(200L, 800L);
      }
      offset += frame.length;
    }
  }

  @Test
  void aFileThatWasNotClosedIsNoDamage() throws IOException {
    seal(Integrity.GCM);
    Volume open = Volume.open(volume, options().writable());
    VolumeFile file = open.open(path("/file4"), StandardOpenOption.WRITE);
    file.write(ByteBuffer.wrap(Trees.random(8, 100 * CHUNK)), 0);
    open.commit();
    file.write(ByteBuffer.wrap(Trees.random(8, 100 * CHUNK)), 200L * CHUNK);
    // As if the process had been killed here.
    Path killed = temp.resolve("killed");
    copy(volume, killed);
    open.close();
    VerifyReport report = Verifier.of(killed, options()).verify();
    assertThat(report.damaged()).isEmpty();
    assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("fspf recover"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), LinkOption.NOFOLLOW_LINKS);
      }
    }
  }
}
