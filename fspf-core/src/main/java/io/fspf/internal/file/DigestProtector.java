package io.fspf.internal.file;

import io.fspf.Integrity;
import io.fspf.internal.crypto.ChunkAad;
import io.fspf.internal.crypto.Sha256;

/** Authenticates by SHA-256 of the chunk behind the block that names its place. */
final class DigestProtector implements ChunkProtector {
  private final Sha256 sha256;
  private final ChunkAad places;

  DigestProtector(Sha256 sha256, FileIdentity identity) {
    this.sha256 = sha256;
    this.places = new ChunkAad(Integrity.SHA256, identity.region(), identity.fileId(), 0);
  }

  @Override
  public byte[] protect(
      long chunk, byte[] clear, int clearOffset, int length, byte[] stored, int storedOffset) {
    var record = new byte[Sha256.LENGTH];
    sha256.digest(places.of(chunk, length), clear, clearOffset, length, record, 0);
    ChunkProtector.copy(clear, clearOffset, stored, storedOffset, length);
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
    boolean right =
        sha256.matches(
            records, recordOffset, places.of(chunk, length), stored, storedOffset, length);
    if (right) {
      ChunkProtector.copy(stored, storedOffset, clear, clearOffset, length);
    }
    return right;
  }

  @Override
  public void close() {}
}
