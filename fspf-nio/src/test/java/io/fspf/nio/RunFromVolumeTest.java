package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.IntegrityException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program is compiled by javac from and to a volume, packed by the JDK's zip file system in the
 * volume, and run from there.
 */
class RunFromVolumeTest {
  @TempDir Path host;
  private TestVolumes volumes;
  private FileSystem volume;

  @BeforeEach
  void open() throws IOException {
    volumes = new TestVolumes(host);
    volume = volumes.authenticated();
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  private static void compile(Path sources, Path classes, List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    Files.createDirectories(classes);
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
      manager.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(sources));
      manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      boolean done =
          compiler
              .getTask(
                  null,
                  manager,
                  problems,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(problems.getDiagnostics()).isEmpty();
      assertThat(done).isTrue();
    }
  }

  private static void jar(Path jar, Path classes, String manifest) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Files.createDirectory(zip.getPath("META-INF"));
      Files.writeString(zip.getPath("META-INF/MANIFEST.MF"), manifest);
      try (var all = Files.walk(classes)) {
        for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          Path entry = zip.getPath("/" + classes.relativize(file));
          Files.createDirectories(entry.getParent());
          Files.copy(file, entry);
        }
      }
    }
  }

  private void make() throws IOException {
    Path source = volume.getPath("/src");
    Files.createDirectories(source.resolve("app"));
    Files.createDirectories(source.resolve("lib"));
    Files.writeString(
        source.resolve("lib/Greeting.java"),
        "package lib; public class Greeting { public static String of(String who) throws Exception"
            + " { try (var in = Greeting.class.getResourceAsStream(\"/greeting.txt\")) { return"
            + " new String(in.readAllBytes()) + who; } } }");
    Files.writeString(
        source.resolve("app/Main.java"),
        "package app; public class Main { public static void main(String[] args) throws Exception {"
            + " System.setProperty(\"fspf.test.greeting\", lib.Greeting.of(args[0])); } }");
    compile(source, volume.getPath("/classes/lib"), List.of(source.resolve("lib/Greeting.java")));
    compile(source, volume.getPath("/classes/app"), List.of(source.resolve("app/Main.java")));
    Files.delete(volume.getPath("/classes/app/lib/Greeting.class"));
    Files.delete(volume.getPath("/classes/app/lib"));
    Files.writeString(volume.getPath("/classes/lib/greeting.txt"), "Hello ");
    Files.createDirectories(volume.getPath("/app/libs"));
    jar(
        volume.getPath("/app/libs/lib.jar"),
        volume.getPath("/classes/lib"),
        "Manifest-Version: 1.0\n");
    jar(
        volume.getPath("/app/main.jar"),
        volume.getPath("/classes/app"),
        "Manifest-Version: 1.0\nMain-Class: app.Main\nClass-Path: libs/lib.jar\n");
  }

  private static String run(FileSystem volume, String... command) throws Throwable {
    System.clearProperty("fspf.test.greeting");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      RunFromVolume.run(volume, List.of(command));
      return System.getProperty("fspf.test.greeting");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void runsJarsAndClassPaths() throws Throwable {
    make();
    assertThat(run(volume, "/app/main.jar", "jar")).isEqualTo("Hello jar");
    assertThat(run(volume, "-cp", "/classes/app:/classes/lib", "app.Main", "path"))
        .isEqualTo("Hello path");
    assertThatThrownBy(() -> run(volume, "-cp", "/classes/app", "app.Main", "x"))
        .isInstanceOf(NoClassDefFoundError.class);
    assertThatThrownBy(() -> run(volume, "/app/none.jar"))
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
  }

  @Test
  void runsModules() throws Throwable {
    make();
    Path source = volume.getPath("/src");
    Path info = Files.writeString(source.resolve("module-info.java"), "module greeter {}");
    compile(
        source,
        volume.getPath("/mods/greeter"),
        List.of(info, source.resolve("app/Main.java"), source.resolve("lib/Greeting.java")));
    Files.writeString(volume.getPath("/mods/greeter/greeting.txt"), "Module ");
    assertThat(run(volume, "-p", "/mods", "-m", "greeter/app.Main", "x")).isEqualTo("Module x");
    jar(
        volume.getPath("/app/libs/greeter.jar"),
        volume.getPath("/mods/greeter"),
        "Manifest-Version: 1.0\n");
    assertThat(run(volume, "-p", "/app/libs", "-m", "greeter/app.Main", "y")).isEqualTo("Module y");
  }

  @Test
  void codeThatTheHostChangedIsNotRun() throws Throwable {
    make();
    volume.close();
    Path stored = host.resolve("plain/app/libs/lib.jar");
    byte[] bytes = Files.readAllBytes(stored);
    bytes[bytes.length / 2] ^= 1;
    Files.write(stored, bytes);
    volume = volumes.open();
    assertThatThrownBy(() -> run(volume, "/app/main.jar", "x"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("/app/libs/lib.jar");
  }
}
