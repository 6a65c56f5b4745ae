package io.fspf.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.fspf.Integrity;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedHost;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host file that holds chunks owes to whoever makes it durable. */
class ChunkFileTest {
  private static final VolumePath PATH = VolumePath.of("/chunks");
  private static final int CHUNK = 4096;

  private final SimulatedHost host = new SimulatedHost();
  private ChunkFile file;

  @BeforeEach
  void open() throws IOException {
    host.makeDirectories("/home");
    HostDirectory home = host.directory("/home");
    var identity =
        new FileIdentity(1, new byte[FileIdentity.FILE_ID_LENGTH], 0, Integrity.SHA256, CHUNK);
    file =
        new ChunkFile(
            home.open(PATH, HostDirectory.Mode.CREATE),
            new DigestProtector(CryptoContext.standard().sha256(), identity),
            CHUNK,
            new BufferPool(0));
    home.syncDirectory(VolumePath.ROOT);
  }

  private void write(long chunk, byte[] clear) throws IOException {
    file.write(file.protect(chunk, new byte[][] {clear}, CHUNK), chunk);
  }

  /** A commit syncs a file while somebody writes what the next one is to make durable. */
  @Test
  void aSyncThatComesBeforeTheWriteArrivesDoesNotCoverIt() throws IOException {
    byte[] first = new byte[CHUNK];
    write(0, first);
    syncBefore(Operation.Kind.WRITE);
    byte[] second = new byte[CHUNK];
    second[0] = 1;
    write(1, second);
    assertThat(file.isUnsynced()).isTrue();
    file.sync();
    assertThat(durable()).hasSize(2 * CHUNK).element(CHUNK).isEqualTo((byte) 1);
  }

  @Test
  void aSyncThatComesBeforeTheCutDoesNotCoverIt() throws IOException {
    write(0, new byte[CHUNK]);
    syncBefore(Operation.Kind.SET_SIZE);
    file.setSize(1);
    assertThat(file.isUnsynced()).isTrue();
    file.sync();
    assertThat(durable()).hasSize(1);
  }

  /** As another thread does, at the moment before the operation takes effect. */
  private void syncBefore(Operation.Kind kind) {
    host.setHook(
        operation -> {
          if (operation.kind() == kind) {
            file.sync();
          }
          return Answer.PROCEED;
        });
  }

  /** What a crash now would leave at the least. */
  private List<Byte> durable() throws IOException {
    try (var left =
        host.afterCrashLosingAll().directory("/home").open(PATH, HostDirectory.Mode.READ)) {
      byte[] bytes = new byte[(int) left.size()];
      assertThat(left.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
      var list = ImmutableList.<Byte>builder();
      for (byte b : bytes) {
        list.add(b);
      }
      return list.build();
    }
  }
}
