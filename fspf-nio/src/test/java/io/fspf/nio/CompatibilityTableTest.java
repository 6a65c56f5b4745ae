package io.fspf.nio;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.WatchServiceConfiguration;
import io.fspf.nio.testkit.Check;
import io.fspf.nio.testkit.FileSystemChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Puts the default file system, jimfs and volumes to all checks side by side, and holds that {@code
 * docs/compatibility.md} says what comes of it. With {@code -Dfspf.docs.write=true} it writes the
 * file anew.
 */
class CompatibilityTableTest {
  /** What a volume does not do although the default file system does, and why. */
  static final Map<String, String> EXPLAINED =
      ImmutableMap.of(
          "a path has a java.io.File",
          "`java.io` knows only the host's files, so `Path.toFile` throws"
              + " `UnsupportedOperationException` as the specification asks. Programs use streams"
              + " and channels of `java.nio.file.Files` instead.",
          "READ_WRITE changes the file",
          "What is stored into mapped memory cannot be sealed as it is stored, so"
              + " `FileChannel.map` with `READ_WRITE` throws `UnsupportedOperationException` that"
              + " says so. `READ_ONLY` and `PRIVATE` mappings are verified private copies.");

  /**
   * How often jimfs is asked before the page is wrong about it. What it does hangs on the moment in
   * a few checks: its watch service polls, and its asynchronous channels write after they refused.
   */
  private static final int TRIES = 20;

  /** What jimfs may take for all files, since it has no holes. */
  private static final long MEMORY = 128 << 20;

  private static final boolean WRITES = Boolean.getBoolean("fspf.docs.write");

  @TempDir static Path host;

  private static Path page() {
    return Path.of(System.getProperty("fspf.test.root", ".."), "docs/compatibility.md");
  }

  private static Map<String, Boolean> results(Path work) throws IOException {
    var results = new LinkedHashMap<String, Boolean>();
    int number = 0;
    for (Check check : FileSystemChecks.all()) {
      Path dir = Files.createDirectories(work.resolve("check" + number++));
      assertThat(results.put(name(check), passes(check, dir)))
          .as("the name of a check is its own: %s", check.name())
          .isNull();
    }
    return results;
  }

  private static String name(Check check) {
    return check.area() + ": " + check.name();
  }

  private static boolean passes(Check check, Path dir) {
    try {
      check.body().run(dir);
      return true;
    } catch (Exception | AssertionError | StackOverflowError e) {
      Thread.interrupted();
      return false;
    }
  }

  @Test
  void theTableSaysWhatIsSo() throws IOException {
    // Side by side, since what jimfs does not do it often waits for.
    var memory = CompletableFuture.supplyAsync(CompatibilityTableTest::jimfs);
    Map<String, Boolean> oracle = results(Files.createDirectory(host.resolve("default")));
    Map<String, Boolean> encrypted;
    try (FileSystem volume = new TestVolumes(host.resolve("encrypted")).encrypted()) {
      encrypted = results(Files.createDirectory(volume.getPath("/work")));
    }
    Map<String, Boolean> authenticated;
    try (FileSystem volume = new TestVolumes(host.resolve("authenticated")).authenticated()) {
      authenticated = results(Files.createDirectory(volume.getPath("/work")));
    }
    assertThat(oracle).hasSizeGreaterThanOrEqualTo(120).doesNotContainValue(false);
    assertThat(failed(encrypted)).isEqualTo(new TreeSet<>(EXPLAINED.keySet()));
    assertThat(failed(authenticated)).isEqualTo(new TreeSet<>(EXPLAINED.keySet()));

    String table = table(oracle, memory.join(), encrypted, authenticated);
    if (WRITES) {
      Files.writeString(page(), table);
    }
    String told = Files.readString(page());
    assertThat(table.lines().filter(line -> !told.contains(line)))
        .as("what docs/compatibility.md does not say")
        .isEmpty();
    assertThat(told)
        .as("docs/compatibility.md; write it with -Dfspf.docs.write=true")
        .isEqualTo(table);
  }

  private static Map<String, Boolean> jimfs() {
    try (FileSystem fileSystem = newJimfs()) {
      Map<String, Boolean> results = results(Files.createDirectories(fileSystem.getPath("/work")));
      if (!WRITES) {
        Map<String, Boolean> told = toldOfJimfs(Files.readAllLines(page()));
        for (Check check : FileSystemChecks.all()) {
          Boolean expected = told.get(name(check));
          for (int i = 0; i < TRIES && !Objects.equals(results.get(name(check)), expected); i++) {
            Path dir = Files.createDirectories(fileSystem.getPath("/again" + i, check.name()));
            results.put(name(check), passes(check, dir));
          }
        }
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileSystem newJimfs() {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder()
            .setMaxSize(MEMORY)
            .setAttributeViews("basic", "owner", "posix", "unix", "user")
            .setWatchServiceConfiguration(
                WatchServiceConfiguration.polling(10, TimeUnit.MILLISECONDS))
            .build());
  }

  /** The column of jimfs in the page's table, by names of checks. */
  private static Map<String, Boolean> toldOfJimfs(List<String> lines) {
    var told = new LinkedHashMap<String, Boolean>();
    String area = "";
    for (String line : lines) {
      List<String> cells = Splitter.on('|').trimResults().splitToList(line);
      if (cells.size() == 8) {
        area = cells.get(1).isEmpty() ? area : cells.get(1);
        told.put(area + ": " + cells.get(2), cells.get(4).equals("yes"));
      }
    }
    return told;
  }

  private static Set<String> failed(Map<String, Boolean> results) {
    return results.entrySet().stream()
        .filter(entry -> !entry.getValue())
        .map(entry -> entry.getKey().replaceFirst("^[^:]*: ", ""))
        .collect(toCollection(TreeSet::new));
  }

  private static String table(
      Map<String, Boolean> oracle,
      Map<String, Boolean> jimfs,
      Map<String, Boolean> encrypted,
      Map<String, Boolean> authenticated) {
    var text = new StringBuilder();
    text.append("# What a volume does, beside other file systems\n\n")
        .append("Made by `CompatibilityTableTest`, which runs the checks of the test kit")
        .append(" (`io.fspf.nio.testkit`) on the default file system of Linux, on jimfs 1.3.1, on")
        .append(" an encrypted region and on a writable authenticated region. It fails when this")
        .append(" file says something else.\n\n")
        .append("| | check | default | jimfs | encrypted | authenticated |\n")
        .append("|---|---|---|---|---|---|\n");
    String area = "";
    for (String name : oracle.keySet()) {
      String now = name.substring(0, name.indexOf(": "));
      text.append("| ")
          .append(now.equals(area) ? "" : now + " ")
          .append("| ")
          .append(name.substring(name.indexOf(": ") + 2));
      for (Map<String, Boolean> results : List.of(oracle, jimfs, encrypted, authenticated)) {
        text.append(" | ").append(Boolean.TRUE.equals(results.get(name)) ? "yes" : "**no**");
      }
      text.append(" |\n");
      area = now;
    }
    text.append("| | of ").append(oracle.size()).append(" checks");
    for (Map<String, Boolean> results : List.of(oracle, jimfs, encrypted, authenticated)) {
      text.append(" | ").append(results.values().stream().filter(passed -> passed).count());
    }
    text.append(" |\n\n## Why not\n\n");
    EXPLAINED.forEach(
        (name, why) -> text.append("* *").append(name).append(".* ").append(why).append('\n'));
    return text.toString();
  }
}
