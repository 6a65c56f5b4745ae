package io.fspf.nio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.fspf.FreshnessException;
import io.fspf.FspfException;
import io.fspf.Integrity;
import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKeyException;
import io.fspf.VolumePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever the host does to its files, a program that knows only {@code java.nio.file} reads what
 * was committed or gets an {@link IntegrityException}, which is an {@link IOException}, with the
 * clear path and the offset.
 */
class ProviderTamperTest {
  private static final int CHUNK = 4096;
  private static final long THIRD_CHUNK = 2L * CHUNK;

  @TempDir Path temp;
  private final Map<String, byte[]> contents = new TreeMap<>();

  // Set by make(), which every test calls first.
  @SuppressWarnings("NullAway.Init")
  private TestVolumes volumes;

  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private HostState host;

  private boolean hidden;

  /** A small volume in which every file but the smallest has host bytes of its own. */
  private void make(Integrity integrity) throws IOException {
    hidden = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    directory = Files.createDirectory(temp.resolve("volume"));
    Files.createDirectory(directory.resolve("tree"));
    volumes = new TestVolumes(directory);
    Region region =
        hidden
            ? Region.encrypted(VolumePath.ROOT, "tree")
            : Region.authenticated(VolumePath.ROOT, "tree");
    volumes.create(region.withIntegrity(integrity).withChunkSize(CHUNK));
    int[] sizes = {10, CHUNK, 3 * CHUNK + 100, 3 * CHUNK + 101, 5 * CHUNK};
    try (FileSystem volume = open()) {
      Files.createDirectory(volume.getPath("/dir"));
      for (int i = 0; i < sizes.length; i++) {
        String path = (i % 2 == 0 ? "/" : "/dir/") + "file" + i;
        contents.put(path, random(i, sizes[i]));
        Files.write(volume.getPath(path), random(i, sizes[i]));
        Files.setAttribute(volume.getPath(path), "user:number", new byte[] {(byte) i});
      }
      Files.createSymbolicLink(volume.getPath("/link"), volume.getPath("file2"));
    }
    host = new HostState(directory);
  }

  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private FspfEnvironment environment() {
    return volumes.environment().withCacheBytes(0);
  }

  private FileSystem open() throws IOException {
    return FspfFileSystems.open(directory, environment());
  }

  private byte[] expected(String path) {
    return contents.getOrDefault(path, new byte[0]);
  }

  /** The violation that a failure tells of; anything else is a failure of the test. */
  static IntegrityException violation(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof ExecutionException
                || failure instanceof UncheckedIOException
                || failure instanceof DirectoryIteratorException
            ? failure.getCause()
            : failure;
    if (cause instanceof IntegrityException violation) {
      return violation;
    }
    throw new AssertionError("Not an integrity exception", failure);
  }

  /** Reads a file in one way: right as a whole, or right up to a violation. */
  private @Nullable IntegrityException read(Path file, String clear, ReadingWays.Way way) {
    var read = new ByteArrayOutputStream();
    IntegrityException violation = null;
    try {
      way.read(file, read);
    } catch (Exception e) {
      violation = violation(e);
    }
    byte[] right = expected(clear);
    byte[] got = read.toByteArray();
    if (violation == null) {
      assertThat(got).isEqualTo(right);
    } else {
      assertThat(violation.path()).isEqualTo(clear);
      assertThat(violation).hasMessageContaining(clear).hasMessageNotContaining(temp.toString());
      assertThat(got.length).isLessThan(right.length);
      assertThat(got).isEqualTo(Arrays.copyOf(right, got.length));
      if (violation.offset().isPresent()) {
        assertThat(violation.offset().getAsLong())
            .isGreaterThanOrEqualTo((long) got.length / CHUNK * CHUNK);
      }
    }
    return violation;
  }

  /** Every way to a file is refused, with an offset in this range. */
  private void expectRefused(String clear, long from, long to) throws IOException {
    try (FileSystem volume = FspfFileSystems.open(directory, environment().readOnly())) {
      expectRefused(ReadingWays.all(), volume.getPath(clear), clear, from, to);
    }
    host.restore();
  }

