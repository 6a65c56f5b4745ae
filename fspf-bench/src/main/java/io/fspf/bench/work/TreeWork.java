package io.fspf.bench.work;

import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.seal.Sealer;
import io.fspf.seal.Verifier;
import io.fspf.seal.VerifyReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Whole trees of the host, sealed and verified, and what the shell's commands do with them. */
public final class TreeWork {
  private final Path tree;
  private final KeyProvider keys = KeyProviders.raw(VolumeKey.generate());

  /** Work on a tree. */
  public TreeWork(Path tree) {
    this.tree = tree;
  }

  /**
   * Makes a tree of so many bytes: half of them in files of 8 MiB, half in files of 256 KiB. The
   * host has written them back when this returns, and does not do it while something is measured.
   *
   * @param bytes a multiple of 16 MiB
   */
  public static void make(Path tree, long bytes) throws IOException {
    fill(tree.resolve("large"), 8 << 20, bytes / 2);
    fill(tree.resolve("middle"), 256 << 10, bytes / 2);
  }

  private static void fill(Path directory, int fileSize, long bytes) throws IOException {
    Files.createDirectories(directory);
    var random = new Random(fileSize);
    byte[] content = new byte[256 << 10];
    for (int i = 0; i < bytes / fileSize; i++) {
      Path file = directory.resolve("file" + i);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int done = 0; done < fileSize; done += content.length) {
          random.nextBytes(content);
          out.write(content);
        }
      }
      sync(file);
    }
  }

  /** The tree's regular files together, in bytes. */
  public long bytes() throws IOException {
    try (var files = Files.walk(tree)) {
      long sum = 0;
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        sum += Files.isSymbolicLink(file) ? 0 : Files.size(file);
      }
      return sum;
    }
  }

  /** Seals it in place, with the same key each time. */
  public void authenticate(Integrity integrity) throws IOException {
    Sealer.authenticate(tree).withIntegrity(integrity).withKeys(keys).withForce(true).seal();
  }

  /** Verifies what {@link #authenticate} sealed. */
  public void verify() throws IOException {
    verify(tree);
  }

  /** Makes an encrypted volume of it. */
  public void encrypt(Path target) throws IOException {
    Sealer.encrypt(tree, target).withKeys(keys).seal();
  }

  /** Verifies what {@link #encrypt} made. */
  public void verify(Path volume) throws IOException {
    VerifyReport report =
        Verifier.of(volume, VolumeOptions.of(Freshness.unchecked()).withKeys(keys)).verify();
    if (!report.damaged().isEmpty()) {
      throw new IOException("Damaged: " + report.damaged());
    }
  }

  /** {@code cat} of every file, by so many processes at once. */
  public void cat(int processes) throws IOException, InterruptedException {
    shell(
        "find \"$1\" -type f -print0 | xargs -0 -n 64 -P \"$2\" cat >/dev/null",
        tree.toString(),
        Integer.toString(processes));
  }

  /** {@code tar cf}. */
  public void tar(Path archive) throws IOException, InterruptedException {
    shell(
        "tar cf \"$1\" -C \"$2\" --warning=no-file-ignored .", archive.toString(), tree.toString());
  }

  /** {@code cp -a}. */
  public void copy(Path target) throws IOException, InterruptedException {
    shell("cp -a \"$1\" \"$2\"", tree.toString(), target.toString());
  }

  /** {@code sha256sum} of every file, by so many processes at once. */
  public void sha256sum(int processes) throws IOException, InterruptedException {
    shell(
        "find \"$1\" -type f -print0 | xargs -0 -n 64 -P \"$2\" sha256sum >/dev/null",
        tree.toString(),
        Integer.toString(processes));
  }

  /** Makes a file durable. */
  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void shell(String script, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    command.addAll(List.of(arguments));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(script + " ended with " + exit);
    }
  }
}
