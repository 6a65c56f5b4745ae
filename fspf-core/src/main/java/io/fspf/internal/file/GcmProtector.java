package io.fspf.internal.file;

import io.fspf.Integrity;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.ChunkAad;
import io.fspf.internal.crypto.Sha256;

/** Encrypts by AES-256-GCM; with {@link Integrity#GCM_SHA256} also digests the ciphertext. */
final class GcmProtector implements ChunkProtector {
  private static final int DIGEST = AeadKey.NONCE_LENGTH + AeadKey.TAG_LENGTH;

  private final AeadKey key;
  private final Sha256 sha256;
  private final ChunkAad places;
  private final boolean digests;

  GcmProtector(AeadKey key, Sha256 sha256, FileIdentity identity) {
    this.key = key;
    this.sha256 = sha256;
    this.digests = identity.integrity() == Integrity.GCM_SHA256;
    this.places =
        new ChunkAad(identity.integrity(), identity.region(), identity.fileId(), identity.epoch());
  }

  @Override
  public byte[] protect(
      long chunk, byte[] clear, int clearOffset, int length, byte[] stored, int storedOffset) {
    var record = new byte[ChunkGroup.recordLength(digests ? Integrity.GCM_SHA256 : Integrity.GCM)];
    byte[] place = places.of(chunk, length);
    key.nextNonce(record, 0);
    key.seal(record, 0, place, clear, clearOffset, length, stored, storedOffset);
    System.arraycopy(
        stored, storedOffset + length, record, AeadKey.NONCE_LENGTH, AeadKey.TAG_LENGTH);
    if (digests) {
      sha256.digest(place, stored, storedOffset, length, record, DIGEST);
    }
    return record;
  }

  @Override
  public boolean recover(
      long chunk,
      byte[] records,
      int recordOffset,
      byte[] stored,
      int storedOffset,
      int length,
      byte[] clear,
      int clearOffset) {
    byte[] place = places.of(chunk, length);
    if (digests
        && !sha256.matches(records, recordOffset + DIGEST, place, stored, storedOffset, length)) {
      return false;
    }
    // JCA wants the tag right behind the ciphertext; the tag stands in the record. What it
    // displaces is put back.
    int tagAt = storedOffset + length;
    var displaced = new byte[AeadKey.TAG_LENGTH];
    System.arraycopy(stored, tagAt, displaced, 0, AeadKey.TAG_LENGTH);
    System.arraycopy(
        records, recordOffset + AeadKey.NONCE_LENGTH, stored, tagAt, AeadKey.TAG_LENGTH);
    try {
      return key.open(
          records,
          recordOffset,
          place,
          stored,
          storedOffset,
          length + AeadKey.TAG_LENGTH,
          clear,
          clearOffset);
    } finally {
      System.arraycopy(displaced, 0, stored, tagAt, AeadKey.TAG_LENGTH);
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