  private void expectRefused(
      Map<String, ReadingWays.Way> ways, Path file, String clear, long from, long to) {
    ways.forEach(
        (name, way) -> {
          IntegrityException violation = read(file, clear, way);
          if (violation == null) {
            throw new AssertionError(name + " reads " + clear + " as if all were well");
          }
          assertThat(violation.offset().orElse(from)).as(name).isBetween(from, to);
        });
  }

  private void expectAllRight() throws IOException {
    try (FileSystem volume = open()) {
      for (String clear : contents.keySet()) {
        for (var ways : List.of(ReadingWays.all(), ReadingWays.writable())) {
          ways.forEach(
              (name, way) -> assertThat(read(volume.getPath(clear), clear, way)).as(name).isNull());
        }
      }
    }
    host.restore();
  }

  /** Which clear file each host file holds, found out by taking it away. */
  private Map<Path, String> clearPaths() throws IOException {
    var clear = new HashMap<Path, String>();
    for (Path file : host.contents()) {
      Files.delete(file);
      var missing = new ArrayList<String>();
      try (FileSystem volume = FspfFileSystems.open(directory, environment().readOnly())) {
        for (String path : contents.keySet()) {
          try {
            assertThat(Files.readAllBytes(volume.getPath(path))).isEqualTo(expected(path));
          } catch (IntegrityException e) {
            missing.add(String.valueOf(e.path()));
          }
        }
      }
      assertThat(missing).as("missing without %s", file).hasSize(1);
      clear.put(file, missing.get(0));
      host.restore();
    }
    assertThat(new TreeSet<>(clear.values()))
        .hasSize(hidden ? contents.size() - 1 : contents.size());
    return clear;
  }

