package io.fspf.nio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that are interrupted at any moment of their work with channels. */
class InterruptTest {
  private static final long SEED = Long.getLong("fspf.test.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("fspf.interrupt.rounds", 1500);
  private static final int SIZE = 1 << 20;

  @TempDir Path host;

  /**
   * The one who interrupts closes the channel, with a lock of the interrupted thread that every
   * channel of the host below asks for: if he then waited for what that thread holds, neither would
   * go on.
   */
  @Test
  void nobodyWaitsForTheOther() throws Exception {
    var random = new Random(SEED);
    // Not closed if it fails: that would wait as well.
    FileSystem volume = new TestVolumes(host).encrypted();
    Path file = Files.write(volume.getPath("/f"), new byte[SIZE]);
    for (int i = 0; i < ROUNDS; i++) {
      interrupted(file, random.nextInt(300_000));
    }
    assertThat(Files.readAllBytes(file)).as("seed %d", SEED).hasSize(SIZE);
    volume.close();
  }

  private static void interrupted(Path file, int nanos) throws Exception {
    var ended = new CompletableFuture<Boolean>();
    FileChannel channel = FileChannel.open(file, READ, WRITE);
    var worker = new Thread(() -> ended.complete(endsByClosing(channel)), "worker");
    worker.setDaemon(true);
    worker.start();
    // Not by the test's own thread: it is to tell of the two that wait for each other.
    var other =
        new Thread(
            () -> {
              long start = System.nanoTime();
              while (System.nanoTime() - start < nanos) {
                Thread.onSpinWait();
              }
              worker.interrupt();
            },
            "interrupts");
    other.setDaemon(true);
    other.start();
    assertThat(ended.get(20, TimeUnit.SECONDS)).as("seed %d", SEED).isTrue();
    other.join();
    worker.join();
    assertThat(channel.isOpen()).isFalse();
  }

  /** Works until the channel is closed. */
  private static boolean endsByClosing(FileChannel channel) {
    var buffer = ByteBuffer.allocate(200_000);
    try {
      for (long position = 7; ; position = (position + 70_001) % (SIZE - buffer.capacity())) {
        channel.write(buffer.clear(), position);
        channel.read(buffer.clear(), position);
        channel.force(false);
      }
    } catch (ClosedChannelException e) {
      return true;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
