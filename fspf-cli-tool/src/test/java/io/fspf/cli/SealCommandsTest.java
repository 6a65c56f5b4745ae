package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code seal}, {@code verify} and {@code unseal}. */
class SealCommandsTest {
  private static final String[] STATE = {
    "tag", "generation", "files", "directories", "symlinks", "bytes", "seconds"
  };

  @TempDir private Path directory;

  @Test
  void encryptedTreeIsSealedVerifiedAndUnsealed() throws IOException {
    SealedSample sample = SealedSample.encrypted(directory);
    assertThat(Files.getPosixFilePermissions(sample.key()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(SampleTree.names(sample.volume())).doesNotContain("run.sh", "lib");

    Run verified = sample.run("verify");
    assertThat(verified.exit()).as(verified.toString()).isZero();
    assertThat(verified.err()).isEmpty();
    assertThat(verified.out()).contains("Every byte is right: 7 files, 3 directories, 2 symbolic");

    Path target = directory.resolve("target");
    Run unsealed = sample.run("unseal", target.toString());
    assertThat(unsealed.exit()).as(unsealed.toString()).isZero();
    assertThat(SampleTree.names(target)).isEqualTo(SampleTree.names(sample.source()));
    assertThat(sample.run("diff", sample.source().toString()).exit()).isZero();
    try (Volume volume =
        Volume.open(
            sample.volume(),
            VolumeOptions.of(Freshness.pinned(RootTag.parse(sample.tag())))
                .withKeys(KeyProviders.file(sample.key())))) {
      SampleTree.assertSame(volume, "/", sample.source());
      SampleTree.assertSame(volume, "/", target);
    }
  }

  @Test
  void authenticatedTreeNeedsItsTagAlone() throws IOException {
    SealedSample sample = SealedSample.authenticated(directory);
    assertThat(sample.run("verify").exit()).isZero();
    try (Volume volume =
        Volume.open(
            sample.volume(), VolumeOptions.of(Freshness.pinned(RootTag.parse(sample.tag()))))) {
      Path copy = SampleTree.make(directory.resolve("copy"), 1);
      SampleTree.assertSame(volume, "/", copy);
    }
  }

  @Test
  void sealTellsTheTagOnALineOfItsOwn() throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    Run run = Run.of("seal", "--authenticate", source.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Sealed 7 files, 3 directories, 2 symbolic links"),
            line -> assertThat(line).isEqualTo("tag: " + SealedSample.tag(run)));
    Run quiet = Run.of("seal", "--quiet", "--force", "--authenticate", source.toString());
    assertThat(quiet.out()).isEqualTo("tag: " + SealedSample.tag(quiet) + "\n");
  }

  @Test
  void jsonHasItsNames() throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    JsonObject sealed = Run.of("seal", "--json", "--authenticate", source.toString()).json();
    assertThat(sealed.keySet()).startsWith("volume").contains(STATE);
    assertThat(sealed.get("files").getAsInt()).isEqualTo(7);
    assertThat(sealed.get("bytes").getAsLong()).isGreaterThan(270_000);
    String tag = sealed.get("tag").getAsString();

    Run verify = Run.of("verify", "--json", "--tag", tag, source.toString());
    assertThat(verify.exit()).isZero();
    assertThat(verify.json().keySet()).contains(STATE).contains("volume", "damaged", "notes");
    assertThat(verify.json().getAsJsonArray("damaged")).isEmpty();
    assertThat(verify.json().get("files")).isEqualTo(sealed.get("files"));

    SealedSample.flip(source.resolve("lib/f200001"), 70_000);
    Run damaged = Run.of("verify", "--json", "--tag", tag, source.toString());
    assertThat(damaged.exit()).isEqualTo(ExitCodes.VIOLATED);
    JsonObject damage = damaged.json().getAsJsonArray("damaged").get(0).getAsJsonObject();
    assertThat(damage.keySet()).containsExactly("path", "offset", "reason");
    assertThat(damage.get("path").getAsString()).isEqualTo("/lib/f200001");
    assertThat(damage.get("offset").getAsLong()).isEqualTo(65536);
  }

