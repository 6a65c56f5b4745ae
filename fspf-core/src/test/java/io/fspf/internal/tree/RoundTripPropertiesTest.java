package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fspf.internal.format.KeySlot;
import io.fspf.internal.format.PassphraseSlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is what is read: headers, and commits with their trees. */
class RoundTripPropertiesTest {
  private static final int ROUNDS = 300;

  private final long seed = Long.getLong("fspf.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private ByteString bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private KeySlot slot() {
    int parallelism = 1 + random.nextInt(255);
    return KeySlot.newBuilder()
        .setPassphrase(
            PassphraseSlot.newBuilder()
                .setSalt(bytes(16))
                .setMemoryKib(8 * parallelism + random.nextInt(10_000))
                .setIterations(1 + random.nextInt(1000))
                .setParallelism(parallelism)
                .setNonce(bytes(12))
                .setWrappedKey(bytes(48)))
        .build();
  }

  @Test
  void headers() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      boolean sealed = random.nextBoolean();
      var slots = new ArrayList<KeySlot>();
      for (int k = sealed ? random.nextInt(17) : 0; k > 0; k--) {
        slots.add(slot());
      }
      TestVolume kind = sealed ? TestVolume.SEALED : TestVolume.CLEAR;
      HeaderFields fields =
          new HeaderFields(bytes(16), sealed ? TestVolume.SALT : ByteString.EMPTY, slots, null);
      VolumeHeader written = VolumeHeader.of(fields, kind.keys());
      VolumeHeader read = VolumeHeader.read(new MemoryFile(written.frame()));
      String as = "seed " + seed;
      assertThat(read.frame()).as(as).isEqualTo(written.frame());
      assertThat(read.volumeId()).as(as).isEqualTo(fields.volumeId());
      assertThat(read.isSealed()).as(as).isEqualTo(sealed);
      assertThat(read.salt()).as(as).isEqualTo(fields.salt());
      assertThat(read.keySlots()).as(as).isEqualTo(slots);
      assertThat(read.length()).as(as).isEqualTo(written.frame().length);
    }
  }

  private long count() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  @ParameterizedTest
  @EnumSource
  void commits(TestVolume kind) throws IOException {
    for (int i = 0; i < ROUNDS / 10; i++) {
      MemoryFile file = new MemoryFile();
      NavigableMap<byte[], byte[]> model = TestVolume.map();
      List<CommitInfo> written = new ArrayList<>();
      try (MetadataLog log = kind.create(file)) {
        for (int k = random.nextInt(5); k >= 0; k--) {
          TreeEdits edits = new TreeEdits();
          for (int e = random.nextInt(40); e > 0; e--) {
            byte[] key = bytes(1 + random.nextInt(20)).toByteArray();
            byte[] value = bytes(random.nextInt(random.nextInt(10) == 0 ? 9000 : 50)).toByteArray();
            edits.put(key, value);
            model.put(key, value);
          }
          CommitFields fields =
              new CommitFields(count(), count(), count(), count(), count(), random.nextBoolean());
          log.commit(log.tree().apply(edits), fields);
          written.add(0, log.head());
          assertThat(log.head().fields()).as("seed %s", seed).isEqualTo(fields);
        }
      }
      try (MetadataLog log = kind.open(new MemoryFile(file.bytes()))) {
        Map<String, String> expected = TestVolume.contents(model);
        assertThat(TestVolume.contents(log.tree())).as("seed %s", seed).isEqualTo(expected);
        assertThat(log.history().newest(100)).as("seed %s", seed).isEqualTo(written);
        log.history()
            .check(
                (from, to, reason) -> {
                  throw new AssertionError(reason + ", seed " + seed);
                });
      }
    }
  }
}
