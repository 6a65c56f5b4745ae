package io.fspf.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fspf.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A reader that was written from docs/format.md alone sees in every golden volume what this
 * implementation sees, and refuses what was tampered with. So the document is enough, and neither
 * of both makes a rule of its own. Skipped where there is no Node.js.
 */
class IndependentReaderTest {
  private static final long SEED = Long.getLong("fspf.test.seed", System.nanoTime());

  @TempDir Path scratch;

  @BeforeAll
  static void findNode() throws InterruptedException {
    assumeTrue(NodeReader.isPossible(), "Node.js, from 18, is not installed");
  }

  static List<GoldenVolume> volumes() throws IOException {
    return GoldenVolume.existing();
  }

  /** Without the one with a passphrase: there each run takes a second. */
  static List<GoldenVolume> volumesToTamperWith() throws IOException {
    return volumes().stream()
        .filter(golden -> !Files.exists(golden.passphraseFile()))
        .filter(golden -> !golden.name().equals("empty"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("volumes")
  void readsTheSame(GoldenVolume golden) throws Exception {
    var result = new NodeReader(scratch).read(golden, golden.volume(), golden.tag().toString());
    assertThat(result.report()).doesNotContain("refused");
    assertThat(result.listing()).isEqualTo(Files.readString(golden.listing()));
    assertThat(result.exit()).isZero();
    if (golden.name().equals("levels")) {
      assertThat(result.report()).startsWith("3 levels");
    }
  }

  /**
   * Bits flipped anywhere in any file: what comes out is what was committed, or nothing. (A bit
   * that no commit needs any more may be flipped unseen.)
   */
  @ParameterizedTest
  @MethodSource("volumesToTamperWith")
  void neverReadsAnythingElse(GoldenVolume golden) throws Exception {
    Random random = new Random(SEED ^ golden.name().hashCode());
    String expected = Files.readString(golden.listing());
    int refused = 0;
    for (int i = 0; i < 4; i++) {
      Path copy = copyOf(golden, "flip" + i);
      Path file = i < 2 ? copy.resolve(Volume.FILE_NAME) : anyFile(copy, random);
      long at = flip(file, random);
      var result = new NodeReader(scratch).read(golden, copy, golden.tag().toString());
      if (result.exit() == 0) {
        assertThat(result.listing())
            .as("%s, bit flipped at %s of %s, seed %s", golden, at, copy.relativize(file), SEED)
            .isEqualTo(expected);
      } else {
        assertThat(result.report()).contains("refused");
        assertThat(result.listing()).isEmpty();
        refused++;
      }
    }
    System.out.println(golden + ": refused " + refused + " of 4 flipped bits");
  }

  /** The same edits that the tests of this implementation try. */
  @ParameterizedTest
  @MethodSource("volumesToTamperWith")
  void refusesEdits(GoldenVolume golden) throws Exception {
    String tag = golden.tag().toString();
    assertRefused(golden, copyOf(golden, "tag"), "0".repeat(64));

    Path cut = copyOf(golden, "cut");
    try (FileChannel file = open(cut.resolve(Volume.FILE_NAME))) {
      file.truncate(endOfCommits(file) - 1);
    }
    assertRefused(golden, cut, tag);

    Path head = copyOf(golden, "head");
    try (FileChannel file = open(head.resolve(Volume.FILE_NAME))) {
      // In the digest of the last commit: its tag is another one.
      flip(file, endOfCommits(file) - 20);
    }
    assertRefused(golden, head, tag);

    Path header = copyOf(golden, "header");
    try (FileChannel file = open(header.resolve(Volume.FILE_NAME))) {
      flip(file, 20);
    }
    assertRefused(golden, header, tag);
  }

  @Test
  void refusesEditsOfContent() throws Exception {
    GoldenVolume encrypted = new GoldenVolume(GoldenVolume.all().resolve("encrypted-without-key"));
    GoldenVolume clear = new GoldenVolume(GoldenVolume.all().resolve("authenticated-sha256"));
    GoldenVolume keyed = new GoldenVolume(GoldenVolume.all().resolve("authenticated-gmac"));
    for (GoldenVolume golden : List.of(encrypted, clear, keyed)) {
      String tag = golden.tag().toString();
      Path deleted = copyOf(golden, "deleted");
      Files.delete(contents(deleted).get(0));
      assertRefused(golden, deleted, tag);

      Path longer = copyOf(golden, "longer");
      Files.write(contents(longer).get(0), new byte[1], StandardOpenOption.APPEND);
      assertRefused(golden, longer, tag);

      Path zeros = copyOf(golden, "zeros");
      Files.write(contents(zeros).get(0), new byte[(int) Files.size(contents(zeros).get(0))]);
      assertRefused(golden, zeros, tag);

      Path swapped = copyOf(golden, "swapped");
      List<Path> two = contents(swapped);
      Path aside = swapped.resolve("aside");
      Path last = two.get(two.size() - 1);
      assertThat(Files.mismatch(two.get(0), last)).isNotNegative();
      Files.move(two.get(0), aside);
      Files.move(last, two.get(0), StandardCopyOption.REPLACE_EXISTING);
      Files.move(aside, last);
      assertRefused(golden, swapped, tag);

      Path link = copyOf(golden, "link");
      Path linked = contents(link).get(0);
      Files.move(linked, link.resolve("aside"));
      Files.createSymbolicLink(linked, link.resolve("aside"));
      assertRefused(golden, link, tag);
    }
  }

  @Test
  void refusesAnotherKeyAndNoKey() throws Exception {
    GoldenVolume golden = new GoldenVolume(GoldenVolume.all().resolve("pkcs12"));
    GoldenVolume other = new GoldenVolume(GoldenVolume.all().resolve("encrypted"));
    GoldenVolume clear = new GoldenVolume(GoldenVolume.all().resolve("levels"));
    NodeReader reader = new NodeReader(scratch);
    String tag = golden.tag().toString();
    assertThat(reader.read(other, golden.volume(), tag).report()).contains("refused: Wrong key");
    assertThat(reader.read(clear, golden.volume(), tag).report()).contains("refused: A key");
    assertThat(reader.read(golden, clear.volume(), clear.tag().toString()).report())
        .contains("refused: A key");
  }

  /**
   * RFC 9106, section 5.3, has a secret and data, which a slot has not: so the library's answer.
   */
  @Test
  void derivesThePassphraseKeyOfTheReferenceImplementation() throws Exception {
    String script =
        "import('%s').then(m => console.log(m.argon2id(Buffer.from('password'),"
            + " Buffer.from('somesalt'), 65536, 2, 1, 32).toString('hex')))";
    Path module = Path.of("src", "test", "node", "argon2id.mjs").toAbsolutePath();
    var result = new NodeReader(scratch).run(List.of("node", "-e", script.formatted(module)));
    assertThat(result.listing().strip())
        .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
  }

  private void assertRefused(GoldenVolume golden, Path volume, String tag) throws Exception {
    var result = new NodeReader(scratch).read(golden, volume, tag);
    assertThat(result.report()).as("%s, %s", golden, volume.getFileName()).contains("refused");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.listing()).isEmpty();
  }

  private Path copyOf(GoldenVolume golden, String name) throws IOException {
    Path copy = scratch.resolve(golden.name() + "-" + name);
    GoldenVolumes.copy(golden.volume(), copy);
    return copy;
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static long flip(Path file, Random random) throws IOException {
    try (FileChannel channel = open(file)) {
      long at = (long) (random.nextDouble() * channel.size());
      flip(channel, at);
      return at;
    }
  }

  private static void flip(FileChannel file, long at) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    file.read(one, at);
    one.put(0, (byte) (one.get(0) ^ 4));
    file.write(one.flip(), at);
  }

  private static long endOfCommits(FileChannel file) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) file.size());
    file.read(all, 0);
    return new String(all.array(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .lastIndexOf("1FSPFcmt1")
        + 9L;
  }

  private static Path anyFile(Path volume, Random random) throws IOException {
    List<Path> files = files(volume, path -> true);
    return files.get(random.nextInt(files.size()));
  }

  /** Host files of one chunk and more, in an order that is the same each time. */
  private static List<Path> contents(Path volume) throws IOException {
    List<Path> contents =
        files(volume, path -> !path.getFileName().toString().equals(Volume.FILE_NAME));
    return contents.stream().filter(path -> path.toFile().length() > 4096).toList();
  }

  private static List<Path> files(Path volume, Predicate<Path> which) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(volume)) {
      for (Path path : paths.sorted().toList()) {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            && Files.size(path) > 0
            && which.test(path)) {
          files.add(path);
        }
      }
    }
    return files;
  }
}
