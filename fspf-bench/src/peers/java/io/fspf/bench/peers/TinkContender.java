package io.fspf.bench.peers;

import com.google.crypto.tink.StreamingAead;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Encrypted streams over files of the default file system. A stream is written once, from its
 * start; there is no changing, no listing.
 */
final class TinkContender implements Contender {
  private static final byte[] NOTHING = {};

  private final Path directory;
  private final StreamingAead aead;

  TinkContender(Path directory, StreamingAead aead) {
    this.directory = directory;
    this.aead = aead;
  }

  @Override
  public String name() {
    return Kind.TINK.title();
  }

  /** The stream closes its channel, so that a second one forces. */
  @Override
  public void write(String file, long size, ByteBuffer buffer) throws IOException {
    Path path = directory.resolve(file);
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      try (WritableByteChannel stream = aead.newEncryptingChannel(channel, NOTHING)) {
        for (long done = 0; done < size; ) {
          buffer.clear().limit((int) Math.min(buffer.capacity(), size - done));
          while (buffer.hasRemaining()) {
            done += stream.write(buffer);
          }
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  @Override
  public SeekableByteChannel open(String file) throws IOException {
    try {
      return aead.newSeekableDecryptingChannel(
          FileChannel.open(directory.resolve(file), StandardOpenOption.READ), NOTHING);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void delete(String file) throws IOException {
    Files.deleteIfExists(directory.resolve(file));
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
