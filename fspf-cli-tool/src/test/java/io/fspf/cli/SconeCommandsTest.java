package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.gson.JsonObject;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code create addr addf encrypt show create-volume}, in SCONE's shape. */
class SconeCommandsTest {
  private static final String HEX = "[0-9a-f]{64}";

  @TempDir private Path directory;
  private String file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("fspf.pb").toString();
  }

  /** Runs a command that must succeed, and returns its words as awk counts them, from 1. */
  private static List<String> words(String... args) {
    Run run = Run.of(args);
    assertThat(run.exit()).as(run.toString()).isZero();
    var words = new ArrayList<String>();
    words.add(run.out());
    words.addAll(Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().splitToList(run.out()));
    return words;
  }

  private JsonObject region(String... addr) {
    words("create", file);
    words(addr);
    return Run.of("show", "--json", file).json().getAsJsonArray("regions").get(0).getAsJsonObject();
  }

  @Test
  void linesHaveTheWordsThatScriptsTake() throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    assertThat(words("create", file).get(0))
        .matches(
            "Created empty file system protection file in "
                + file
                + "\\. AES-GCM tag: "
                + HEX
                + "\n");
    assertThat(words("addr", file, "/data", "-a", "--kernel", source + "").get(0))
        .matches(
            "Added region /data to file system protection file "
                + file
                + " new AES-GCM tag: "
                + HEX
                + "\n");
    assertThat(words("addf", file, "/data", source + "").get(0))
        .matches(
            "Added files to file system protection file "
                + file
                + " new AES-GCM tag: "
                + HEX
                + "\n");
    List<String> encrypted = words("encrypt", file);
    assertThat(encrypted.get(0))
        .matches(
            "Encrypted file system protection file "
                + file
                + " AES-GCM tag: "
                + HEX
                + " key: "
                + HEX
                + "\n");
    try (Volume volume = open(file, encrypted.get(9), encrypted.get(11))) {
      SampleTree.assertSame(volume, "/data", source);
    }
  }

  private static Volume open(String file, String tag, String key) throws IOException {
    return Volume.open(
        Path.of(file),
        VolumeOptions.of(Freshness.pinned(RootTag.parse(tag)))
            .withKeys(KeyProviders.raw(VolumeKey.parse(key))));
  }

  @Test
  void eachTagIsThatOfTheFile() {
    assertThat(words("create", file).get(11)).isEqualTo(words("tag", file).get(1));
    assertThat(words("addr", file, "/", "-n", "--kernel", "/").get(13))
        .isEqualTo(words("show", "-t", file).get(1));
    assertThat(words("encrypt", file).get(9)).isEqualTo(words("show", "--tag", file).get(1));
  }

  @Test
  void oneThatExistsIsNotOverwritten() {
    words("create", file, "2.0");
    Run again = Run.of("create", file);
    assertThat(again.exit()).isEqualTo(ExitCodes.IO);
    assertThat(again.err()).isEqualTo("fspf: fspf.pb: exists already\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'--encrypted --kernel /data /x', encrypted, /x, /data",
    "'-e /x --kernel=/data/', encrypted, /x, /data",
    "'/x/ -a --kernel ./data/.', authenticated, /x, data",
    "'--kernel . -e .', encrypted, /, .",
    "'--authenticated //x/./y --kernel /a/b/../data', authenticated, /x/y, /a/data",
    "'/ --not-protected --kernel /', not-protected, /, /",
  })
  void flagsStandAnywhereAndPathsAreNormalised(
      String flags, String protection, String path, String host) {
    var args = new ArrayList<String>(List.of("addr"));
    List<String> words = Splitter.on(' ').splitToList(flags);
    // The file comes before the embed point, which is the word that is neither flag nor value.
    boolean placed = false;
    boolean value = false;
    for (String word : words) {
      if (!placed && !value && !word.startsWith("-")) {
        args.add(file);
        placed = true;
      }
      value = word.equals("--kernel");
      args.add(word);
    }
    JsonObject region = region(args.toArray(String[]::new));
    assertThat(region.get("protection").getAsString()).isEqualTo(protection);
    assertThat(region.get("path").getAsString()).isEqualTo(path);
    assertThat(region.get("hostDirectory").getAsString()).isEqualTo(host);
  }

  @Test
  void regionWantsOneProtectionAndOneStorage() {
    words("create", file);
    String[][] wrong = {
      {"addr", file, "/x", "--kernel", "/x"},
      {"addr", file, "/x", "-a", "-e", "--kernel", "/x"},
      {"addr", file, "/x", "-e"},
      {"addr", file, "/x", "-e", "--kernel", "/x", "--ephemeral"},
      {"addr", file, "/x", "-e", "--kernel", "/x", "-k", "100"},
      {"addr", file, "/x", "-e", "--kernel", "/x", "-c", "big"},
    };
    for (String[] args : wrong) {
      assertThat(Run.of(args).exit()).as(String.join(" ", args)).isEqualTo(ExitCodes.USAGE);
    }
    assertThat(Run.of("show", "--json", file).json().getAsJsonArray("regions")).isEmpty();
    words("addr", file, "/x", "-e", "--kernel", "/x");
    assertThat(Run.of("addr", file, "/x", "-e", "--kernel", "/y").exit()).isEqualTo(ExitCodes.IO);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4096",
    "4096, 4096",
    "4097, 8192",
    "65536, 65536",
    "100000, 131072",
    "16777217, 16777216",
    "64KiB, 65536"
  })
  void anyChunkSizeIsAccepted(String given, int used) {
    words("create", file);
    Run run = Run.of("addr", file, "/x", "-e", "--kernel", "/x", "-c", given);
    assertThat(run.exit()).isZero();
    boolean exact = given.equals(Integer.toString(used)) || given.equals("64KiB");
    assertThat(run.err().lines()).hasSize(exact ? 0 : 1);
    JsonObject region =
        Run.of("show", "--json", file).json().getAsJsonArray("regions").get(0).getAsJsonObject();
    assertThat(region.get("chunkSize").getAsInt()).isEqualTo(used);
  }

  @Test
  void keySizeIsAccepted() {
    words("create", file);
    Run small = Run.of("addr", file, "/x", "-e", "--kernel", "/x", "-k", "128");
    assertThat(small.exit()).isZero();
    assertThat(small.err()).contains("256 bits");
    assertThat(Run.of("addr", file, "/y", "-e", "--kernel", "/y", "-k", "256").err()).isEmpty();
  }

  @Test
  void encryptedRegionNeedsAnOutput() throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    words("create", file);
    words("addr", file, "/x", "-e", "--kernel", "/x");
    assertThat(Run.of("addf", file, "/x", source + "").exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("addf", file, "/x", directory + "/none", directory + "/out").exit())
        .isEqualTo(ExitCodes.IO);
    words("addf", file, "/x", source + "", directory + "/out");
    assertThat(SampleTree.names(directory.resolve("out"))).contains("objects");
  }

  @Test
  void keyFileTakesTheKeyAndNoneIsPrinted() throws IOException {
    words("create", file);
    Path key = directory.resolve("key");
    List<String> words = words("encrypt", "--key-file", key + "", file);
    assertThat(words).hasSize(10);
    assertThat(words.get(0)).doesNotContain("key:").doesNotContain(Files.readString(key).strip());
    open(file, words.get(9), Files.readString(key).strip()).close();
    Run json = Run.of("encrypt", "--json", file);
    assertThat(json.exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void keyInTheEnvironmentOpensWhatIsSealedAndIsNotInTheWayOfWhatIsNot() {
    words("create", file);
    String key = words("encrypt", file).get(11);
    String[] addr = {"addr", file, "/x", "-e", "--kernel", "/x"};
    assertThat(Run.of(addr).exit()).isEqualTo(ExitCodes.KEY);
    Run withKey =
        Run.with(false, Map.of("SCONE_FSPF_KEY", key), terminal -> Main.run(terminal, addr));
    assertThat(withKey.exit()).as(withKey.toString()).isZero();
    Path other = directory.resolve("other.pb");
    Run created =
        Run.with(
            false,
            Map.of("SCONE_FSPF_KEY", key, "SCONE_FSPF_TAG", "0".repeat(64)),
            terminal -> {
              Main.run(terminal, "create", other.toString());
              return Main.run(terminal, "addr", other + "", "/x", "-e", "--kernel", "/x");
            });
    assertThat(created.exit()).as(created.toString()).isZero();
    assertThat(created.err()).isEmpty();
  }

  @Test
  void tagThatIsNamedIsChecked() {
    String tag = words("create", file).get(11);
    String[] addr = {"addr", file, "/x", "-e", "--kernel", "/x", "--tag"};
    Run wrong = Run.of("addr", file, "/x", "-e", "--kernel", "/x", "--tag", "0".repeat(64));
    assertThat(wrong.exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(Run.of("tag", file).out()).isEqualTo(tag + "\n");
    assertThat(Run.of(addr[0], addr[1], addr[2], addr[3], addr[4], addr[5], addr[6], tag).exit())
        .isZero();
  }

  @Test
  void showTakesAKeyAsOldScriptsGiveIt() {
    words("create", file);
    words("addr", file, "/x", "-e", "--ephemeral");
    List<String> encrypted = words("encrypt", file);
    String key = encrypted.get(11);
    Run run = Run.of("show", file, key);
    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("region /x: encrypted, ephemeral").doesNotContain(key);
    assertThat(run.err()).contains("--key-file").doesNotContain(key);
    for (String[] args : new String[][] {{"show", "-t", file, key}, {"show", file, key, "--tag"}}) {
      assertThat(Run.of(args).out()).isEqualTo(encrypted.get(9) + "\n");
    }
    String other = "f".repeat(64);
    assertThat(Run.of("show", "-t", file, other).exit()).isEqualTo(ExitCodes.KEY);
    assertThat(Run.of("show", file, "not a key").exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void createVolumeSealsADirectoryWhereItStands() throws IOException {
    Path source = SampleTree.make(directory.resolve("model"), 1);
    List<String> words = words("create-volume", "--authenticated", source + "", "-c", "4096");
    Path made = source.resolve("volume.fspf");
    assertThat(words.get(0)).startsWith("Encrypted file system protection file " + made);
    try (Volume volume = open(made.toString(), words.get(9), words.get(11))) {
      assertThat(volume.regions().get(0).chunkSize()).isEqualTo(4096);
      SampleTree.assertSame(volume, "/", SampleTree.make(directory.resolve("copy"), 1));
    }
    assertThat(Run.of("create-volume", "-a", source + "").exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of("create-volume", "-a", "-f", source + "").exit()).isZero();
  }

  @Test
  void createVolumeEncryptsADirectoryIntoAnother() throws IOException {
    Path source = SampleTree.make(directory.resolve("model"), 1);
    Path out = directory.resolve("out");
    assertThat(Run.of("create-volume", "--encrypted", source + "").exit())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(source.resolve("volume.fspf")).doesNotExist();
    List<String> words = words("create-volume", "--encrypted", source + "", out + "");
    try (Volume volume =
        open(source.resolve("volume.fspf").toString(), words.get(9), words.get(11))) {
      SampleTree.assertSame(volume, "/", SampleTree.make(directory.resolve("copy"), 1));
    }
  }

  @Test
  void createVolumeMakesAnEmptyOneAndTellsTheShell() throws IOException {
    Path made = directory.resolve("output");
    String[] args = {"create-volume", "--encrypted", "--envar-output", made + ""};
    Run run = Run.of(args);
    assertThat(run.exit()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines)
        .satisfiesExactly(
            line -> assertThat(line).matches("export VOLUME_KEY=" + HEX),
            line -> assertThat(line).matches("export VOLUME_TAG=" + HEX));
    String key = lines.get(0).replaceFirst(".*=", "");
    String tag = lines.get(1).replaceFirst(".*=", "");
    open(made.resolve("volume.fspf").toString(), tag, key).close();
    assertThat(Run.of(args).exit()).isEqualTo(ExitCodes.IO);
    assertThat(
            Run.of("create-volume", "-e", "-f", "--key-file", directory + "/key", made + "").out())
        .startsWith("Encrypted file system protection file")
        .doesNotContain("key:");
  }
}
