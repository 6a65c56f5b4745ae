package io.fspf.cas.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads and writes files that a kernel makes up: their sizes say nothing, and each write counts.
 */
final class PseudoFiles {
  private static final int MAX_LENGTH = 1 << 16;

  private PseudoFiles() {}

  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_LENGTH + 1);
      if (content.length > MAX_LENGTH) {
        throw new IOException(file.getFileName() + " is longer than " + MAX_LENGTH + " bytes");
      }
      return content;
    }
  }

  /** Writes all in one call, to a file that exists. */
  static void write(Path file, byte[] content) throws IOException {
    try (WritableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      int written = channel.write(ByteBuffer.wrap(content));
      if (written != content.length) {
        throw new IOException(file.getFileName() + " took only " + written + " bytes");
      }
    }
  }
}