  @ParameterizedTest
  @EnumSource
  void everyWayToAChangedFileIsRefused(Integrity integrity) throws IOException {
    make(integrity);
    expectAllRight();
    var random = new Random(5);
    for (var entry : clearPaths().entrySet()) {
      Path file = entry.getKey();
      String clear = entry.getValue();
      byte[] content = host.content(file);
      for (int i = 0; i < 3; i++) {
        long bit = random.nextLong(8L * content.length);
        Files.write(file, HostState.flipped(content, bit));
        long chunk = bit / 8 / CHUNK * CHUNK;
        expectRefused(clear, chunk, chunk);
      }
      var lengths =
          new TreeSet<>(List.of(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, content.length - 1));
      lengths.removeIf(length -> length >= content.length);
      for (int length : lengths) {
        Files.write(file, Arrays.copyOf(content, length));
        expectRefused(clear, (long) length / CHUNK * CHUNK, length);
      }
      for (int chunk = 0; chunk < content.length; chunk += CHUNK) {
        Files.write(file, HostState.zeroed(content, chunk, CHUNK));
        expectRefused(clear, chunk, chunk);
      }
      for (int one = 0; one + 2 * CHUNK <= content.length; one += CHUNK) {
        Files.write(file, HostState.swapped(content, one, one + CHUNK, CHUNK));
        expectRefused(clear, one, one);
      }
      Files.write(file, HostState.flipped(content, 8L * content.length - 1));
      try (FileSystem volume = open()) {
        long last = (content.length - 1L) / CHUNK * CHUNK;
        expectRefused(ReadingWays.writable(), volume.getPath(clear), clear, last, last);
      }
      host.restore();
      Files.delete(file);
      expectRefused(clear, 0, content.length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void contentOfOtherFilesAndOfOldIsRefused(Integrity integrity) throws IOException {
    make(integrity);
    Map<Path, String> clear = clearPaths();
    for (Path one : clear.keySet()) {
      for (Path other : clear.keySet()) {
        if (!one.equals(other)) {
          byte[] first = host.content(one);
          byte[] second = host.content(other);
          Files.write(one, second);
          Files.write(other, first);
          expectRefused(clear.getOrDefault(one, ""), 0, first.length);
          byte[] mixed = first.clone();
          System.arraycopy(
              second, 0, mixed, 0, Math.min(CHUNK, Math.min(first.length, second.length)));
          Files.write(one, mixed);
          expectRefused(clear.getOrDefault(one, ""), 0, 0);
        }
      }
    }
    HostState older = host;
    contents.put("/file4", random(99, 5 * CHUNK));
    try (FileSystem volume = open()) {
      Files.write(volume.getPath("/file4"), expected("/file4"));
    }
    host = new HostState(directory);
    expectAllRight();
    for (Path file : older.contents()) {
      Files.write(file, older.content(file));
    }
    for (Path file : host.contents()) {
      if (!older.contents().contains(file)) {
        Files.delete(file);
      }
    }
    expectRefused("/file4", 0, 5 * CHUNK);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOpenWhileTheHostChangesItIsRefusedToo(Integrity integrity) throws Exception {
    make(integrity);
    for (var entry : clearPaths().entrySet()) {
      byte[] content = host.content(entry.getKey());
      if (content.length < 3 * CHUNK) {
        continue;
      }
      String clear = entry.getValue();
      byte[] right = expected(clear);
      try (FileSystem volume = open();
          FileChannel channel = FileChannel.open(volume.getPath(clear), READ, WRITE);
          AsynchronousFileChannel asynchronous =
              AsynchronousFileChannel.open(volume.getPath(clear), READ);
          var stream = Files.newInputStream(volume.getPath(clear))) {
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, right.length);
        assertThat(stream.readNBytes(10)).isEqualTo(Arrays.copyOf(right, 10));
        Files.write(entry.getKey(), HostState.flipped(content, 8 * (THIRD_CHUNK + 17)));
        assertViolation(clear, () -> channel.read(ByteBuffer.allocate(1), THIRD_CHUNK));
        assertViolation(clear, () -> asynchronous.read(ByteBuffer.allocate(1), THIRD_CHUNK).get());
        assertViolation(clear, stream::readAllBytes);
        assertViolation(
            clear, () -> channel.map(FileChannel.MapMode.PRIVATE, THIRD_CHUNK + 50, 10));
        // What was handed out is a copy, which the host cannot reach.
        byte[] copy = new byte[right.length];
        mapped.get(copy);
        assertThat(copy).isEqualTo(right);
        // What does not need the changed bytes goes on.
        ByteBuffer before = ByteBuffer.allocate(CHUNK);
        assertThat(channel.read(before, 0)).isEqualTo(CHUNK);
        assertThat(before.array()).isEqualTo(Arrays.copyOf(right, CHUNK));

        // A write into a part of the chunk would have to keep the rest of it.
        assertViolation(clear, () -> channel.write(ByteBuffer.allocate(5), THIRD_CHUNK + 100));
        assertViolation(clear, () -> channel.truncate(THIRD_CHUNK + 20));
        assertThat(channel.size()).isEqualTo(right.length);
        // When the host gives the right bytes again, so does the volume.
        Files.write(entry.getKey(), content);
        assertThat(Files.readAllBytes(volume.getPath(clear))).isEqualTo(right);
      }
      host.restore();
    }
  }

  private interface Attempt {
    @Nullable Object run() throws Exception;
  }

  private static void assertViolation(String clear, Attempt attempt) {
    Object result;
    try {
      result = attempt.run();
    } catch (Exception e) {
      assertThat(violation(e).path()).isEqualTo(clear);
      return;
    }
    fail("Not refused: %s", result);
  }

  @ParameterizedTest
  @EnumSource
  void nothingWrongIsCopiedMovedOrAppendedTo(Integrity integrity) throws IOException {
    make(integrity);
    TestVolumes others = new TestVolumes(temp.resolve("other"));
    for (var entry : clearPaths().entrySet()) {
      byte[] content = host.content(entry.getKey());
      String clear = entry.getValue();
      Files.write(entry.getKey(), HostState.flipped(content, 8L * content.length - 3));
      try (FileSystem volume = open();
          FileSystem other = others.encrypted()) {
        Path file = volume.getPath(clear);
        assertViolation(clear, () -> Files.move(file, other.getPath("/moved")));
        assertThat(other.getPath("/moved")).doesNotExist();
        assertViolation(clear, () -> Files.copy(file, other.getPath("/copied")));
        assertThat(other.getPath("/copied")).doesNotExist();
        assertThat(Files.exists(file)).isTrue();
        if (content.length % CHUNK != 0) {
          assertViolation(clear, () -> Files.write(file, new byte[] {1}, APPEND));
        }
        // Within a region a move changes names only, and mends nothing.
        Path renamed = Files.move(file, volume.getPath("/renamed"), StandardCopyOption.ATOMIC_MOVE);
        assertThatThrownBy(() -> Files.readAllBytes(renamed))
            .isInstanceOf(IntegrityException.class)
            .hasMessageContaining("/renamed");
        Files.delete(renamed);
      }
      deleteTree(temp.resolve("other"));
      host.restore();
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  // ------------------------------------------------------------------------------------------
  // metadata

  /** All that can be learned of a tree, each fact under a name of its own. */
  private static Map<String, Object> survey(FileSystem volume, List<IntegrityException> refused) {
    var facts = new TreeMap<String, Object>();
    learn(
        refused,
        () ->
            Files.walkFileTree(
                volume.getPath("/"),
                new SimpleFileVisitor<>() {
                  @Override
                  public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes seen) {
                    surveyOne(path, seen, facts, refused);
                    return FileVisitResult.CONTINUE;
                  }

                  @Override
                  public FileVisitResult visitFile(Path path, BasicFileAttributes seen) {
                    surveyOne(path, seen, facts, refused);
                    return FileVisitResult.CONTINUE;
                  }

                  @Override
                  public FileVisitResult visitFileFailed(Path path, IOException failure) {
                    refused.add(violation(failure));
                    return FileVisitResult.CONTINUE;
                  }

                  @Override
                  public FileVisitResult postVisitDirectory(
                      Path path, @Nullable IOException failure) {
                    if (failure != null) {
                      refused.add(violation(failure));
                    }
                    return FileVisitResult.CONTINUE;
                  }
                }));
    learn(
        refused,
        () -> {
          try (var all = Files.walk(volume.getPath("/"))) {
            return facts.put("walked", all.map(Path::toString).sorted().toList());
          }
        });
    learn(
        refused,
        () -> {
          try (var entries = Files.newDirectoryStream(volume.getPath("/dir"))) {
            var names = new ArrayList<String>();
            entries.forEach(entry -> names.add(entry.toString()));
            return facts.put("listed", names);
          }
        });
    return facts;
  }

  private static void surveyOne(
      Path path,
      BasicFileAttributes seen,
      Map<String, Object> facts,
      List<IntegrityException> refused) {
    String name = path.toString();
    facts.put(name + " seen", List.of(seen.isDirectory(), seen.size(), seen.lastModifiedTime()));
    learn(
        refused,
        () ->
            facts.put(
                name + " unix",
                Files.readAttributes(
                        path,
                        "unix:mode,uid,gid,nlink,size,lastModifiedTime,ctime,isSymbolicLink",
                        LinkOption.NOFOLLOW_LINKS)
                    .toString()));
    learn(
        refused,
        () ->
            facts.put(
                name + " user",
                Files.readAttributes(path, "user:*", LinkOption.NOFOLLOW_LINKS).values().stream()
                    .map(value -> Arrays.toString((byte[]) value))
                    .toList()));
    learn(refused, () -> facts.put(name + " real", path.toRealPath().toString()));
    if (seen.isSymbolicLink()) {
      learn(refused, () -> facts.put(name + " target", Files.readSymbolicLink(path).toString()));
    }
    if (seen.isRegularFile()) {
      learn(refused, () -> facts.put(name, Arrays.toString(Files.readAllBytes(path))));
    }
  }

  private static void learn(List<IntegrityException> refused, Attempt attempt) {
    try {
      var unused = attempt.run();
    } catch (Exception e) {
      refused.add(violation(e));
    }
  }

  /** What is learned is right; what is not, was refused. */
  private static boolean expectRightOrRefused(FileSystem volume, Map<String, Object> truth) {
    var refused = new ArrayList<IntegrityException>();
    Map<String, Object> facts = survey(volume, refused);
    assertThat(truth).containsAllEntriesOf(facts);
    if (refused.isEmpty()) {
      assertThat(facts).isEqualTo(truth);
    }
    return !refused.isEmpty();
  }

  private Map<String, Object> truth() throws IOException {
    try (FileSystem volume = FspfFileSystems.open(directory, environment().readOnly())) {
      var refused = new ArrayList<IntegrityException>();
      Map<String, Object> truth = survey(volume, refused);
      assertThat(refused).isEmpty();
      assertThat(truth).hasSizeGreaterThanOrEqualTo(40);
      return truth;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void bitsOfTheMetadata(Integrity integrity) throws IOException {
    make(integrity);
    Map<String, Object> truth = truth();
    RootTag tag = Volume.tagOf(directory);
    byte[] content = host.content(host.metadata());
    int opened = 0;
    int refused = 0;
    for (long bit = 3; bit < 8L * content.length; bit += 97) {
      var pinned = environment().withTag(tag);
      Files.write(host.metadata(), HostState.flipped(content, bit));
      try (FileSystem volume = FspfFileSystems.open(directory, pinned)) {
        opened++;
        expectRightOrRefused(volume, truth);
      } catch (IntegrityException | FreshnessException | VolumeKeyException e) {
        // It does not open.
      }
      Files.write(host.metadata(), content);
      try (FileSystem volume = FspfFileSystems.open(directory, pinned)) {
        Files.write(host.metadata(), HostState.flipped(content, bit));
        refused += expectRightOrRefused(volume, truth) ? 1 : 0;
      }
      Files.write(host.metadata(), content);
    }
    // A head that is damaged keeps the volume shut; what is behind it is found out later.
    assertThat(opened).isPositive();
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void metadataCutRemovedRepeatedReorderedAndOld(Integrity integrity) throws IOException {
    make(integrity);
    HostState older = host;
    try (FileSystem volume = open()) {
      Files.createDirectory(volume.getPath("/more"));
    }
    host = new HostState(directory);
    Map<String, Object> truth = truth();
    byte[] content = host.content(host.metadata());
    RootTag tag = Volume.tagOf(directory);
    for (int length = 0; length < content.length; length += 1 + length % 37) {
      expectRightOrShut(Arrays.copyOf(content, length), tag, truth);
    }
    List<byte[]> frames = HostState.frames(content);
    assertThat(frames).hasSizeGreaterThan(4);
    for (int i = 0; i < frames.size(); i++) {
      var removed = new ArrayList<>(frames);
      removed.remove(i);
      expectRightOrShut(HostState.joined(removed), tag, truth);
      var repeated = new ArrayList<>(frames);
      repeated.add(i, frames.get(i));
      expectRightOrShut(HostState.joined(repeated), tag, truth);
      for (int j = i + 1; j < frames.size(); j++) {
        var reordered = new ArrayList<>(frames);
        java.util.Collections.swap(reordered, i, j);
        expectRightOrShut(HostState.joined(reordered), tag, truth);
      }
    }
    older.restore();
    assertThatThrownBy(() -> FspfFileSystems.open(directory, environment().withTag(tag)))
        .isInstanceOf(FreshnessException.class);
  }

  private void expectRightOrShut(byte[] metadata, RootTag tag, Map<String, Object> truth)
      throws IOException {
    Files.write(host.metadata(), metadata);
    try (FileSystem volume = FspfFileSystems.open(directory, environment().withTag(tag))) {
      expectRightOrRefused(volume, truth);
    } catch (FspfException e) {
      assertThat(e)
          .isInstanceOfAny(
              IntegrityException.class, FreshnessException.class, VolumeKeyException.class);
    }
  }

  /** The platform's own loader knows this module's packages. */
  private static final class NothingButTheJdk extends ClassLoader {
    @SuppressWarnings("NullAway") // Stands for what the virtual machine itself loads.
    NothingButTheJdk() {
      super(null);
    }
  }

  /**
   * The same class stands in two places of the class path; a failure must not select the second.
   */
  @ParameterizedTest
  @EnumSource(names = {"SHA256", "GCM"})
  void theHostDoesNotChooseAClass(Integrity integrity) throws Exception {
    make(integrity);
    String name = UnmodifiedProgram.class.getName();
    String file = name.replace('.', '/') + ".class";
    byte[] code;
    try (var in = UnmodifiedProgram.class.getResourceAsStream("/" + file)) {
      code = Objects.requireNonNull(in).readAllBytes();
    }
    try (FileSystem volume = open()) {
      for (String place : List.of("/first/", "/second/")) {
        Path target = volume.getPath(place + file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.write(target, code);
      }
    }
    host = new HostState(directory);
    byte[] content = host.content(host.metadata());
    int refused = 0;
    try (FileSystem volume = FspfFileSystems.open(directory, environment().readOnly())) {
      var classPath = List.of(volume.getPath("/first"), volume.getPath("/second"));
      for (long bit = 5; bit < 8L * content.length; bit += 199) {
        Files.write(host.metadata(), HostState.flipped(content, bit));
        try (var loader = new FspfClassLoader(classPath, new NothingButTheJdk())) {
          Class<?> loaded = loader.loadClass(name);
          var source = loaded.getProtectionDomain().getCodeSource().getLocation();
          assertThat(source.toString()).as("bit %d", bit).contains("!/first");
        } catch (UncheckedIOException | IOException e) {
          assertThat(violation(e)).isNotNull();
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aTreeThatTheHostRearranges() throws IOException {
    make(Integrity.SHA256);
    Map<String, Object> truth = truth();
    Path tree = directory.resolve("tree");
    try (FileSystem volume = FspfFileSystems.open(directory, environment().readOnly())) {
      // Types, modes, names and link targets are what was sealed, whatever the host shows.
      Files.setPosixFilePermissions(
          tree.resolve("file0"), PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.delete(tree.resolve("link"));
      Files.createSymbolicLink(tree.resolve("link"), Path.of("file4"));
      Files.createFile(tree.resolve("extra"));
      Files.createDirectory(tree.resolve("dir/extra"));
      assertThat(expectRightOrRefused(volume, truth)).isFalse();
      assertThat(volume.getPath("/extra")).doesNotExist();

      Files.move(tree.resolve("dir"), tree.resolve("elsewhere"));
      assertRefusedFile(volume, "/dir/file1");
      // Through a link of the host the right bytes are right, and others are not.
      Files.createSymbolicLink(tree.resolve("dir"), Path.of("elsewhere"));
      expectRightOrRefused(volume, truth);
      Files.delete(tree.resolve("dir"));
      Files.move(tree.resolve("elsewhere"), tree.resolve("dir"));

      Files.move(tree.resolve("file2"), temp.resolve("file2"));
      Files.createSymbolicLink(tree.resolve("file2"), temp.resolve("file2"));
      expectRightOrRefused(volume, truth);
      Files.delete(tree.resolve("file2"));
      Files.createSymbolicLink(tree.resolve("file2"), tree.resolve("file4"));
      assertRefusedFile(volume, "/file2");
      Files.delete(tree.resolve("file2"));
      Files.createDirectory(tree.resolve("file2"));
      assertRefusedFile(volume, "/file2");
      Files.delete(tree.resolve("file2"));
      Files.move(temp.resolve("file2"), tree.resolve("file2"));
      assertThat(expectRightOrRefused(volume, truth)).isFalse();
    }
  }

  private void assertRefusedFile(FileSystem volume, String clear) {
    assertViolation(clear, () -> Files.readAllBytes(volume.getPath(clear)));
  }
}
