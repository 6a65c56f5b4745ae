package io.fspf.bench.work;

import io.fspf.bench.contender.Contender;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;

/** Many files of 100 bytes in one directory. Not thread-safe. */
public final class SmallFilesWork {
  private static final int SIZE = 100;

  private final Contender contender;
  private final Path directory;
  private final int count;
  private final byte[] content = new byte[SIZE];

  /**
   * Work on so many files.
   *
   * @param name of their directory, which is made
   */
  public SmallFilesWork(Contender contender, String name, int count) throws IOException {
    this.contender = contender;
    this.directory = contender.directory().orElseThrow().resolve(name);
    this.count = count;
    new Random(3).nextBytes(content);
    Files.createDirectory(directory);
  }

  /** The contender's name. */
  public String name() {
    return contender.name();
  }

  /** How many files there are. */
  public int count() {
    return count;
  }

  /** Makes the files. */
  public void create() throws IOException {
    for (int i = 0; i < count; i++) {
      Files.write(file(i), content);
    }
  }

  /** Makes what was done durable. */
  public void settle() throws IOException {
    contender.settle();
  }

  /** Lists the directory and reads the attributes of each. */
  public long list() throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        bytes += Files.readAttributes(file, BasicFileAttributes.class).size();
      }
    }
    if (bytes != (long) count * SIZE) {
      throw new IOException(contender.name() + " lists " + bytes + " bytes");
    }
    return bytes;
  }

  /** Deletes the files, those that are there. */
  public void delete() throws IOException {
    for (int i = 0; i < count; i++) {
      Files.deleteIfExists(file(i));
    }
  }

  private Path file(int i) {
    return directory.resolve("file" + i);
  }
}
