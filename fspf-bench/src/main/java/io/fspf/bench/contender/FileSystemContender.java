package io.fspf.bench.contender;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A directory of any file system of {@code java.nio.file}. */
public class FileSystemContender implements Contender {
  private final String name;
  private final Path directory;
  private final Closeable owner;

  /**
   * A directory.
   *
   * @param owner is closed with it
   */
  public FileSystemContender(String name, Path directory, Closeable owner) {
    this.name = name;
    this.directory = directory;
    this.owner = owner;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void write(String file, long size, ByteBuffer buffer) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve(file),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (long done = 0; done < size; ) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), size - done));
        while (buffer.hasRemaining()) {
          done += channel.write(buffer);
        }
      }
      channel.force(true);
    }
  }

  @Override
  public SeekableByteChannel open(String file) throws IOException {
    return FileChannel.open(directory.resolve(file), StandardOpenOption.READ);
  }

  @Override
  public void delete(String file) throws IOException {
    Files.deleteIfExists(directory.resolve(file));
  }

  @Override
  public Optional<Path> directory() {
    return Optional.of(directory);
  }

  @Override
  public void close() throws IOException {
    owner.close();
  }
}
