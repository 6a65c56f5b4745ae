package io.fspf.cli;

import com.google.gson.JsonPrimitive;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Tries out what the file system below a directory can do, in a directory of its own that it
 * removes.
 */
final class DirectoryProbe implements Closeable {
  private static final int SYNCS = 15;
  private static final int SYNC_LENGTH = 4096;

  /** One thing to try; not being able to do it is an answer, not a failure. */
  @FunctionalInterface
  private interface Attempt {
    boolean succeeds() throws IOException;
  }

  private final Path directory;

  private DirectoryProbe(Path directory) {
    this.directory = directory;
  }

  /**
   * The facts about the file system that holds {@code directory}.
   *
   * @throws IOException if the directory does not exist, or its file system fails
   */
  static List<Finding> examine(Path directory) throws IOException {
    Path real = directory.toRealPath();
    FileStore store = Files.getFileStore(real);
    var findings = new ArrayList<Finding>();
    findings.add(Finding.of("directory", real.toString()));
    findings.add(Finding.of("fileSystem", store.type()));
    findings.add(Finding.ofBytes("usable", store.getUsableSpace()));
    boolean writable = Files.isWritable(real) && !store.isReadOnly();
    findings.add(Finding.of("writable", writable));
    if (writable) {
      try (var probe = new DirectoryProbe(Files.createTempDirectory(real, ".fspf-doctor-"))) {
        probe.tryOut(findings);
      }
    }
    return findings;
  }

  private void tryOut(List<Finding> findings) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "probe");
    findings.add(Finding.of("modes", can(() -> changesMode(file))));
    findings.add(
        Finding.of(
            "symbolicLinks",
            can(
                () -> {
                  Path link = directory.resolve("symbolic");
                  Files.createSymbolicLink(link, Path.of("file"));
                  return Files.isSymbolicLink(link);
                })));
    findings.add(
        Finding.of(
            "hardLinks",
            can(() -> Files.isSameFile(Files.createLink(directory.resolve("hard"), file), file))));
    findings.add(Finding.of("extendedAttributes", can(() -> keepsAttribute(file))));
    findings.add(
        Finding.of(
            "caseSensitive", !Files.exists(directory.resolve("FILE"), LinkOption.NOFOLLOW_LINKS)));
    double millis = syncMillis(directory.resolve("synced"));
    findings.add(
        new Finding(
            "syncMillis",
            new JsonPrimitive(Math.round(millis * 1000) / 1000.0),
            String.format(Locale.ROOT, "%.2f ms to make 4 KiB durable", millis)));
  }

  private static boolean can(Attempt attempt) {
    try {
      return attempt.succeeds();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static boolean changesMode(Path file) throws IOException {
    var mode = PosixFilePermissions.fromString("rwx--x---");
    Files.setPosixFilePermissions(file, mode);
    return Files.getPosixFilePermissions(file).equals(mode);
  }

  private static boolean keepsAttribute(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    if (view == null) {
      return false;
    }
    byte[] value = "probe".getBytes(StandardCharsets.US_ASCII);
    view.write("fspf", ByteBuffer.wrap(value));
    ByteBuffer read = ByteBuffer.allocate(value.length);
    view.read("fspf", read);
    return Arrays.equals(read.array(), value);
  }

  /** The median over a few appends, each made durable. */
  private static double syncMillis(Path file) throws IOException {
    var nanos = new long[SYNCS];
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        ByteBuffer block = ByteBuffer.allocate(SYNC_LENGTH);
        while (block.hasRemaining()) {
          channel.write(block);
        }
        channel.force(false);
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[SYNCS / 2] / 1e6;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
