package io.fspf.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.RandomSource;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.PassphraseSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassphraseTest {
  private static final PassphraseCost CHEAP =
      new PassphraseCost(PassphraseCost.MIN_MEMORY_KIB, 1, 1);
  private static final byte[] VOLUME = RandomSource.system().bytes(16);

  private final Path directory;

  PassphraseTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void wrapsAndUnwraps() throws IOException {
    try (KeyProvider provider = cheap("correct horse");
        NewKey made = provider.create(VOLUME)) {
      assertThat(made.keySlots()).hasSize(1);
      assertThat(unlock(provider, made.keySlots())).isEqualTo(made.key());
      assertThat(unlock(cheap("correct horse"), made.keySlots())).isEqualTo(made.key());
      assertThat(provider.create(VOLUME).key()).isNotEqualTo(made.key());
    }
  }

  @Test
  void theDefaultCostWorks() throws IOException {
    KeyProvider provider = KeyProviders.passphrase("battery staple".toCharArray());
    NewKey made = provider.create(VOLUME);
    assertThat(unlock(provider, made.keySlots())).isEqualTo(made.key());
    PassphraseSlot slot = message(made.keySlots().get(0)).getPassphrase();
    assertThat(slot.getMemoryKib()).isEqualTo(65536);
    assertThat(slot.getIterations()).isEqualTo(3);
  }

  @Test
  void theSlotSaysNothingOfTheKey() throws IOException {
    NewKey made = cheap("x").create(VOLUME);
    assertThat(made.keySlots().get(0).toString()).startsWith("KeySlot[");
    assertThat(made.toString()).contains("VolumeKey[redacted]");
    byte[] slot = made.keySlots().get(0).toBytes();
    byte[] key = made.key().exportBytes();
    assertThat(Collections.indexOfSubList(boxed(slot), boxed(key))).isNegative();
  }

  @Test
  void aWrongPassphraseIsAWrongKey() throws IOException {
    NewKey made = cheap("right").create(VOLUME);
    assertThatThrownBy(() -> unlock(cheap("wrong"), made.keySlots()))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("wrong");
    assertThatThrownBy(() -> unlock(cheap("Right"), made.keySlots()))
        .isInstanceOf(VolumeKeyException.class);
  }

  @Test
  void aSlotOfAnotherVolumeDoesNotOpen() throws IOException {
    NewKey made = cheap("right").create(VOLUME);
    KeyRequest other = KeyRequest.of(RandomSource.system().bytes(16), made.keySlots());
    assertThatThrownBy(() -> cheap("right").unlock(other)).isInstanceOf(VolumeKeyException.class);
  }

  @Test
  void everyFieldOfASlotIsBound() throws IOException {
    NewKey made = cheap("right").create(VOLUME);
    List<Consumer<PassphraseSlot.Builder>> changes =
        List.of(
            slot -> slot.setSalt(flipped(slot.getSalt(), 0)),
            slot -> slot.setSalt(flipped(slot.getSalt(), 15)),
            slot -> slot.setMemoryKib(slot.getMemoryKib() + 1),
            slot -> slot.setIterations(slot.getIterations() + 1),
            slot -> slot.setParallelism(slot.getParallelism() + 1),
            slot -> slot.setNonce(flipped(slot.getNonce(), 0)),
            slot -> slot.setWrappedKey(flipped(slot.getWrappedKey(), 0)),
            slot -> slot.setWrappedKey(flipped(slot.getWrappedKey(), 47)));
    for (Consumer<PassphraseSlot.Builder> change : changes) {
      KeySlot changed = changed(made.keySlots().get(0), change);
      assertThatThrownBy(() -> unlock(cheap("right"), List.of(changed)))
          .isInstanceOf(VolumeKeyException.class);
    }
    assertThat(unlock(cheap("right"), List.of(changed(made.keySlots().get(0), slot -> {}))))
        .isEqualTo(made.key());
  }

  /** None of these may take time or memory: each is refused before Argon2id runs. */
  @Test
  void hostileSlotsAreRefusedBeforeAnythingIsAllocated() throws IOException {
    NewKey made = cheap("right").create(VOLUME);
    List<Consumer<PassphraseSlot.Builder>> changes =
        List.of(
            slot -> slot.setMemoryKib(0),
            slot -> slot.setMemoryKib(PassphraseCost.MIN_MEMORY_KIB - 1),
            slot -> slot.setMemoryKib((1 << 20) + 1),
            slot -> slot.setMemoryKib(-1),
            slot -> slot.setMemoryKib(1 << 20).setIterations(5),
            slot -> slot.setIterations(0),
            slot -> slot.setIterations(65),
            slot -> slot.setIterations(-1),
            slot -> slot.setParallelism(0),
            slot -> slot.setParallelism(17),
            slot -> slot.setParallelism(Integer.MIN_VALUE),
            slot -> slot.setSalt(ByteString.EMPTY),
            slot -> slot.setSalt(ByteString.copyFrom(new byte[17])),
            slot -> slot.setNonce(ByteString.copyFrom(new byte[11])),
            slot -> slot.setWrappedKey(ByteString.copyFrom(new byte[47])),
            slot -> slot.setWrappedKey(ByteString.copyFrom(new byte[64])),
            slot ->
                slot.setUnknownFields(
                    UnknownFieldSet.newBuilder()
                        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build()));
    long start = System.nanoTime();
    for (Consumer<PassphraseSlot.Builder> change : changes) {
      KeySlot changed = changed(made.keySlots().get(0), change);
      assertThatThrownBy(() -> unlock(cheap("right"), List.of(changed)))
          .isInstanceOf(VolumeKeyException.class)
          .hasMessageContaining("refused");
      assertThat(unlock(cheap("right"), List.of(changed, made.keySlots().get(0))))
          .as("a good slot still opens")
          .isEqualTo(made.key());
    }
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void allSlotsTogetherCostABoundedAmount() throws IOException {
    NewKey made = cheap("right").create(VOLUME);
    KeySlot costly = changed(made.keySlots().get(0), slot -> slot.setIterations(2));
    List<KeySlot> slots = new ArrayList<>(Collections.nCopies(15, costly));
    slots.add(made.keySlots().get(0));
    long unit = PassphraseCost.MIN_MEMORY_KIB;
    var enough = new PassphraseSlots(CryptoContext.standard(), 31 * unit);
    var tooLittle = new PassphraseSlots(CryptoContext.standard(), 30 * unit);
    SecretBytes passphrase = Passphrases.encode("right".toCharArray());
    KeyRequest request = KeyRequest.of(VOLUME, slots);
    assertThat(enough.unwrap(request, passphrase)).isEqualTo(made.key());
    assertThatThrownBy(() -> tooLittle.unwrap(request, passphrase))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("all slots together");
    slots.add(costly);
    assertThatThrownBy(() -> KeyRequest.of(VOLUME, slots))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void otherAndDamagedSlots() throws IOException {
    KeySlot none = KeySlot.ofBytes(new byte[0]);
    KeySlot later =
        KeySlot.ofBytes(
            io.fspf.internal.format.KeySlot.newBuilder()
                .setUnknownFields(
                    UnknownFieldSet.newBuilder()
                        .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build()
                .toByteArray());
    KeySlot damaged = KeySlot.ofBytes(new byte[] {(byte) 0xFF, 1, 2});
    NewKey made = cheap("right").create(VOLUME);
    assertThat(unlock(cheap("right"), List.of(none, later, damaged, made.keySlots().get(0))))
        .isEqualTo(made.key());
    for (List<KeySlot> slots : List.of(List.<KeySlot>of(), List.of(none, later))) {
      assertThatThrownBy(() -> unlock(cheap("right"), slots))
          .isInstanceOf(VolumeKeyException.class)
          .hasMessageContaining("no passphrase");
    }
    assertThatThrownBy(() -> unlock(cheap("right"), List.of(damaged)))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> KeySlot.ofBytes(new byte[KeySlot.MAX_LENGTH + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void composedAndDecomposedTextIsOnePassphrase() throws IOException {
    NewKey made = cheap("Gru\u0308\u00dfe").create(VOLUME);
    assertThat(unlock(cheap("Gr\u00fc\u00dfe"), made.keySlots())).isEqualTo(made.key());
    assertThatThrownBy(() -> unlock(cheap("Gruesse"), made.keySlots()))
        .isInstanceOf(VolumeKeyException.class);
  }

  @Test
  void unusablePassphrasesAreRefused() {
    for (String text : List.of("", "lone \uD800 surrogate", "x".repeat(4097))) {
      assertThatThrownBy(() -> cheap(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theCallersArrayIsCopiedAndAClosedProviderRefuses() throws IOException {
    char[] chars = "right".toCharArray();
    KeyProvider provider = KeyProviders.passphrase(chars, CHEAP);
    java.util.Arrays.fill(chars, 'x');
    NewKey made = provider.create(VOLUME);
    assertThat(unlock(cheap("right"), made.keySlots())).isEqualTo(made.key());
    assertThat(provider.toString()).doesNotContain("right");
    provider.close();
    assertThatThrownBy(() -> provider.create(VOLUME)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void passphraseFiles() throws IOException {
    NewKey made = cheap("right").create(VOLUME);
    for (String content : List.of("right", "right\n", "right\r\n")) {
      KeyProvider provider = KeyProviders.passphraseFile(file(content), CHEAP);
      assertThat(unlock(provider, made.keySlots())).isEqualTo(made.key());
    }
    for (String content : List.of("right\n\n", " right", "right ")) {
      KeyProvider provider = KeyProviders.passphraseFile(file(content), CHEAP);
      assertThatThrownBy(() -> unlock(provider, made.keySlots()))
          .isInstanceOf(VolumeKeyException.class);
    }
    for (byte[] content :
        List.of(new byte[0], new byte[] {'\n'}, new byte[] {'a', (byte) 0xFF}, new byte[5000])) {
      Path file = file("");
      Files.write(file, content);
      assertThatThrownBy(() -> KeyProviders.passphraseFile(file).create(VOLUME))
          .isInstanceOf(VolumeKeyException.class)
          .hasMessageContaining(file.toString());
    }
    assertThatThrownBy(() -> KeyProviders.passphraseFile(directory.resolve("none")).create(VOLUME))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("does not exist");
    Path open = file("right");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> KeyProviders.passphraseFile(open).create(VOLUME))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void costsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new PassphraseCost(8191, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PassphraseCost(1 << 20, 5, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new PassphraseCost(1 << 20, 4, 1).memoryKib()).isEqualTo(1 << 20);
  }

  private static KeyProvider cheap(String passphrase) {
    return KeyProviders.passphrase(passphrase.toCharArray(), CHEAP);
  }

  private static VolumeKey unlock(KeyProvider provider, List<KeySlot> slots) throws IOException {
    return provider.unlock(KeyRequest.of(VOLUME, slots));
  }

  private Path file(String content) throws IOException {
    Path file = Files.createTempFile(directory, "passphrase", "");
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private static io.fspf.internal.format.KeySlot message(KeySlot slot)
      throws InvalidProtocolBufferException {
    return io.fspf.internal.format.KeySlot.parseFrom(slot.toBytes());
  }

  private static KeySlot changed(KeySlot slot, Consumer<PassphraseSlot.Builder> change)
      throws InvalidProtocolBufferException {
    var builder = message(slot).toBuilder();
    change.accept(builder.getPassphraseBuilder());
    return KeySlot.ofBytes(builder.build().toByteArray());
  }

  private static ByteString flipped(ByteString bytes, int index) {
    byte[] changed = bytes.toByteArray();
    changed[index] ^= 1;
    return ByteString.copyFrom(changed);
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }
}
