package io.fspf.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.common.collect.ImmutableMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Every way that {@code java.nio.file} offers to a file's bytes. */
final class ReadingWays {
  /** One of them. */
  interface Way {
    /**
     * Reads a file from its start.
     *
     * @param into gets what is read, as far as it is handed out before a failure
     */
    void read(Path file, ByteArrayOutputStream into) throws Exception;
  }

  /** Not a divisor of a chunk, so that reads lie across two of them. */
  private static final int PIECE = 1500;

  private static final Map<String, Way> ALL =
      ImmutableMap.<String, Way>builder()
          .put("readAllBytes", (file, into) -> into.writeBytes(Files.readAllBytes(file)))
          .put(
              "readString",
              (file, into) ->
                  into.writeBytes(Files.readString(file, ISO_8859_1).getBytes(ISO_8859_1)))
          .put("input stream", ReadingWays::stream)
          .put("buffered reader", ReadingWays::reader)
          .put("copy to a stream", Files::copy)
          .put("copy to the host", ReadingWays::copyOut)
          .put("URL", ReadingWays::url)
          .put("byte channel", ReadingWays::byteChannel)
          .put("byte channel of a secure directory", ReadingWays::secureDirectory)
          .put("file channel", ReadingWays::fileChannel)
          .put("file channel, into direct memory", ReadingWays::direct)
          .put("file channel at positions", ReadingWays::positions)
          .put("file channel, scattering", ReadingWays::scatter)
          .put("transferTo", ReadingWays::transferTo)
          .put("transferFrom", ReadingWays::transferFrom)
          .put("map", (file, into) -> map(file, into, FileChannel.MapMode.READ_ONLY, READ))
          .put("asynchronous channel, futures", ReadingWays::futures)
          .put("asynchronous channel, handlers", ReadingWays::handlers)
          .buildOrThrow();

  private static final Map<String, Way> WRITABLE =
      ImmutableMap.of(
          "copy in the volume",
          ReadingWays::copyWithin,
          "map PRIVATE",
          (file, into) -> map(file, into, FileChannel.MapMode.PRIVATE, READ, WRITE),
          "channel for reading and writing",
          (file, into) -> map(file, into, FileChannel.MapMode.READ_ONLY, READ, WRITE));

  private ReadingWays() {}

  /** All that need no more than reading, by name. */
  static Map<String, Way> all() {
    return ALL;
  }

  /** Those for which the file system must be writable. */
  static Map<String, Way> writable() {
    return WRITABLE;
  }

  private static void drain(ByteBuffer filled, ByteArrayOutputStream into) {
    byte[] bytes = new byte[filled.flip().remaining()];
    filled.get(bytes).clear();
    into.writeBytes(bytes);
  }

