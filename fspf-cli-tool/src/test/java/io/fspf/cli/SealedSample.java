package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A sample tree sealed by the tool.
 *
 * @param source the plain tree
 * @param volume where the volume lies
 * @param key its key file
 * @param tag its root tag
 */
record SealedSample(Path source, Path volume, Path key, String tag) {
  /** Encrypted, beside the source. */
  static SealedSample encrypted(Path directory) throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    Path volume = directory.resolve("volume");
    Path key = directory.resolve("key");
    Run run = Run.of("seal", "--encrypt", "--key-file", key + "", source + "", volume + "");
    assertThat(run.exit()).as(run.toString()).isZero();
    return new SealedSample(source, volume, key, tag(run));
  }

  /** Authenticated, where the source stands; without a key. */
  static SealedSample authenticated(Path directory) throws IOException {
    Path source = SampleTree.make(directory.resolve("source"), 1);
    Run run = Run.of("seal", "--authenticate", source + "");
    assertThat(run.exit()).as(run.toString()).isZero();
    return new SealedSample(source, source, directory.resolve("no-key"), tag(run));
  }

  /** The tag on the line of its own. */
  static String tag(Run run) {
    return run.out()
        .lines()
        .filter(line -> line.matches("tag: [0-9a-f]{64}"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(run))
        .substring("tag: ".length());
  }

  /** The arguments of a command, with the key before them and the volume behind its name. */
  String[] args(String command, String... rest) {
    var args = new ArrayList<String>();
    args.add(command);
    if (Files.exists(key)) {
      args.add("--key-file");
      args.add(key.toString());
    }
    args.add(volume.toString());
    args.addAll(List.of(rest));
    return args.toArray(String[]::new);
  }

  /** Runs a command on the volume with its key and tag. */
  Run run(String command, String... rest) {
    var args = new ArrayList<>(List.of(args(command, rest)));
    args.add("--tag");
    args.add(tag);
    return Run.of(args.toArray(String[]::new));
  }

  /** Some object file of the volume that is not small. */
  Path largestObject() throws IOException {
    try (var files = Files.walk(volume.resolve("objects"))) {
      return files
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  /** Changes one byte of a host file. */
  static void flip(Path file, long position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) position] ^= 1;
    Files.write(file, bytes);
  }
}
