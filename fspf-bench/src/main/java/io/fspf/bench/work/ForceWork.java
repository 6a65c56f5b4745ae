package io.fspf.bench.work;

import io.fspf.bench.contender.Contender;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** One block changed in place and made durable. Not thread-safe. */
public final class ForceWork implements Closeable {
  private static final int BLOCKS = 1024;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(RandomWork.BLOCK);
  private long next;

  /** Makes a file of 4 MiB and opens it. */
  public ForceWork(Contender contender) throws IOException {
    contender.write("forced", (long) BLOCKS * RandomWork.BLOCK, ByteBuffer.allocate(1 << 20));
    channel =
        FileChannel.open(
            contender.directory().orElseThrow().resolve("forced"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /** Writes the next block and forces. */
  public void force() throws IOException {
    buffer.clear().putLong(0, next);
    channel.write(buffer, next % BLOCKS * RandomWork.BLOCK);
    channel.force(false);
    next++;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
