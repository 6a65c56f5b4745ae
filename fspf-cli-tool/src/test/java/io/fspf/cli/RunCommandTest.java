package io.fspf.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fspf run}: a jar in an authenticated region, in a process of its own. */
class RunCommandTest {
  private static final String LATE = "io/fspf/cli/SampleProgram$Late.class";

  @TempDir private Path directory;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Path app;

  @SuppressWarnings("NullAway.Init")
  private String tag;

  @BeforeEach
  void seal() throws IOException {
    app = directory.resolve("app");
    Files.createDirectories(app.resolve("lib"));
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, SampleProgram.class.getName());
    try (var jar =
        new JarOutputStream(Files.newOutputStream(app.resolve("lib/main.jar")), manifest)) {
      entry(jar, "io/fspf/cli/SampleProgram.class", ofClassPath("io/fspf/cli/SampleProgram.class"));
      entry(jar, "words.txt", "some words".getBytes(StandardCharsets.UTF_8));
      // Far enough from the others to stand in a chunk of its own.
      jar.setLevel(0);
      entry(jar, "filler", new byte[300_000]);
      entry(jar, LATE, ofClassPath(LATE));
      entry(jar, "more", new byte[300_000]);
    }
    Path classes = Files.createDirectories(app.resolve("classes/io/fspf/cli"));
    Files.write(
        classes.resolve("SampleProgram.class"), ofClassPath("io/fspf/cli/SampleProgram.class"));
    Files.write(classes.resolve("SampleProgram$Late.class"), ofClassPath(LATE));
    tag = SealedSample.tag(Run.of("seal", "--authenticate", app.toString()));
  }

  private static byte[] ofClassPath(String name) throws IOException {
    return Resources.toByteArray(Resources.getResource(name));
  }

  private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(content);
    jar.closeEntry();
  }

  private Run run(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the launcher does it: the virtual machine's own warnings are not of the program.
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Main.class.getName(), "run", "--tag", tag, app.toString()));
    command.addAll(List.of(words));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** In this process, where exit code and complaints are seen. */
  private Run runHere(String word) {
    return Run.of("run", "--tag", tag, app.toString(), "--", "/lib/main.jar", word);
  }

  @Test
  void runsAJarWithItsArgumentsAndResources() throws Exception {
    Run run = run("--", "/lib/main.jar", "arguments", "-x", "--json", "a b");
    assertThat(run).isEqualTo(new Run(0, "[arguments, -x, --json, a b]\n", ""));
    assertThat(run("--", "/lib/main.jar", "resource")).isEqualTo(new Run(0, "some words\n", ""));
    assertThat(run("--", "-cp", "/none:/classes", SampleProgram.class.getName(), "late"))
        .isEqualTo(new Run(0, "late\n", ""));
  }

  @Test
  void endsAsTheProgramEnds() throws Exception {
    assertThat(run("--", "/lib/main.jar", "exit").exit()).isEqualTo(42);
    assertThat(run("--", "/lib/main.jar", "thread"))
        .isEqualTo(new Run(0, "after main: late\n", ""));
    Run thrown = run("--", "/lib/main.jar", "throw");
    assertThat(thrown.exit()).isEqualTo(1);
    assertThat(thrown.err())
        .startsWith("Exception in thread \"main\" java.io.IOException: of the program's own")
        .contains("SampleProgram.main");
  }

  @Test
  void codeThatTheHostHasChangedIsRefused() throws Exception {
    Path jar = app.resolve("lib/main.jar");
    byte[] content = Files.readAllBytes(jar);
    int late = indexOf(content, LATE.getBytes(StandardCharsets.UTF_8));
    content[late + LATE.length() + 100] ^= 1;
    Files.write(jar, content);
    // What does not need the changed chunk runs; what does is refused, also where a program would
    // do
    // without the class.
    assertThat(runHere("resource").exit()).isZero();
    Run refused = run("--", "/lib/main.jar", "late");
    assertThat(refused.exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith("fspf: /lib/main.jar at offset ");
    assertThat(runHere("optional")).isEqualTo(refused);
    SealedSample.flip(jar, 10);
    SealedSample.flip(jar, Files.size(jar) - 10);
    assertThat(runHere("arguments").exit()).isEqualTo(ExitCodes.VIOLATED);
    Files.delete(jar);
    assertThat(runHere("arguments").exit()).isEqualTo(ExitCodes.VIOLATED);
  }

  private static int indexOf(byte[] content, byte[] wanted) {
    return com.google.common.primitives.Bytes.indexOf(content, wanted);
  }

  @Test
  void wrongUseAndMissingProgramsAreToldApart() {
    String volume = app.toString();
    assertThat(Run.of("run", "--tag", tag, volume).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("run", "--tag", tag, volume, "--", "-cp", "/classes").exit())
        .isEqualTo(ExitCodes.USAGE);
    Run noJar = Run.of("run", "--tag", tag, volume, "--", "/none.jar");
    assertThat(noJar.exit()).isEqualTo(ExitCodes.IO);
    assertThat(noJar.err()).isEqualTo("fspf: /none.jar: not found\n");
    Run noClass = Run.of("run", "--tag", tag, volume, "--", "-cp", "/classes", "a.B");
    assertThat(noClass.exit()).isEqualTo(ExitCodes.IO);
    assertThat(noClass.err()).contains("a.B");
    Run noVolume = Run.of("run", "--tag", tag, directory.resolve("none") + "", "--", "/a.jar");
    assertThat(noVolume.exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of("run", "--tag", "0".repeat(64), volume, "--", "/lib/main.jar").exit())
        .isEqualTo(ExitCodes.VIOLATED);
  }
}
