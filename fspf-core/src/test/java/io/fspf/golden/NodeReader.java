package io.fspf.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs the reader in JavaScript, which shares no code with this project. */
final class NodeReader {
  /**
   * What one run gave.
   *
   * @param exit its code, 1 where it refuses
   * @param listing its standard output
   * @param report its standard error
   */
  record Result(int exit, String listing, String report) {}

  private static final Path PROGRAM =
      Path.of("src", "test", "node", "fspf-reader.mjs").toAbsolutePath();

  private final Path scratch;

  NodeReader(Path scratch) {
    this.scratch = scratch;
  }

  /** Whether this machine has Node.js, in a version that knows what the program needs. */
  static boolean isPossible() throws InterruptedException {
    try {
      Process node =
          new ProcessBuilder(
                  "node", "-e", "process.exit(+process.versions.node.split('.')[0] < 18 ? 1 : 0)")
              .redirectErrorStream(true)
              .start();
      return node.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  Result read(GoldenVolume golden, Path volume, String tag)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", PROGRAM.toString()));
    if (Files.exists(golden.keyFile())) {
      command.addAll(List.of("--key", golden.keyFile().toString()));
    } else if (Files.exists(golden.passphraseFile())) {
      command.addAll(List.of("--passphrase", golden.passphraseFile().toString()));
    }
    command.addAll(List.of("--tag", tag, volume.toString()));
    return run(command);
  }

  Result run(List<String> command) throws IOException, InterruptedException {
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException("The reader hangs: " + command);
    }
    return new Result(
        process.exitValue(),
        Files.readString(Objects.requireNonNull(out), UTF_8),
        Files.readString(Objects.requireNonNull(err), UTF_8));
  }
}
