package io.fspf.bench.contender;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Something that keeps files, and does the same work as the others. */
public interface Contender extends Closeable {
  /** What it is called in tables. */
  String name();

  /**
   * Makes a file, or replaces its content, and returns when it is durable.
   *
   * @param size of the file, in bytes
   * @param buffer what is written again and again, all of it
   */
  void write(String file, long size, ByteBuffer buffer) throws IOException;

  /** Opens a file that {@link #write} has made, for reading. */
  SeekableByteChannel open(String file) throws IOException;

  /** Removes a file. */
  void delete(String file) throws IOException;

  /** A directory for files, if it is a file system and not only an encrypted stream. */
  Optional<Path> directory();

  /** Makes what was done durable, so that what comes next does not pay for it. */
  default void settle() throws IOException {}
}
