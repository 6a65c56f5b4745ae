package io.fspf.nio.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Offsets beyond what an int holds, channels of other kinds, and channels that end amid their work.
 */
final class LargeFileChecks {
  /** Beyond 2 GiB and 4 GiB. */
  private static final long FAR = 5L << 30;

  private LargeFileChecks() {}

  private static FileChannel sparse(Path dir) throws IOException {
    return FileChannel.open(dir.resolve("sparse"), CREATE_NEW, SPARSE, READ, WRITE);
  }

  static List<Check> all() {
    var checks = new Checks("channel");
    large(checks);
    others(checks);
    ends(checks);
    return checks.list();
  }

  private static void large(Checks checks) {
    checks
        .add(
            "files reach far beyond 2 GiB, with holes",
            dir -> {
              try (FileChannel channel = sparse(dir)) {
                assertThat(channel.write(Checks.bytes("far"), FAR)).isEqualTo(3);
                assertThat(channel.size()).isEqualTo(FAR + 3);
                assertThat(Files.size(dir.resolve("sparse"))).isEqualTo(FAR + 3);
                ByteBuffer read = ByteBuffer.allocate(5);
                assertThat(channel.read(read, FAR - 2)).isEqualTo(5);
                assertThat(Checks.text(read)).isEqualTo("\0\0far");
                channel.position(FAR + 1);
                read.clear();
                assertThat(channel.read(read)).isEqualTo(2);
                channel.truncate(FAR + 1);
                assertThat(channel.position()).isEqualTo(FAR + 1);
                assertThat(channel.size()).isEqualTo(FAR + 1);
                channel.truncate(3L << 30);
                assertThat(channel.size()).isEqualTo(3L << 30);
              }
            })
        .add(
            "transfers and mappings reach beyond 2 GiB",
            dir -> {
              try (FileChannel channel = sparse(dir);
                  FileChannel other = FileChannel.open(dir.resolve("other"), CREATE, READ, WRITE)) {
                channel.write(Checks.bytes("content"), FAR);
                var out = new ByteArrayOutputStream();
                assertThat(channel.transferTo(FAR + 3, Long.MAX_VALUE, Channels.newChannel(out)))
                    .isEqualTo(4);
                assertThat(out).hasToString("tent");
                assertThat(channel.transferTo(FAR, 3, other)).isEqualTo(3);
                other.position(0);
                assertThat(channel.transferFrom(other, FAR + 4, 3)).isEqualTo(3);
                ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, FAR, 7);
                assertThat(Checks.text(ByteBuffer.allocate(7).put(mapped))).isEqualTo("contcon");
              }
            })
        .add(
            "streams and asynchronous channels reach beyond 2 GiB",
            dir -> {
              try (FileChannel channel = sparse(dir)) {
                channel.write(Checks.bytes("content"), FAR);
              }
              Path file = dir.resolve("sparse");
              try (var in = Files.newInputStream(file)) {
                assertThat(in.available()).isEqualTo(Integer.MAX_VALUE);
                in.skipNBytes(FAR + 3);
                assertThat(in.readAllBytes()).isEqualTo("tent".getBytes(UTF_8));
              }
              try (var channel = AsynchronousFileChannel.open(file, READ, WRITE)) {
                channel.write(Checks.bytes("C"), FAR).get(1, TimeUnit.MINUTES);
                ByteBuffer read = ByteBuffer.allocate(9);
                assertThat(channel.read(read, FAR).get(1, TimeUnit.MINUTES)).isEqualTo(7);
                assertThat(Checks.text(read)).isEqualTo("Content");
              }
              assertThatThrownBy(() -> Files.readAllBytes(file))
                  .isInstanceOf(OutOfMemoryError.class);
            });
  }

  private static void others(Checks checks) {
    checks
        .add(
            "transfers to and from pipes",
            dir -> {
              byte[] content = Checks.random(10_000);
              Path file = Files.write(dir.resolve("f"), content);
              Pipe pipe = Pipe.open();
              try (FileChannel channel = FileChannel.open(file, READ);
                  FileChannel out = FileChannel.open(dir.resolve("g"), CREATE, READ, WRITE);
                  Pipe.SinkChannel sink = pipe.sink();
                  Pipe.SourceChannel source = pipe.source()) {
                assertThat(channel.transferTo(0, 4000, sink)).isEqualTo(4000);
                assertThat(out.transferFrom(source, 0, 4000)).isEqualTo(4000);
                assertThat(channel.position()).isZero();
                assertThat(out.position()).isZero();
                ByteBuffer read = ByteBuffer.allocate(4000);
                assertThat(out.read(read)).isEqualTo(4000);
                assertThat(read.array()).isEqualTo(java.util.Arrays.copyOf(content, 4000));
              }
            })
        .add(
            "transfers to and from files of the default file system",
            dir -> {
              byte[] content = Checks.random(300_000);
              Path file = Files.write(dir.resolve("f"), content);
              Path other = Files.createTempFile("testkit", null);
              try (FileChannel channel = FileChannel.open(file, READ, WRITE);
                  FileChannel outside = FileChannel.open(other, READ, WRITE)) {
                for (long done = 0; done < content.length; ) {
                  done += channel.transferTo(done, content.length - done, outside);
                }
                assertThat(Files.mismatch(file, other)).isEqualTo(-1);
                channel.truncate(0);
                outside.position(0);
                for (long done = 0; done < content.length; ) {
                  done += channel.transferFrom(outside, done, content.length - done);
                }
                assertThat(Files.readAllBytes(file)).isEqualTo(content);
              } finally {
                Files.delete(other);
              }
            })
        .add(
            "a transfer from behind the end sends nothing",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                var out = new ByteArrayOutputStream();
                assertThat(channel.transferTo(4, 10, Channels.newChannel(out))).isZero();
                assertThat(channel.transferTo(3, 10, Channels.newChannel(out))).isZero();
                assertThat(channel.transferTo(0, 0, Channels.newChannel(out))).isZero();
                assertThat(channel.size()).isEqualTo(3);
              }
            })
        .add(
            "a channel is read and written as streams and by characters",
            dir -> {
              try (FileChannel channel = FileChannel.open(dir.resolve("f"), CREATE, READ, WRITE)) {
                var out = Channels.newOutputStream(channel);
                out.write(new byte[] {'a', 'b'});
                var writer = Channels.newWriter(channel, UTF_8);
                writer.write("ä");
                writer.flush();
                channel.position(0);
                var reader = Channels.newReader(channel, UTF_8);
                char[] read = new char[10];
                assertThat(reader.read(read)).isEqualTo(3);
                assertThat(new String(read, 0, 3)).isEqualTo("abä");
              }
            })
        .add(
            "a mapping reaches behind the end where the channel can write, and the file grows",
            dir -> {
              try (FileChannel channel = FileChannel.open(dir.resolve("f"), CREATE, READ, WRITE)) {
                assertThat(channel.map(FileChannel.MapMode.READ_ONLY, 10, 20).remaining())
                    .isEqualTo(20);
                assertThat(channel.size()).isEqualTo(30);
                assertThat(channel.position()).isZero();
              }
            });
  }

  /** Works on a channel until that ends; what it ends with. */
  private interface Work {
    void run(FileChannel channel) throws Exception;
  }

  private static Throwable endOf(Path file, boolean interrupt, Work work) throws Exception {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      var end = new CompletableFuture<Throwable>();
      var started = new java.util.concurrent.CountDownLatch(1);
      var thread =
          new Thread(
              () -> {
                try {
                  started.countDown();
                  while (true) {
                    work.run(channel);
                  }
                } catch (Throwable e) {
                  end.complete(e);
                }
              });
      thread.start();
      started.await();
      Thread.sleep(5);
      if (interrupt) {
        thread.interrupt();
      } else {
        channel.close();
      }
      Throwable failure = end.get(1, TimeUnit.MINUTES);
      assertThat(channel.isOpen()).isFalse();
      thread.join();
      return failure;
    }
  }

  private static void ends(Checks checks) {
    checks
        .add(
            "closing a channel amid reads and writes ends them as it says",
            dir -> {
              Path file = Files.write(dir.resolve("f"), Checks.random(200_000));
              for (Work work :
                  List.<Work>of(
                      channel -> channel.read(ByteBuffer.allocate(100_000), 0),
                      channel -> channel.write(ByteBuffer.allocate(1000), 0),
                      channel -> channel.force(false),
                      channel ->
                          channel.transferTo(
                              0, 100_000, Channels.newChannel(new ByteArrayOutputStream())),
                      FileChannel::size,
                      channel -> channel.position(0).read(ByteBuffer.allocate(50_000)))) {
                // AsynchronousCloseException amid one, ClosedChannelException before the next.
                assertThat(endOf(file, false, work)).isInstanceOf(ClosedChannelException.class);
              }
              assertThat(Files.size(file)).isEqualTo(200_000);
            })
        .add(
            "an interrupt amid reads and writes closes the channel, and is still there",
            dir -> {
              Path file = Files.write(dir.resolve("f"), Checks.random(200_000));
              for (Work work :
                  List.<Work>of(
                      channel -> channel.read(ByteBuffer.allocate(100_000), 0),
                      channel -> channel.write(ByteBuffer.allocate(1000), 0),
                      channel -> channel.force(true))) {
                assertThat(endOf(file, true, work)).isInstanceOf(ClosedByInterruptException.class);
              }
              try (FileChannel channel = FileChannel.open(file, READ)) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(ClosedByInterruptException.class);
                assertThat(Thread.interrupted()).isTrue();
                assertThat(channel.isOpen()).isFalse();
              }
            })
        .add(
            "streams of an interrupted thread go on",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try {
                Thread.currentThread().interrupt();
                assertThat(Files.exists(file)).isTrue();
                assertThat(Files.getLastModifiedTime(file)).isNotNull();
                Files.createDirectory(dir.resolve("d"));
                Files.move(file, dir.resolve("g"));
              } finally {
                assertThat(Thread.interrupted()).isTrue();
              }
              assertThat(dir.resolve("g")).hasContent("abc");
            })
        .add(
            "threads share a channel, and no byte is read or written twice",
            dir -> {
              Path file = dir.resolve("f");
              try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
                var threads = new ArrayList<Thread>();
                var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
                for (int t = 0; t < 4; t++) {
                  byte value = (byte) (t + 1);
                  var thread =
                      new Thread(
                          () -> {
                            try {
                              byte[] record = new byte[100];
                              java.util.Arrays.fill(record, value);
                              for (int i = 0; i < 50; i++) {
                                channel.write(ByteBuffer.wrap(record));
                              }
                            } catch (Throwable e) {
                              failures.add(e);
                            }
                          });
                  thread.start();
                  threads.add(thread);
                }
                for (Thread thread : threads) {
                  thread.join();
                }
                assertThat(failures).isEmpty();
                byte[] all = Files.readAllBytes(file);
                assertThat(all).hasSize(4 * 50 * 100);
                int[] records = new int[5];
                for (int at = 0; at < all.length; at += 100) {
                  for (int i = 1; i < 100; i++) {
                    assertThat(all[at + i]).isEqualTo(all[at]);
                  }
                  records[all[at]]++;
                }
                assertThat(records).containsExactly(0, 50, 50, 50, 50);
              }
            });
  }
}
