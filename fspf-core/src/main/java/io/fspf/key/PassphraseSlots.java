package io.fspf.key;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.Argon2id;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.PassphraseSlot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a volume key under a passphrase, and unwraps it.
 *
 * <p>The wrapping key is Argon2id (RFC 9106) of the passphrase, the wrapping AES-256-GCM. The AAD
 * is the label {@code fspf/v1/key-slot/passphrase}, the volume id (16 bytes), the salt (16 bytes),
 * and memory, iterations and parallelism (4 bytes each, big-endian). GCM does not commit to its
 * key; the header's key commitment, which the volume checks next, does.
 */
final class PassphraseSlots {
  private static final int SALT_LENGTH = 16;
  private static final byte[] LABEL =
      "fspf/v1/key-slot/passphrase".getBytes(StandardCharsets.US_ASCII);

  private final CryptoContext context;
  private final long maxWorkKib;

  PassphraseSlots(CryptoContext context) {
    this(context, PassphraseCost.MAX_WORK_KIB);
  }

  /** Tries no more slots than cost {@code maxWorkKib} in all. */
  PassphraseSlots(CryptoContext context, long maxWorkKib) {
    this.context = context;
    this.maxWorkKib = maxWorkKib;
  }

  KeySlot wrap(VolumeKey key, SecretBytes passphrase, PassphraseCost cost, byte[] volumeId) {
    byte[] salt = context.random().bytes(SALT_LENGTH);
    byte[] wrapped = new byte[VolumeKey.LENGTH + AeadKey.TAG_LENGTH];
    byte[] nonce;
    byte[] bytes = key.exportBytes();
    try (SecretBytes wrapping = derive(passphrase, salt, cost);
        AeadKey aead = context.aead(wrapping)) {
      nonce = aead.nextNonce();
      aead.seal(nonce, aad(volumeId, salt, cost), bytes, 0, bytes.length, wrapped, 0);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
    var slot =
        PassphraseSlot.newBuilder()
            .setSalt(ByteString.copyFrom(salt))
            .setMemoryKib(cost.memoryKib())
            .setIterations(cost.iterations())
            .setParallelism(cost.parallelism())
            .setNonce(ByteString.copyFrom(nonce))
            .setWrappedKey(ByteString.copyFrom(wrapped));
    return KeySlot.ofBytes(
        io.fspf.internal.format.KeySlot.newBuilder().setPassphrase(slot).build().toByteArray());
  }

  /**
   * The key of the first slot that the passphrase opens.
   *
   * @throws VolumeKeyException if it opens none, or would cost too much
   */
  VolumeKey unwrap(KeyRequest request, SecretBytes passphrase) throws VolumeKeyException {
    long workLeft = maxWorkKib;
    int tried = 0;
    @Nullable String refused = null;
    for (KeySlot slot : request.keySlots()) {
      try {
        Optional<PassphraseSlot> message = parse(slot);
        if (message.isEmpty()) {
          continue;
        }
        PassphraseCost cost = cost(message.get());
        checkAffordable(cost, workLeft);
        workLeft -= cost.argon2().work();
        tried++;
        Optional<VolumeKey> key = open(message.get(), cost, passphrase, request.volumeId());
        if (key.isPresent()) {
          return key.get();
        }
      } catch (IllegalArgumentException e) {
        refused = e.getMessage();
      }
    }
    if (tried == 0 && refused == null) {
      throw new VolumeKeyException(
          "This volume has no passphrase; open it with its key file or volume key");
    }
    throw new VolumeKeyException(
        (tried == 0
                ? "No key slot of this volume can be tried"
                : "The passphrase opens no key slot of this volume: it is wrong, or it is another"
                    + " volume's")
            + (refused == null ? "" : " (a slot was refused: " + refused + ")"));
  }

  /** The slot as a message; empty where it is of another kind. */
  private static Optional<PassphraseSlot> parse(KeySlot slot) {
    try {
      var message = io.fspf.internal.format.KeySlot.parseFrom(slot.toBytes());
      if (!message.hasPassphrase()) {
        return Optional.empty();
      }
      PassphraseSlot passphrase = message.getPassphrase();
      if (!message.getUnknownFields().asMap().isEmpty()
          || !passphrase.getUnknownFields().asMap().isEmpty()) {
        throw new IllegalArgumentException("it has fields that this version does not know");
      }
      return Optional.of(passphrase);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("it is damaged", e);
    }
  }

  private static PassphraseCost cost(PassphraseSlot slot) {
    if (slot.getSalt().size() != SALT_LENGTH
        || slot.getNonce().size() != AeadKey.NONCE_LENGTH
        || slot.getWrappedKey().size() != VolumeKey.LENGTH + AeadKey.TAG_LENGTH) {
      throw new IllegalArgumentException("a field has a wrong length");
    }
    return new PassphraseCost(slot.getMemoryKib(), slot.getIterations(), slot.getParallelism());
  }

  /** Before anything is allocated. */
  private void checkAffordable(PassphraseCost cost, long workLeft) {
    if (cost.argon2().work() > workLeft) {
      throw new IllegalArgumentException(
          "all slots together ask for more than " + maxWorkKib + " KiB of work");
    }
    long heapKib = Runtime.getRuntime().maxMemory() >> 10;
    if (cost.memoryKib() > heapKib / 4 * 3) {
      throw new IllegalArgumentException(
          "it takes "
              + cost.memoryKib()
              + " KiB of memory, the heap has "
              + heapKib
              + " KiB; run Java with a larger -Xmx");
    }
  }

  private Optional<VolumeKey> open(
      PassphraseSlot slot, PassphraseCost cost, SecretBytes passphrase, byte[] volumeId) {
    byte[] salt = slot.getSalt().toByteArray();
    byte[] wrapped = slot.getWrappedKey().toByteArray();
    byte[] bytes = new byte[VolumeKey.LENGTH];
    try (SecretBytes wrapping = derive(passphrase, salt, cost);
        AeadKey aead = context.aead(wrapping)) {
      boolean opened =
          aead.open(
              slot.getNonce().toByteArray(),
              aad(volumeId, salt, cost),
              wrapped,
              0,
              wrapped.length,
              bytes,
              0);
      return opened ? Optional.of(VolumeKey.ofBytes(bytes)) : Optional.empty();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static SecretBytes derive(SecretBytes passphrase, byte[] salt, PassphraseCost cost) {
    return Argon2id.derive(passphrase, salt, cost.argon2(), AeadKey.KEY_LENGTH);
  }

  private static byte[] aad(byte[] volumeId, byte[] salt, PassphraseCost cost) {
    return ByteBuffer.allocate(LABEL.length + volumeId.length + salt.length + 12)
        .put(LABEL)
        .put(volumeId)
        .put(salt)
        .putInt(cost.memoryKib())
        .putInt(cost.iterations())
        .putInt(cost.parallelism())
        .array();
  }
}
