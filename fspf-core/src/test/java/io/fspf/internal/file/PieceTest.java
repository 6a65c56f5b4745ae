package io.fspf.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Integrity;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is got ready for a reader, and who has its memory. */
class PieceTest {
  private static final VolumePath PATH = VolumePath.of("/chunks");
  private static final int CHUNK = 4096;
  private static final int COUNT = 4;
  private static final int SIZE = COUNT * CHUNK;

  private final SimulatedHost host = new SimulatedHost();
  private final BufferPool buffers = new BufferPool(1 << 20);
  private final FileShape shape = new FileShape(1, "/file", CHUNK, SIZE);
  private final byte[] content = new byte[SIZE];
  private final ByteBuffer into = ByteBuffer.allocate(SIZE);
  private ChunkFile file;
  private ChunkGroup group;
  private Piece piece;

  @BeforeEach
  void write() throws IOException {
    new Random(1).nextBytes(content);
    host.makeDirectories("/home");
    var identity =
        new FileIdentity(1, new byte[FileIdentity.FILE_ID_LENGTH], 0, Integrity.SHA256, CHUNK);
    file =
        new ChunkFile(
            host.directory("/home").open(PATH, HostDirectory.Mode.CREATE),
            new DigestProtector(CryptoContext.standard().sha256(), identity),
            CHUNK,
            buffers);
    group = ChunkGroup.empty(0, Integrity.SHA256);
    for (int i = 0; i < COUNT; i++) {
      byte[] chunk = Arrays.copyOfRange(content, i * CHUNK, (i + 1) * CHUNK);
      store(i, chunk);
    }
    // So that the pool has nothing of it.
    buffers.give(new byte[buffers.take(SIZE).length]);
    piece = new Piece(shape, buffers, file, group, 0, COUNT);
  }

  private void store(long chunk, byte[] clear) throws IOException {
    ChunkFile.Protected one = file.protect(chunk, new byte[][] {clear}, CHUNK);
    group = group.with(chunk, one.records()[0], chunk);
    file.write(one, chunk);
  }

  private int deliver(long chunk, int within, int wanted) throws IOException {
    return piece.deliver(file, group, chunk, CHUNK, within, wanted, into);
  }

  @Test
  void partsAndWholeChunksComeFromWhatWasFetched() throws IOException {
    assertThat(piece.fetch()).isTrue();
    assertThat(piece.fetch()).isFalse();
    host.flip("/home" + PATH, 0);
    assertThat(deliver(0, 0, 2 * CHUNK)).isEqualTo(2 * CHUNK);
    assertThat(deliver(2, 0, 100)).isEqualTo(100);
    assertThat(deliver(2, 100, CHUNK - 100)).isEqualTo(CHUNK - 100);
    assertThat(deliver(3, 0, CHUNK)).isEqualTo(CHUNK);
    assertThat(into.array()).isEqualTo(content);
    assertThat(piece.open()).isFalse();
  }

  @Test
  void whatNobodyHasBegunIsReadInto() throws IOException {
    assertThat(deliver(0, 0, SIZE)).isEqualTo(SIZE);
    assertThat(into.array()).isEqualTo(content);
    assertThat(piece.isLost()).isTrue();
    assertThat(piece.fetch()).isFalse();
  }

  /** Whoever asks for the chunk itself learns of it. */
  @Test
  void whatIsNotRightIsNotDelivered() throws IOException {
    host.flip("/home" + PATH, 8L * (3 * CHUNK + 1));
    assertThat(piece.fetch()).isTrue();
    assertThat(deliver(0, 0, CHUNK)).isEqualTo(CHUNK);
    assertThat(deliver(3, 0, CHUNK)).isZero();
    assertThat(into.position()).isEqualTo(CHUNK);
    assertThat(piece.isLost()).isTrue();
    assertThat(deliver(0, 0, CHUNK)).isZero();
  }

  @Test
  void aFileThatEndsEarlyGivesNothing() throws IOException {
    file.setSize(SIZE - 1);
    assertThat(piece.fetch()).isTrue();
    assertThat(piece.isLost()).isTrue();
    assertThat(deliver(0, 0, 1)).isZero();
  }

  @Test
  void anotherVersionOfTheChunkIsNotDelivered() throws IOException {
    assertThat(piece.fetch()).isTrue();
    store(1, new byte[CHUNK]);
    assertThat(deliver(1, 0, CHUNK)).isZero();
    assertThat(deliver(0, 0, 2 * CHUNK)).isEqualTo(CHUNK);
  }

  /** The reader does not wait for the helper, and the helper's memory is not taken from him. */
  @Test
  void whatIsDroppedWhileItIsFetchedIsGivenBackByTheHelper() {
    var during = new byte[1][];
    host.setHook(
        operation -> {
          if (operation.kind() == Operation.Kind.READ) {
            piece.drop();
            during[0] = buffers.take(SIZE);
          }
          return Answer.PROCEED;
        });
    assertThat(piece.fetch()).isTrue();
    assertThat(piece.isLost()).isTrue();
    assertThat(piece.open()).isFalse();
    byte[] back = buffers.take(SIZE);
    assertThat(back).isNotSameAs(during[0]).startsWith(content);
  }

  @Test
  void whatIsDroppedIsGivenBackOnce() {
    assertThat(piece.fetch()).isTrue();
    piece.drop();
    piece.drop();
    assertThat(buffers.take(SIZE)).startsWith(content);
    assertThat(Arrays.copyOf(buffers.take(SIZE), SIZE)).isNotEqualTo(content);
  }
}
