package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code put mkdir mv rm rekey compact}. */
class ChangeCommandsTest {
  @TempDir private Path directory;
  private SealedSample sample;

  @BeforeEach
  void seal() throws IOException {
    sample = SealedSample.encrypted(directory);
  }

  /** Runs a command that must succeed, and returns the new tag. */
  private String change(String command, String... rest) {
    Run run = Run.of(sample.args(command, rest));
    assertThat(run.exit()).as(run.toString()).isZero();
    return SealedSample.tag(run);
  }

  private String ls(String path) {
    return Run.of(sample.args("ls", path)).out();
  }

  @Test
  void filesArePutMovedAndRemoved() throws IOException {
    Path file = Files.writeString(directory.resolve("a.conf"), "first");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    change("mkdir", "-p", "/etc/app.d/x");
    change("put", file.toString(), "/etc/app.d");
    assertThat(Run.of(sample.args("cat", "/etc/app.d/a.conf")).out()).isEqualTo("first");
    assertThat(Run.of(sample.args("stat", "/etc/app.d/a.conf")).out()).contains("0640");

    Files.writeString(file, "second");
    change("put", file.toString(), "/etc/app.d/a.conf");
    assertThat(Run.of(sample.args("cat", "/etc/app.d/a.conf")).out()).isEqualTo("second");
    assertThat(ls("/etc/app.d")).isEqualTo("a.conf\nx\n");

    change("mv", "/etc/app.d/a.conf", "/etc/b.conf");
    change("mv", "/etc/b.conf", "/etc/app.d/x");
    assertThat(ls("/etc/app.d/x")).isEqualTo("b.conf\n");
    change("rm", "/etc/app.d/x/b.conf");
    change("rm", "-r", "/etc");
    assertThat(ls("/")).doesNotContain("etc");
    assertThat(Run.of(sample.args("verify", "--no-tag")).exit()).isZero();
  }

  @Test
  void directoryIsPutAsAWhole() throws IOException {
    Path tree = SampleTree.make(directory.resolve("tree"), 7);
    String tag = change("put", "-r", tree.toString(), "/etc/tree");
    assertThat(Run.of(sample.args("diff", "--path", "/etc/tree", tree.toString())).exit()).isZero();
    assertThat(Run.of(sample.args("verify", "--tag", tag)).exit()).isZero();
    assertThat(Run.of(sample.args("put", "-r", tree + "", tree + "", "/x")).exit())
        .isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void newTagIsThatOfTheVolume() {
    String tag = change("mkdir", "/new");
    assertThat(tag).isNotEqualTo(sample.tag());
    assertThat(Run.of("tag", sample.volume().toString()).out()).isEqualTo(tag + "\n");
    assertThat(Run.of(sample.args("verify", "--tag", tag)).exit()).isZero();
    assertThat(sample.run("verify").exit()).isEqualTo(ExitCodes.VIOLATED);
  }

  @Test
  void tagThatWasNamedIsThatOfTheStateBefore() throws IOException {
    assertThat(sample.run("mkdir", "/a").exit()).isZero();
    byte[] newer = Files.readAllBytes(sample.volume().resolve("fspf.pb"));
    String tag = change("mkdir", "/b");
    Files.write(sample.volume().resolve("fspf.pb"), newer);
    Run rolledBack = Run.of(sample.args("mkdir", "/c", "--tag", tag));
    assertThat(rolledBack.exit()).isEqualTo(ExitCodes.VIOLATED);
  }

  @Test
  void storeFollowsTheChangesAndRefusesAnOldState() throws IOException {
    String store = "dir:" + directory.resolve("store");
    assertThat(Run.of(sample.args("mkdir", "/a", "--tag-store", store)).exit()).isZero();
    byte[] old = Files.readAllBytes(sample.volume().resolve("fspf.pb"));
    assertThat(Run.of(sample.args("mkdir", "/b", "--tag-store", store)).exit()).isZero();
    assertThat(Run.of(sample.args("verify", "--tag-store", store)).exit()).isZero();
    Files.write(sample.volume().resolve("fspf.pb"), old);
    for (String[] args :
        new String[][] {
          sample.args("verify", "--tag-store", store),
          sample.args("ls", "--tag-store", store),
          sample.args("mkdir", "/c", "--tag-store", store)
        }) {
      assertThat(Run.of(args).exit()).as(args[0]).isEqualTo(ExitCodes.VIOLATED);
    }
  }

  @Test
  void whatIsNotThereOrInTheWayIsSaid() {
    assertThat(Run.of(sample.args("rm", "/none")).exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of(sample.args("rm", "-f", "/none")).exit()).isZero();
    assertThat(Run.of(sample.args("rm", "/lib")).exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of(sample.args("mkdir", "/lib")).exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of(sample.args("mkdir", "-p", "/lib")).exit()).isZero();
    assertThat(Run.of(sample.args("mkdir", "-p", "/run.sh/a")).exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of(sample.args("mv", "-n", "/run.sh", "/lib/f1")).exit())
        .isEqualTo(ExitCodes.IO);
    assertThat(Run.of(sample.args("mv", "/lib", "/lib/deep")).exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of(sample.args("put", directory + "", "/x")).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of(sample.args("put", directory + "/none", "/x")).exit())
        .isEqualTo(ExitCodes.IO);
    assertThat(ls("/")).isEqualTo("dangling\nempty\nlib\nlink\nrun.sh\n");
  }

  @Test
  void anotherKeyOpensAndTheOldOneDoesNot() {
    Path other = directory.resolve("other");
    String tag = change("rekey", "--new-key-file", other.toString());
    assertThat(other).exists();
    assertThat(Run.of(sample.args("verify", "--tag", tag)).exit()).isEqualTo(ExitCodes.KEY);
    assertThat(
            Run.of("verify", "--key-file", other + "", "--tag", tag, sample.volume() + "").exit())
        .isZero();
  }

  @Test
  void compactingDropsTheHistory() {
    for (int i = 0; i < 5; i++) {
      change("mkdir", "/d" + i);
    }
    Path file = sample.volume().resolve("fspf.pb");
    long before = file.toFile().length();
    long commits = Run.of(sample.args("audit")).out().lines().count();
    String tag = change("compact");
    assertThat(file.toFile().length()).isLessThan(before);
    assertThat(Run.of(sample.args("audit")).out().lines().count()).isLessThan(commits);
    assertThat(Run.of(sample.args("verify", "--tag", tag)).exit()).isZero();
  }
}
