package io.fspf.internal.file;

import io.fspf.Integrity;
import io.fspf.IntegrityException;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.ChunkAad;
import io.fspf.internal.crypto.ChunkKeys;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes file keys, and opens those of records.
 *
 * <p>In a volume with a key, a record holds the file key wrapped (AES-256-GCM under a key derived
 * from the volume key, bound to file id, epoch and integrity), so that no file key is in clear in
 * the heap but while its file is open. Thread-safe.
 */
public final class FileKeys {
  private static final byte[] LABEL = "fspf/v1/file-key".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONE = {};

  private final CryptoContext crypto;
  private final @Nullable AeadKey wrap;

  /**
   * The file keys of a volume.
   *
   * @param wrap the key that wraps them, or null in a volume without a key; stays the caller's
   */
  public FileKeys(CryptoContext crypto, @Nullable AeadKey wrap) {
    this.crypto = crypto;
    this.wrap = wrap;
  }

  /**
   * A file's identity with its key.
   *
   * @param storedKey as the record holds it
   */
  public record Fresh(FileIdentity identity, byte[] storedKey) {}

  /** A new identity for a file of a region. */
  public Fresh create(int regionId, Region region) {
    if (region.protection() == Protection.NOT_PROTECTED) {
      throw new IllegalArgumentException("The region is not protected");
    }
    byte[] fileId = crypto.random().bytes(FileIdentity.FILE_ID_LENGTH);
    return withFreshKey(
        new FileIdentity(regionId, fileId, 0, region.integrity(), region.chunkSize()));
  }

  /** The same file in its next epoch, with a fresh key. */
  public Fresh renew(FileIdentity identity) {
    return withFreshKey(
        new FileIdentity(
            identity.region(),
            identity.fileId(),
            Math.incrementExact(identity.epoch()),
            identity.integrity(),
            identity.chunkSize()));
  }

  private Fresh withFreshKey(FileIdentity identity) {
    if (identity.integrity() == Integrity.SHA256) {
      return new Fresh(identity, NONE);
    }
    try (SecretBytes key = crypto.random().secret(ChunkKeys.FILE_KEY_LENGTH)) {
      return new Fresh(identity, store(identity, key));
    }
  }

  /** The stored form of a key that another volume key, or none, stored. */
  public byte[] rewrap(FileIdentity identity, byte[] stored, FileKeys from)
      throws IntegrityException {
    if (identity.integrity() == Integrity.SHA256) {
      return NONE;
    }
    try (SecretBytes key = from.load(identity, stored)) {
      return store(identity, key);
    }
  }

  private byte[] store(FileIdentity identity, SecretBytes key) {
    if (wrap == null) {
      return key.expose(byte[]::clone);
    }
    byte[] stored = new byte[AeadKey.NONCE_LENGTH + key.length() + AeadKey.TAG_LENGTH];
    wrap.nextNonce(stored, 0);
    key.<@Nullable Void>expose(
        bytes -> {
          wrap.seal(
              stored, 0, context(identity), bytes, 0, bytes.length, stored, AeadKey.NONCE_LENGTH);
          return null;
        });
    return stored;
  }

  private SecretBytes load(FileIdentity identity, byte[] stored) throws IntegrityException {
    int length = ChunkKeys.FILE_KEY_LENGTH;
    int expected = wrap == null ? length : AeadKey.NONCE_LENGTH + length + AeadKey.TAG_LENGTH;
    if (stored.length != expected) {
      throw new IntegrityException(null, -1, "a file key has " + stored.length + " bytes");
    }
    if (wrap == null) {
      return SecretBytes.copyOf(stored);
    }
    byte[] key = new byte[length];
    boolean right =
        wrap.open(
            stored,
            0,
            context(identity),
            stored,
            AeadKey.NONCE_LENGTH,
            length + AeadKey.TAG_LENGTH,
            key,
            0);
    if (!right) {
      throw new IntegrityException(null, -1, "a file key is not this file's");
    }
    return SecretBytes.moveFrom(key);
  }

  private static byte[] context(FileIdentity identity) {
    return ByteBuffer.allocate(LABEL.length + FileIdentity.FILE_ID_LENGTH + 8)
        .put(LABEL)
        .put(identity.fileId())
        .putInt(identity.epoch())
        .putInt(ChunkAad.number(identity.integrity()))
        .array();
  }

  /**
   * What protects the file's chunks; the caller closes it.
   *
   * @throws IntegrityException if the stored key is not this file's
   */
  ChunkProtector protector(FileIdentity identity, byte[] storedKey) throws IntegrityException {
    if (identity.integrity() == Integrity.SHA256) {
      return new DigestProtector(crypto.sha256(), identity);
    }
    try (SecretBytes key = load(identity, storedKey)) {
      return identity.integrity() == Integrity.GMAC
          ? new GmacProtector(
              ChunkKeys.gmac(crypto, key, identity.fileId(), identity.epoch()), identity)
          : new GcmProtector(
              ChunkKeys.gcm(crypto, key, identity.fileId(), identity.epoch()),
              crypto.sha256(),
              identity);
    }
  }
}
