package io.fspf.internal.crypto;

/**
 * The keys that seal a volume's metadata, and the commitment by which a wrong volume key is found
 * out before anything is decrypted.
 *
 * <p>Each is HKDF-SHA-256 of the volume key with the header's salt; the info is a label, {@code
 * fspf/v1/metadata-node}, {@code fspf/v1/metadata-commit}, {@code fspf/v1/file-keys} or {@code
 * fspf/v1/key-commitment}, and then the 16 bytes of the volume's id. SHA-256 resists collisions, so
 * the commitment binds: no two keys have the same.
 *
 * <p>Thread-safe. Closing destroys the keys.
 */
public final class MetadataKeys implements AutoCloseable {
  /** The length of the header's salt in bytes. */
  public static final int SALT_LENGTH = 32;

  /** The length of a volume's id in bytes. */
  public static final int VOLUME_ID_LENGTH = 16;

  /** The length of the commitment in bytes. */
  public static final int COMMITMENT_LENGTH = 32;

  private final AeadKey node;
  private final AeadKey commit;
  private final AeadKey fileKeys;
  private final byte[] commitment;

  private MetadataKeys(AeadKey node, AeadKey commit, AeadKey fileKeys, byte[] commitment) {
    this.node = node;
    this.commit = commit;
    this.fileKeys = fileKeys;
    this.commitment = commitment;
  }

  /**
   * Derives the keys. The volume key stays the caller's.
   *
   * @param salt the header's, 32 bytes
   * @param volumeId 16 bytes
   */
  public static MetadataKeys derive(
      CryptoContext context, SecretBytes volumeKey, byte[] salt, byte[] volumeId) {
    Labels.requireLength(salt, SALT_LENGTH, "The header's salt");
    Labels.requireLength(volumeId, VOLUME_ID_LENGTH, "A volume id");
    try (SecretBytes node = derive(volumeKey, salt, "fspf/v1/metadata-node", volumeId);
        SecretBytes commit = derive(volumeKey, salt, "fspf/v1/metadata-commit", volumeId);
        SecretBytes fileKeys = derive(volumeKey, salt, "fspf/v1/file-keys", volumeId);
        SecretBytes commitment = derive(volumeKey, salt, "fspf/v1/key-commitment", volumeId)) {
      return new MetadataKeys(
          context.aead(node),
          context.aead(commit),
          context.aead(fileKeys),
          commitment.expose(byte[]::clone));
    }
  }

  private static SecretBytes derive(SecretBytes key, byte[] salt, String label, byte[] volumeId) {
    return Hkdf.sha256(key, salt, Labels.with(label, volumeId), 32);
  }

  /** Seals the nodes of the tree. */
  public AeadKey node() {
    return node;
  }

  /** Seals the commits. */
  public AeadKey commit() {
    return commit;
  }

  /** Wraps the file keys in the records. */
  public AeadKey fileKeys() {
    return fileKeys;
  }

  /** The 32 bytes that the header holds; no secret. A copy. */
  public byte[] commitment() {
    return commitment.clone();
  }

  /** Whether the header's commitment is that of the volume key; in constant time. */
  public boolean matches(byte[] headersCommitment) {
    return Sha256.equal(commitment, headersCommitment);
  }

  @Override
  public void close() {
    node.close();
    commit.close();
    fileKeys.close();
  }

  @Override
  public String toString() {
    return "MetadataKeys[redacted]";
  }
}
