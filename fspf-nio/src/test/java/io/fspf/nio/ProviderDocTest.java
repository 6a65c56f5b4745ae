package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/provider.md}, with {@code /srv} somewhere else. */
class ProviderDocTest {
  @TempDir Path srv;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private String text;

  @BeforeEach
  void read() throws IOException {
    Path root = Path.of(System.getProperty("fspf.test.root", "..")).toAbsolutePath().normalize();
    text = Files.readString(root.resolve("docs/provider.md")).replace("/srv", srv.toString());
  }

  /** The blocks of one language. */
  private List<String> blocks(String language) {
    return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static void compile(Map<String, String> sources, Path classes) throws Exception {
    Files.createDirectories(classes);
    var files = new ArrayList<Path>();
    for (var source : sources.entrySet()) {
      files.add(Files.writeString(classes.resolve(source.getKey() + ".java"), source.getValue()));
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var manager = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
      manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      var options = List.of("-proc:none", "-cp", MountedFileSystemTest.classPath());
      boolean done =
          compiler
              .getTask(
                  null,
                  manager,
                  problems,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(done).as(problems.getDiagnostics().toString()).isTrue();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private Path examples() throws Exception {
    var sources = new TreeMap<String, String>();
    for (String block : blocks("java")) {
      MatchResult name =
          Pattern.compile("public class (\\w+)").matcher(block).results().findFirst().orElseThrow();
      sources.put(name.group(1), block);
    }
    assertThat(sources).containsOnlyKeys("Notes", "MoreNotes", "Report", "Plugins");
    Path classes = srv.resolve("classes");
    compile(sources, classes);
    return classes;
  }

  private String java(Path classes, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(MountedFileSystemTest.classPath() + File.pathSeparator + classes);
    command.addAll(List.of(arguments));
    Path errors = srv.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return output;
  }

  @Test
  void volumesAreOpenedAndMounted() throws Exception {
    Path classes = examples();
    assertThat(text).contains("prints `" + java(classes, "Notes").strip() + "`");
    assertThat(java(classes, "MoreNotes").lines())
        .satisfiesExactly(
            tag -> assertThat(tag).matches("[0-9a-f]{64}"),
            first -> assertThat(first).isEqualTo("/first"),
            second -> assertThat(second).isEqualTo("/second"));

    Files.writeString(srv.resolve("mounts.properties"), blocks("properties").get(0));
    String options =
        blocks("sh").get(0).replaceAll("(?s)^java | -cp .*$", "").replace("\\\n", " ").strip();
    List<String> words =
        new ArrayList<>(Splitter.onPattern(" +").omitEmptyStrings().splitToList(options));
    words.add("Report");
    assertThat(java(classes, words.toArray(String[]::new))).isEqualTo("[first, second]\n");
    var keys = FspfEnvironment.empty().withKeyFile(srv.resolve("notes.key"));
    try (FileSystem outputs =
        FspfFileSystems.open(
            srv.resolve("outputs.fspf"), keys.withFreshness(Freshness.unchecked()))) {
      assertThat(outputs.getPath("/report")).hasContent("[first, second]");
    }
  }

  private static void jar(Path jar, Path classes) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Path manifest = Files.createDirectory(zip.getPath("META-INF")).resolve("MANIFEST.MF");
      Files.writeString(manifest, "Manifest-Version: 1.0\nMain-Class: org.example.Main\n");
      try (var all = Files.walk(classes)) {
        for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          Path entry = zip.getPath("/" + classes.relativize(file));
          Files.createDirectories(entry.getParent());
          Files.copy(file, entry);
        }
      }
    }
  }

  @Test
  void codeIsRunFromAVolume() throws Throwable {
    Path app = srv.resolve("app");
    Files.createDirectories(app.resolve("tree"));
    compile(
        Map.of(
            "Main",
            "package org.example; public class Main { public static void main(String[] args) {"
                + " System.setProperty(\"fspf.test.ran\", String.join(\" \", args)); } }"),
        srv.resolve("main"));
    compile(
        Map.of(
            "Main",
            "package org.example; public class Main { public static void main(String[] a) {"
                + " System.setProperty(\"fspf.test.ran\", String.join(\" \", a) + \"module\"); } }",
            "module-info",
            "module org.example {}"),
        srv.resolve("module"));
    VolumeOptions options = VolumeOptions.of(Freshness.unchecked());
    Volume made =
        Volume.create(app, options, List.of(Region.authenticated(VolumePath.ROOT, "tree")));
    try (FileSystem volume = FspfFileSystems.of(made, app)) {
      Files.createDirectory(volume.getPath("/lib"));
      Files.createDirectory(volume.getPath("/modules"));
      jar(volume.getPath("/lib/main.jar"), srv.resolve("main"));
      jar(volume.getPath("/lib/a.jar"), srv.resolve("main"));
      jar(volume.getPath("/modules/example.jar"), srv.resolve("module"));
    }
    Files.writeString(srv.resolve("app.tag"), Volume.tagOf(app).toString());
    List<String> commands =
        blocks("sh").get(1).lines().filter(line -> line.startsWith("fspf run")).toList();
    assertThat(commands).hasSize(3);
    var environment = FspfEnvironment.empty().readOnly().withTag(Volume.tagOf(app));
    try (FileSystem volume = FspfFileSystems.open(app, environment)) {
      for (String command : commands) {
        assertThat(command).contains("--tag-file " + srv.resolve("app.tag") + " " + app + " -- ");
        String program = command.substring(command.indexOf(" -- ") + 4);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
          RunFromVolume.run(volume, Splitter.on(' ').splitToList(program));
        } finally {
          Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(System.clearProperty("fspf.test.ran")).startsWith("ARGUMENT...");
      }
    }
    assertThat(java(examples(), "-Dfspf.tag.file=" + srv.resolve("app.tag"), "Plugins"))
        .isEqualTo("false\n");
  }
}
