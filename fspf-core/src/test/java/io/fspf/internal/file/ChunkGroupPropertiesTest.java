package io.fspf.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fspf.Integrity;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A record of chunks that is read is written again byte for byte. */
class ChunkGroupPropertiesTest {
  private static final int ROUNDS = 1000;

  private final long seed = Long.getLong("fspf.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private ByteString bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  @Test
  void chunkGroups() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      Integrity integrity = List.of(Integrity.values()).get(i % Integrity.values().length);
      int length =
          switch (integrity) {
            case SHA256 -> 32;
            case GMAC, GCM -> 28;
            case GCM_SHA256 -> 60;
          };
      byte[] bits = bytes(1 + random.nextInt(8)).toByteArray();
      bits[bits.length - 1] |= 1;
      int count = 0;
      for (byte b : bits) {
        count += Integer.bitCount(b & 0xFF);
      }
      var message =
          io.fspf.internal.format.ChunkGroup.newBuilder()
              .setPresent(ByteString.copyFrom(bits))
              .setRecords(bytes(count * length));
      for (int k = random.nextBoolean() ? count : 0; k > 0; k--) {
        message.addSlots(random.nextLong() >>> (25 + random.nextInt(39)));
      }
      byte[] record = message.build().toByteArray();
      assertThat(ChunkGroup.decode(record, random.nextInt(1000), integrity).encode())
          .as("seed %s", seed)
          .isEqualTo(record);
    }
  }
}
