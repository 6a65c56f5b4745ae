package io.fspf.bench.work;

import io.fspf.bench.contender.Contender;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads and writes of 4 KiB at aligned random places of one file. Threads share one channel, as
 * databases do; a channel without positional reads serves one thread only.
 */
public final class RandomWork implements Closeable {
  /** What one operation reads or writes, in bytes. */
  public static final int BLOCK = 4 << 10;

  private static final String FILE = "random";
  private static final int FILL_BUFFER = 1 << 20;

  private final Contender contender;
  private final long blocks;
  private final int operations;
  private final SplittableRandom seeds = new SplittableRandom(4);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * Work on a file.
   *
   * @param size of the file, in bytes
   * @param operations of one thread in one pass
   */
  public RandomWork(Contender contender, long size, int operations) {
    this.contender = contender;
    this.blocks = size / BLOCK;
    this.operations = operations;
  }

  /** Operations of one thread in one pass. */
  public int operations() {
    return operations;
  }

  /** Makes the file. */
  public void makeFile() throws IOException {
    var content = ByteBuffer.allocate(FILL_BUFFER);
    new Random(2).nextBytes(content.array());
    contender.write(FILE, blocks * BLOCK, content);
    contender.settle();
  }

  /** Reads in so many threads at once. */
  public void read(int threadCount) throws Exception {
    try (SeekableByteChannel channel = contender.open(FILE)) {
      run(threadCount, () -> readBlocks(channel, random()));
    }
  }

  /** Writes in so many threads at once, without a force. */
  public void write(int threadCount) throws Exception {
    try (FileChannel channel =
        FileChannel.open(
            contender.directory().orElseThrow().resolve(FILE),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      run(threadCount, () -> writeBlocks(channel, random()));
    }
  }

  /** Commits what was written, so that it is not done while others are measured. */
  public void settle() throws IOException {
    contender.settle();
  }

  private SplittableRandom random() {
    synchronized (seeds) {
      return seeds.split();
    }
  }

  private void run(int threadCount, Callable<Integer> pass) throws Exception {
    if (threadCount == 1) {
      pass.call();
      return;
    }
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < threadCount; i++) {
      running.add(threads.submit(pass));
    }
    for (Future<Integer> each : running) {
      each.get();
    }
  }

  private int readBlocks(SeekableByteChannel channel, SplittableRandom random) throws IOException {
    var buffer = ByteBuffer.allocate(BLOCK);
    for (int i = 0; i < operations; i++) {
      long position = random.nextLong(blocks) * BLOCK;
      buffer.clear();
      while (buffer.hasRemaining()) {
        if (readAt(channel, buffer, position + buffer.position()) <= 0) {
          throw new EOFException(contender.name() + " ends at " + position);
        }
      }
    }
    return buffer.get(0);
  }

  private static int readAt(SeekableByteChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    return channel instanceof FileChannel file
        ? file.read(buffer, position)
        : channel.position(position).read(buffer);
  }

  private int writeBlocks(FileChannel channel, SplittableRandom random) throws IOException {
    var buffer = ByteBuffer.allocate(BLOCK);
    for (int i = 0; i < operations; i++) {
      long position = random.nextLong(blocks) * BLOCK;
      buffer.clear().putLong(0, random.nextLong());
      while (buffer.hasRemaining()) {
        channel.write(buffer, position + buffer.position());
      }
    }
    return operations;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
