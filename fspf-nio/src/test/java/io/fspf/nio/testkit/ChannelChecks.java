package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reading and writing by a channel. */
final class ChannelChecks {
  private ChannelChecks() {}

  private static FileChannel open(Path dir) throws java.io.IOException {
    return FileChannel.open(dir.resolve("f"), READ, WRITE, CREATE);
  }

  static List<Check> all() {
    return new Checks("channel")
        .add(
            "reading and writing move the position",
            dir -> {
              try (FileChannel channel = open(dir)) {
                assertThat(channel.write(Checks.bytes("abcdef"))).isEqualTo(6);
                assertThat(channel.position()).isEqualTo(6);
                ByteBuffer read = ByteBuffer.allocate(3);
                assertThat(channel.position(2).read(read)).isEqualTo(3);
                assertThat(Checks.text(read)).isEqualTo("cde");
                assertThat(channel.position()).isEqualTo(5);
              }
            })
        .add(
            "reading at a position leaves the channel's alone",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abcdef"));
                ByteBuffer read = ByteBuffer.allocate(2);
                assertThat(channel.read(read, 1)).isEqualTo(2);
                assertThat(Checks.text(read)).isEqualTo("bc");
                assertThat(channel.write(Checks.bytes("X"), 0)).isEqualTo(1);
                assertThat(channel.position()).isEqualTo(6);
              }
              assertThat(dir.resolve("f")).hasContent("Xbcdef");
            })
        .add(
            "reading near the end fills a buffer that has a position",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abc"));
                ByteBuffer read = ByteBuffer.allocate(10).position(4);
                assertThat(channel.position(1).read(read)).isEqualTo(2);
                assertThat(read.position()).isEqualTo(6);
                assertThat(read.get(4)).isEqualTo((byte) 'b');
                ByteBuffer again = ByteBuffer.allocate(10).position(9);
                assertThat(channel.read(again, 2)).isEqualTo(1);
                assertThat(again.get(9)).isEqualTo((byte) 'c');
              }
            })
        .add(
            "reading at and behind the end tells the end",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abc"));
                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(channel.read(ByteBuffer.allocate(1), 3)).isEqualTo(-1);
                assertThat(channel.read(ByteBuffer.allocate(1), 100)).isEqualTo(-1);
                assertThat(channel.position(100).read(ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(channel.size()).isEqualTo(3);
              }
            })
        .add(
            "an empty buffer reads nothing",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abc"));
                assertThat(channel.read(ByteBuffer.allocate(0), 0)).isZero();
                assertThat(channel.write(ByteBuffer.allocate(0))).isZero();
              }
            })
        .add(
            "writing behind the end leaves zeros between",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.position(5).write(Checks.bytes("x"));
              }
              assertThat(Files.readAllBytes(dir.resolve("f")))
                  .isEqualTo(new byte[] {0, 0, 0, 0, 0, 'x'});
            })
        .add(
            "a position behind the end does not grow the file",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.position(1000);
                assertThat(channel.position()).isEqualTo(1000);
                assertThat(channel.size()).isZero();
                assertThatThrownBy(() -> channel.position(-1))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .add(
            "truncate cuts, never grows, and moves the position back",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abcdef"));
                channel.truncate(10);
                assertThat(channel.size()).isEqualTo(6);
                channel.truncate(2);
                assertThat(channel.size()).isEqualTo(2);
                assertThat(channel.position()).isEqualTo(2);
                assertThatThrownBy(() -> channel.truncate(-1))
                    .isInstanceOf(IllegalArgumentException.class);
              }
              assertThat(dir.resolve("f")).hasContent("ab");
            })
        .add(
            "what was cut off comes back as zeros",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abcdef"));
                channel.truncate(1);
                channel.write(Checks.bytes("x"), 3);
              }
              assertThat(Files.readAllBytes(dir.resolve("f")))
                  .isEqualTo(new byte[] {'a', 0, 0, 'x'});
            })
        .add(
            "scattering reads fill buffer after buffer",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abcdefg"));
                ByteBuffer[] into = {
                  ByteBuffer.allocate(2),
                  ByteBuffer.allocate(0),
                  ByteBuffer.allocateDirect(3),
                  ByteBuffer.allocate(9)
                };
                assertThat(channel.position(0).read(into)).isEqualTo(7);
                assertThat(Checks.text(into[0])).isEqualTo("ab");
                assertThat(Checks.text(into[2])).isEqualTo("cde");
                assertThat(Checks.text(into[3])).isEqualTo("fg");
                assertThat(channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isEqualTo(-1);
              }
            })
        .add(
            "gathering writes empty buffer after buffer",
            dir -> {
              try (FileChannel channel = open(dir)) {
                ByteBuffer[] from = {
                  Checks.bytes("skipped"), Checks.bytes("ab"), Checks.bytes(""), Checks.bytes("cd")
                };
                assertThat(channel.write(from, 1, 3)).isEqualTo(4);
                assertThat(channel.position()).isEqualTo(4);
              }
              assertThat(dir.resolve("f")).hasContent("abcd");
            })
        .add(
            "direct, read-only and sliced buffers are written",
            dir -> {
              try (FileChannel channel = open(dir)) {
                ByteBuffer direct = ByteBuffer.allocateDirect(3).put((byte) 'a').flip();
                channel.write(direct);
                channel.write(Checks.bytes("b").asReadOnlyBuffer());
                channel.write(Checks.bytes("xcx").slice(1, 1));
              }
              assertThat(dir.resolve("f")).hasContent("abc");
            })
        .add(
            "a read-only buffer is not read into",
            dir -> {
              try (FileChannel channel = open(dir)) {
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .add(
            "transferTo sends a part of the file",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abcdef"));
                var out = new ByteArrayOutputStream();
                assertThat(channel.transferTo(1, 3, Channels.newChannel(out))).isEqualTo(3);
                assertThat(channel.transferTo(4, 100, Channels.newChannel(out))).isEqualTo(2);
                assertThat(channel.transferTo(100, 1, Channels.newChannel(out))).isZero();
                assertThat(out).hasToString("bcdef");
                assertThat(channel.position()).isEqualTo(6);
              }
            })
        .add(
            "transferFrom takes what the source has",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abc"));
                var source = Channels.newChannel(new ByteArrayInputStream(new byte[] {'x', 'y'}));
                assertThat(channel.transferFrom(source, 1, 100)).isEqualTo(2);
                assertThat(channel.position()).isEqualTo(3);
                // From behind the end on, the JDK itself changed its mind between 17 and 25.
              }
              assertThat(dir.resolve("f")).hasContent("axy");
            })
        .add(
            "transfers between two files of the file system",
            dir -> {
              byte[] content = Checks.random(500_000);
              Path other = Files.write(dir.resolve("g"), content);
              try (FileChannel source = FileChannel.open(other, READ);
                  FileChannel target = open(dir)) {
                assertThat(source.transferTo(1000, 400_000, target)).isEqualTo(400_000);
                assertThat(target.transferFrom(source, 400_000, 10)).isEqualTo(10);
              }
              byte[] expected = Arrays.copyOfRange(content, 1000, 401_010);
              System.arraycopy(content, 0, expected, 400_000, 10);
              assertThat(Files.readAllBytes(dir.resolve("f"))).isEqualTo(expected);
            })
        .add(
            "two channels see each other's writes at once",
            dir -> {
              try (FileChannel one = open(dir);
                  FileChannel two = open(dir)) {
                one.write(Checks.bytes("abc"));
                ByteBuffer read = ByteBuffer.allocate(3);
                two.read(read);
                assertThat(Checks.text(read)).isEqualTo("abc");
                two.truncate(1);
                assertThat(one.size()).isEqualTo(1);
              }
            })
        .add(
            "large files are read at random",
            dir -> {
              byte[] content = Checks.random(3_000_000);
              Path file = Files.write(dir.resolve("f"), content);
              var random = new java.util.Random(7);
              try (FileChannel channel = FileChannel.open(file, READ)) {
                for (int i = 0; i < 200; i++) {
                  int at = random.nextInt(content.length);
                  ByteBuffer read = ByteBuffer.allocate(random.nextInt(200_000) + 1);
                  while (read.hasRemaining() && channel.read(read, at + read.position()) > 0) {
                    // On to the rest.
                  }
                  assertThat(Arrays.copyOf(read.array(), read.position()))
                      .isEqualTo(
                          Arrays.copyOfRange(
                              content, at, Math.min(content.length, at + read.capacity())));
                }
              }
            })
        .add(
            "an open file survives its deletion",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                Files.delete(file);
                assertThat(file).doesNotExist();
                Checks.file(dir, "f", "new");
                ByteBuffer read = ByteBuffer.allocate(3);
                channel.read(read);
                assertThat(Checks.text(read)).isEqualTo("abc");
                channel.write(Checks.bytes("d"));
                assertThat(channel.size()).isEqualTo(4);
              }
              assertThat(file).hasContent("new");
            })
        .add(
            "an open file survives a move",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                Files.move(file, dir.resolve("g"));
                channel.write(Checks.bytes("X"));
              }
              assertThat(dir.resolve("g")).hasContent("Xbc");
            })
        .add(
            "force returns",
            dir -> {
              try (FileChannel channel = open(dir)) {
                channel.write(Checks.bytes("abc"));
                channel.force(false);
                channel.force(true);
              }
            })
        .add(
            "a closed channel does nothing more",
            dir -> {
              FileChannel channel = open(dir);
              channel.close();
              channel.close();
              assertThat(channel.isOpen()).isFalse();
              assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                  .isInstanceOf(ClosedChannelException.class);
              assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                  .isInstanceOf(ClosedChannelException.class);
              assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
              assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
              assertThatThrownBy(() -> channel.force(true))
                  .isInstanceOf(ClosedChannelException.class);
              assertThatThrownBy(channel::tryLock).isInstanceOf(ClosedChannelException.class);
            })
        .add(
            "an interrupt closes the channel, and no other",
            dir -> {
              try (FileChannel channel = open(dir);
                  FileChannel other = open(dir)) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> channel.write(Checks.bytes("x")))
                    .isInstanceOf(ClosedByInterruptException.class);
                assertThat(Thread.interrupted()).isTrue();
                assertThat(channel.isOpen()).isFalse();
                other.write(Checks.bytes("y"));
              }
              assertThat(dir.resolve("f")).hasContent("y");
            })
        .add(
            "arguments that cannot be are refused",
            dir -> {
              try (FileChannel channel = open(dir)) {
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.read(new ByteBuffer[1], 1, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> channel.transferTo(-1, 1, channel))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .add(
            "a byte channel is seekable",
            dir -> {
              Path file = Checks.file(dir, "f", "abcdef");
              try (var channel = Files.newByteChannel(file)) {
                ByteBuffer read = ByteBuffer.allocate(2);
                channel.position(3).read(read);
                assertThat(Checks.text(read)).isEqualTo("de");
                assertThat(channel.size()).isEqualTo(6);
              }
            })
        .list();
  }
}