  @Test
  void everyBadChunkIsListedWithPathAndOffset() throws IOException {
    SealedSample sample = SealedSample.authenticated(directory);
    SealedSample.flip(sample.source().resolve("lib/f200001"), 1);
    SealedSample.flip(sample.source().resolve("lib/f200001"), 199_999);
    Files.delete(sample.source().resolve("run.sh"));
    Run run = sample.run("verify", "--quiet");
    assertThat(run.exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(run.out().lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("/lib/f200001 at offset 0: "))
        .anyMatch(line -> line.startsWith("/lib/f200001 at offset 196608: "))
        .anyMatch(line -> line.startsWith("/run.sh: "));
  }

  @Test
  void verifyWantsToKnowWhichState() throws IOException {
    SealedSample sample = SealedSample.authenticated(directory);
    Run run = Run.of("verify", sample.volume().toString());
    assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(run.err()).contains("--tag").contains("--no-tag");
    assertThat(Run.of("verify", "--no-tag", sample.volume().toString()).exit()).isZero();
    assertThat(sample.run("verify", "--no-tag").exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void verifyTakesTheTagFromAFileOrAStore() throws IOException {
    SealedSample sample = SealedSample.authenticated(directory);
    // As seal printed it.
    Path file = Files.writeString(directory.resolve("tag"), "tag: " + sample.tag() + "\n");
    assertThat(Run.of("verify", "--tag-file", file + "", sample.volume() + "").exit()).isZero();
    Path store = directory.resolve("store");
    String[] stored = {"verify", "--tag-store", "dir:" + store, sample.volume().toString()};
    assertThat(Run.of(stored).exit()).isZero();

    byte[] old = Files.readAllBytes(sample.volume().resolve("fspf.pb"));
    Run again =
        Run.of(
            "seal",
            "--force",
            "--tag-store",
            "dir:" + store,
            "--authenticate",
            sample.source() + "");
    assertThat(again.exit()).as(again.toString()).isZero();
    assertThat(Run.of(stored).exit()).isZero();
    Files.write(sample.volume().resolve("fspf.pb"), old);
    // The store knows the new volume by its id; the old one has another.
    assertThat(Run.of(stored).exit()).isIn(ExitCodes.OK, ExitCodes.VIOLATED);
  }

  @Test
  void sealRefusesWhatDoesNotGoTogether() throws IOException {
    String source = SampleTree.make(directory.resolve("source"), 1).toString();
    String target = directory.resolve("target").toString();
    String key = directory.resolve("key").toString();
    assertThat(Run.of("seal", source).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("seal", "--encrypt", "--key-file", key, source).exit())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("seal", "--authenticate", source, target).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("seal", "--authenticate", "--encrypt", source, target).exit())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("seal", "--authenticate", "--chunk-size", "5000", source).exit())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("seal", "--authenticate", "--chunk-size", "many", source).exit())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("seal", "--encrypt", source, target).exit()).isEqualTo(ExitCodes.KEY);
    assertThat(Run.of("seal", "--authenticate", "--integrity", "gmac", source).exit())
        .isEqualTo(ExitCodes.KEY);
    assertThat(Path.of(target)).doesNotExist();
    assertThat(Path.of(source, "fspf.pb")).doesNotExist();
  }

  @Test
  void sealTakesIntegrityChunkSizeAndExclusions() throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    Path key = directory.resolve("key");
    Run run =
        Run.of(
            "seal",
            "--authenticate",
            "--integrity",
            "gmac",
            "--key-file",
            key.toString(),
            "--chunk-size",
            "4KiB",
            "--exclude",
            "lib/f*",
            "--exclude",
            "empty",
            source.toString());
    assertThat(run.exit()).as(run.toString()).isZero();
    Run show = Run.of("show", "--json", "--key-file", key.toString(), source.toString());
    JsonObject region = show.json().getAsJsonArray("regions").get(0).getAsJsonObject();
    assertThat(region.get("chunkSize").getAsInt()).isEqualTo(4096);
    assertThat(region.get("integrity").getAsString()).isEqualTo("AES-256-GMAC");
    Run ls = Run.of("ls", "-R", "--key-file", key.toString(), source.toString());
    assertThat(ls.out().lines())
        .containsExactly("dangling", "lib", "lib/deep", "lib/deep/text ü", "link", "run.sh");
  }

  @Test
  void passphraseOpensWhatItSealed() throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    Path volume = directory.resolve("volume");
    Path passphrase = Files.writeString(directory.resolve("passphrase"), "correct horse\n");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
    String[] option = {"--passphrase-file", passphrase.toString()};
    Run run = Run.of("seal", "--encrypt", option[0], option[1], source + "", volume + "");
    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(Run.of("verify", "--no-tag", option[0], option[1], volume + "").exit()).isZero();
    Files.writeString(passphrase, "wrong horse\n");
    assertThat(Run.of("verify", "--no-tag", option[0], option[1], volume + "").exit())
        .isEqualTo(ExitCodes.KEY);
  }

  @Test
  void unsealTakesAPartAndSparesWhatIsThere() throws IOException {
    SealedSample sample = SealedSample.encrypted(directory);
    Path target = directory.resolve("target");
    assertThat(sample.run("unseal", "--path", "/lib/deep", target.toString()).exit()).isZero();
    assertThat(target.resolve("text ü")).hasContent("seed 1\n");
    Run again = sample.run("unseal", target.toString());
    assertThat(again.exit()).isEqualTo(ExitCodes.IO);
  }
}
