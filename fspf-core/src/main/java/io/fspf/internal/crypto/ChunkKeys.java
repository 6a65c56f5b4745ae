package io.fspf.internal.crypto;

/**
 * Derives the keys of a file's chunks from its file key: HKDF-SHA-256, the salt is the file's id,
 * the info is {@code fspf/v1/chunk/gcm} or {@code fspf/v1/chunk/gmac} and then the key epoch in 4
 * bytes, big-endian. So content of one file, epoch or mode never passes for that of another.
 */
public final class ChunkKeys {
  /** The length of a file key in bytes. */
  public static final int FILE_KEY_LENGTH = 32;

  /** The length of a file's id in bytes. */
  public static final int FILE_ID_LENGTH = 16;

  private ChunkKeys() {}

  /** The key of an encrypted file's chunks. */
  public static AeadKey gcm(
      CryptoContext context, SecretBytes fileKey, byte[] fileId, int keyEpoch) {
    try (SecretBytes key = derive(fileKey, fileId, "fspf/v1/chunk/gcm", keyEpoch)) {
      return context.aead(key);
    }
  }

  /** The key of the chunks of an authenticated file with GMAC. */
  public static MacKey gmac(
      CryptoContext context, SecretBytes fileKey, byte[] fileId, int keyEpoch) {
    try (SecretBytes key = derive(fileKey, fileId, "fspf/v1/chunk/gmac", keyEpoch)) {
      return context.gmac(key);
    }
  }

  private static SecretBytes derive(
      SecretBytes fileKey, byte[] fileId, String label, int keyEpoch) {
    if (fileKey.length() != FILE_KEY_LENGTH) {
      throw new IllegalArgumentException("A file key has 32 bytes, not " + fileKey.length());
    }
    Labels.requireLength(fileId, FILE_ID_LENGTH, "A file id");
    return Hkdf.sha256(fileKey, fileId, Labels.with(label, keyEpoch), AeadKey.KEY_LENGTH);
  }
}