  private static void stream(Path file, ByteArrayOutputStream into) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] piece = new byte[PIECE];
      for (int count; (count = in.read(piece)) >= 0; ) {
        into.write(piece, 0, count);
      }
    }
  }

  private static void reader(Path file, ByteArrayOutputStream into) throws IOException {
    try (var in = Files.newBufferedReader(file, ISO_8859_1)) {
      for (int c; (c = in.read()) >= 0; ) {
        into.write(c);
      }
    }
  }

  private static void copyWithin(Path file, ByteArrayOutputStream into) throws IOException {
    copied(file, file.resolveSibling("copy"), into);
  }

  private static void copyOut(Path file, ByteArrayOutputStream into) throws IOException {
    Path directory = Files.createTempDirectory("fspf-test");
    try {
      copied(file, directory.resolve("copy"), into);
    } finally {
      Files.delete(directory);
    }
  }

  private static void copied(Path file, Path copy, ByteArrayOutputStream into) throws IOException {
    try {
      into.writeBytes(Files.readAllBytes(Files.copy(file, copy)));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static void url(Path file, ByteArrayOutputStream into) throws IOException {
    try (InputStream in = file.toUri().toURL().openStream()) {
      in.transferTo(into);
    }
  }

  private static void byteChannel(Path file, ByteArrayOutputStream into) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      pieces(channel, ByteBuffer.allocate(PIECE), into);
    }
  }

  private static void pieces(
      SeekableByteChannel channel, ByteBuffer piece, ByteArrayOutputStream into)
      throws IOException {
    while (channel.read(piece) >= 0) {
      drain(piece, into);
    }
  }

  private static void secureDirectory(Path file, ByteArrayOutputStream into) throws IOException {
    try (var entries = Files.newDirectoryStream(Objects.requireNonNull(file.getParent()));
        SeekableByteChannel channel =
            ((SecureDirectoryStream<Path>) entries)
                .newByteChannel(Objects.requireNonNull(file.getFileName()), Set.of(READ))) {
      pieces(channel, ByteBuffer.allocate(PIECE), into);
    }
  }

  private static void fileChannel(Path file, ByteArrayOutputStream into) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      pieces(channel, ByteBuffer.allocate(PIECE), into);
    }
  }

  private static void direct(Path file, ByteArrayOutputStream into) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      pieces(channel, ByteBuffer.allocateDirect(PIECE), into);
    }
  }

  private static void positions(Path file, ByteArrayOutputStream into) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (channel.read(piece, into.size()) >= 0) {
        drain(piece, into);
      }
    }
  }

  private static void scatter(Path file, ByteArrayOutputStream into) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      ByteBuffer[] pieces = {ByteBuffer.allocate(PIECE), ByteBuffer.allocateDirect(PIECE)};
      while (channel.read(pieces) >= 0) {
        for (ByteBuffer piece : pieces) {
          drain(piece, into);
        }
      }
    }
  }

  private static void transferTo(Path file, ByteArrayOutputStream into) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ);
        var target = Channels.newChannel(into)) {
      long done = 0;
      while (done < channel.size()) {
        done += channel.transferTo(done, PIECE, target);
      }
    }
  }

  private static void transferFrom(Path file, ByteArrayOutputStream into) throws IOException {
    Path copy = Files.createTempFile("fspf-test", null);
    try (FileChannel channel = FileChannel.open(file, READ);
        FileChannel target = FileChannel.open(copy, WRITE)) {
      // The JDK's channel hides a failure behind the count of what came before; the next call has
      // it.
      long done = 0;
      while (done < channel.size()) {
        done += target.transferFrom(channel, done, channel.size() - done);
      }
    } finally {
      into.writeBytes(Files.readAllBytes(copy));
      Files.delete(copy);
    }
  }

  private static void map(
      Path file, ByteArrayOutputStream into, FileChannel.MapMode mode, OpenOption... options)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer mapped = channel.map(mode, 0, channel.size());
      byte[] bytes = new byte[mapped.remaining()];
      mapped.get(bytes);
      into.writeBytes(bytes);
    }
  }

  private static void futures(Path file, ByteArrayOutputStream into) throws Exception {
    try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, READ)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (channel.read(piece, into.size()).get() >= 0) {
        drain(piece, into);
      }
    }
  }

  private static void handlers(Path file, ByteArrayOutputStream into) throws Exception {
    try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, READ)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (handled(channel, piece, into.size()) >= 0) {
        drain(piece, into);
      }
    }
  }

  private static int handled(AsynchronousFileChannel channel, ByteBuffer piece, long position)
      throws ExecutionException, InterruptedException {
    var outcome = new CompletableFuture<Integer>();
    channel.read(
        piece,
        position,
        outcome,
        new CompletionHandler<Integer, CompletableFuture<Integer>>() {
          @Override
          public void completed(Integer count, CompletableFuture<Integer> told) {
            told.complete(count);
          }

          @Override
          public void failed(Throwable failure, CompletableFuture<Integer> told) {
            told.completeExceptionally(failure);
          }
        });
    return outcome.get();
  }
}
