package io.fspf.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts as they are used in the wild, run by a real shell with their host paths below {@code $R};
 * what they sealed is read back through the library under the key and tag that their awk found.
 */
class SconeScriptsTest {
  /**
   * What each script begins with; {@code fspf} starts its Java in the directory of its first call.
   */
  private static final String PRELUDE =
      """
      set -euo pipefail
      X=$(mktemp -d "$R/.exchange-XXXX")
      mkfifo "$X/request" "$X/response"
      fspf() {
        printf '%s\\0' "$@" >"$X/request"
        local code
        read -r code <"$X/response"
        cat "$X/out"
        cat "$X/err" >&2
        return "$code"
      }
      serve() {
        "$JAVA" -XX:TieredStopAtLevel=1 -cp "$CLASSES" io.fspf.cli.ScriptServer "$X" </dev/null >&2 &
      }
      finish() { [ -z "$(jobs -p)" ] || { : >"$X/request"; wait; }; rm -rf "$X"; }
      trap finish EXIT
      """;

  @TempDir private Path root;

  @BeforeEach
  void resolveRoot() throws IOException {
    root = root.toRealPath();
  }

  /** Runs a script in a directory. */
  private String run(Path directory, String script) throws IOException, InterruptedException {
    Path err = root.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
                "timeout",
                "120",
                "/bin/bash",
                "-c",
                PRELUDE + "cd " + directory + "\nserve\n" + script)
            .redirectError(err.toFile());
    builder.environment().put("R", root.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder
        .environment()
        .put("JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
    builder.environment().put("CLASSES", System.getProperty("java.class.path"));
    Process bash = builder.start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(10, SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(() -> out + readQuietly(err)).isZero();
    return out;
  }

  private static String readQuietly(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Opens what a script made, with the words 9 and 11 of what {@code encrypt} printed. */
  private Volume open(Path file, Path hostRoot) throws IOException {
    List<String> words =
        Splitter.on(' ').splitToList(Files.readString(root.resolve("result")).strip());
    return Volume.open(
        file,
        VolumeOptions.of(Freshness.pinned(RootTag.parse(words.get(0))))
            .withKeys(KeyProviders.raw(VolumeKey.parse(words.get(1))))
            .withHostRoot(hostRoot));
  }

  private Volume open(Path file) throws IOException {
    return open(file, Path.of("/"));
  }

  private static final String PRINT_KEYTAG =
      """

      FSPF_TAG=$(cat $KEYTAG | awk '{print $9}')
      FSPF_KEY=$(cat $KEYTAG | awk '{print $11}')
      echo "$FSPF_TAG $FSPF_KEY" >"$R/result"
      """;

  @Test
  void e1RootPassedThroughSystemAndApplicationAuthenticated() throws Exception {
    SampleTree.make(root.resolve("usr"), 1);
    SampleTree.make(root.resolve("usr/lib"), 2);
    // As distributions have it.
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    SampleTree.make(root.resolve("opt/app"), 3);
    Files.writeString(root.resolve("plain"), "as it is");
    run(
        root,
        """
        KEYTAG=$R/keytag APP=/opt/app
        fspf create $R/fspf.pb
        fspf addr $R/fspf.pb /          --not-protected --kernel $R/
        fspf addr $R/fspf.pb /usr       --authenticated --kernel $R/usr
        fspf addf $R/fspf.pb /usr       $R/usr
        fspf addr $R/fspf.pb /lib       --authenticated --kernel $R/lib
        fspf addf $R/fspf.pb /lib       $R/lib
        fspf addr $R/fspf.pb $APP       --authenticated --kernel $R$APP
        fspf addf $R/fspf.pb $APP $R$APP
        fspf encrypt $R/fspf.pb > $R/keytag
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("fspf.pb"))) {
      SampleTree.assertSame(volume, "/usr", root.resolve("usr"));
      SampleTree.assertSame(volume, "/lib", root.resolve("lib"));
      SampleTree.assertSame(volume, "/opt/app", root.resolve("opt/app"));
      assertThat(SampleTree.read(volume, VolumePath.of("/plain"))).asString().isEqualTo("as it is");
    }
  }

  @Test
  void e2EncryptedApplicationBesideAuthenticatedLibrariesInAStagedRoot() throws Exception {
    SampleTree.make(root.resolve("rootvol/app-raw"), 4);
    SampleTree.make(root.resolve("rootvol/usr"), 5);
    run(
        root,
        """
        KEYTAG=keytag
        fspf create fspf.pb
        fspf addr fspf.pb / --kernel / --not-protected
        fspf addr fspf.pb /app --encrypted --kernel /app && fspf addf fspf.pb /app rootvol/app-raw rootvol/app
        fspf addr fspf.pb /usr --kernel /usr --authenticated && fspf addf fspf.pb /usr rootvol/usr $R/usr
        fspf encrypt fspf.pb > keytag
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("fspf.pb"), root.resolve("rootvol"))) {
      SampleTree.assertSame(volume, "/app", root.resolve("rootvol/app-raw"));
      SampleTree.assertSame(volume, "/usr", root.resolve("rootvol/usr"));
    }
  }

  @Test
  void e3VolumeWithItsRegionAtItsRoot() throws Exception {
    SampleTree.make(root.resolve("mnt/input-original"), 6);
    run(
        root,
        """
        KEYTAG=keytag
        fspf create volume.fspf
        fspf addr volume.fspf . --encrypted --kernel .
        fspf addf volume.fspf . $R/mnt/input-original $R/mnt/input
        fspf encrypt volume.fspf > keytag
        mv volume.fspf $R/mnt/input/
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("mnt/input/volume.fspf"))) {
      SampleTree.assertSame(volume, "/", root.resolve("mnt/input-original"));
    }
  }

  @Test
  void e4AbsoluteRegionWithTrailingSlashesInAVolume() throws Exception {
    SampleTree.make(root.resolve("fspf/input"), 7);
    Files.createDirectory(root.resolve("fspf/encrypted-files"));
    run(
        root.resolve("fspf"),
        """
        KEYTAG=input/keytag
        fspf create encrypted-files/volume.fspf
        fspf addr encrypted-files/volume.fspf / --not-protected --kernel /
        fspf addr encrypted-files/volume.fspf /fspf/encrypted-files/ --encrypted --kernel $R/fspf/encrypted-files/
        fspf addf encrypted-files/volume.fspf /fspf/encrypted-files/ $R/fspf/input/ $R/fspf/encrypted-files/
        fspf encrypt encrypted-files/volume.fspf > input/keytag
        """
            + PRINT_KEYTAG);
    Files.delete(root.resolve("fspf/input/keytag"));
    try (Volume volume = open(root.resolve("fspf/encrypted-files/volume.fspf"))) {
      SampleTree.assertSame(volume, "/fspf/encrypted-files", root.resolve("fspf/input"));
    }
  }

  @Test
  void e5RemappedHostDirectoryAndASingleFile() throws Exception {
    SampleTree.make(root.resolve("native-files/data"), 8);
    Files.createDirectories(root.resolve("native-files/top"));
    Files.writeString(root.resolve("native-files/top/one.conf"), "single");
    run(
        root,
        """
        KEYTAG=keytag DIR=/data TOP=/top FILE=/top/one.conf
        mkdir fspf
        fspf create $R/fspf/fs.fspf
        fspf addr $R/fspf/fs.fspf $DIR --encrypted --kernel $R/fspf/encrypted-files$DIR
        fspf addf $R/fspf/fs.fspf $DIR $R/native-files$DIR $R/fspf/encrypted-files$DIR
        fspf addr $R/fspf/fs.fspf $TOP --encrypted --kernel $R/fspf/encrypted-files$TOP
        fspf addf $R/fspf/fs.fspf $TOP $R/native-files$FILE $R/fspf/encrypted-files$FILE
        fspf encrypt $R/fspf/fs.fspf > keytag
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("fspf/fs.fspf"))) {
      SampleTree.assertSame(volume, "/data", root.resolve("native-files/data"));
      SampleTree.assertSame(volume, "/top", root.resolve("native-files/top"));
    }
  }

  @Test
  void e6FspfFileInsideItsOwnRegion() throws Exception {
    SampleTree.make(root.resolve("data-original"), 9);
    Files.createDirectory(root.resolve("data"));
    run(
        root.resolve("data"),
        """
        KEYTAG=$R/keytag
        fspf create fspf.pb; fspf addr fspf.pb / --not-protected --kernel /
        fspf addr fspf.pb /data --encrypted --kernel $R/data; fspf addf fspf.pb /data $R/data-original $R/data; fspf encrypt fspf.pb > $KEYTAG
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("data"))) {
      SampleTree.assertSame(volume, "/data", root.resolve("data-original"));
    }
  }

  @Test
  void e7EphemeralRootAndTwoKernelRegions() throws Exception {
    SampleTree.make(root.resolve("original"), 10);
    SampleTree.make(root.resolve("mnt/authenticated"), 10);
    run(
        root,
        """
        KEYTAG=keytag
        fspf create fspf.pb
        fspf addr fspf.pb / -e --ephemeral
        fspf addr fspf.pb /mnt/authenticated -a --kernel $R/mnt/authenticated
        fspf addr fspf.pb /mnt/encrypted -e --kernel $R/mnt/encrypted
        fspf addf fspf.pb /mnt/authenticated ./original
        fspf addf fspf.pb /mnt/encrypted ./original ./mnt/encrypted
        fspf encrypt fspf.pb > keytag
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("fspf.pb"))) {
      SampleTree.assertSame(volume, "/mnt/authenticated", root.resolve("original"));
      SampleTree.assertSame(volume, "/mnt/encrypted", root.resolve("original"));
    }
  }

  @Test
  void e8SlashThatDiffersBetweenRegionAndHostDirectory() throws Exception {
    SampleTree.make(root.resolve("usr/lib"), 11);
    SampleTree.make(root.resolve("train/app"), 12);
    run(
        root,
        """
        KEYTAG=keytag
        fspf create fspf.pb
        fspf addr fspf.pb /usr/lib/ --authenticated --kernel $R/usr/lib
        fspf addf fspf.pb /usr/lib/ $R/usr/lib
        fspf addr fspf.pb /app --encrypted --kernel $R/train/image_files/app && fspf addf fspf.pb /app $R/train/app $R/train/image_files/app
        fspf encrypt fspf.pb > keytag
        """
            + PRINT_KEYTAG);
    try (Volume volume = open(root.resolve("fspf.pb"))) {
      SampleTree.assertSame(volume, "/usr/lib", root.resolve("usr/lib"));
      SampleTree.assertSame(volume, "/app", root.resolve("train/app"));
    }
  }
}
