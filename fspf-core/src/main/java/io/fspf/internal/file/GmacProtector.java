package io.fspf.internal.file;

import io.fspf.Integrity;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.ChunkAad;
import io.fspf.internal.crypto.MacKey;

/** Authenticates by GMAC of the chunk behind the block that names its place. */
final class GmacProtector implements ChunkProtector {
  private final MacKey key;
  private final ChunkAad places;

  GmacProtector(MacKey key, FileIdentity identity) {
    this.key = key;
    this.places =
        new ChunkAad(Integrity.GMAC, identity.region(), identity.fileId(), identity.epoch());
  }

  @Override
  public byte[] protect(
      long chunk, byte[] clear, int clearOffset, int length, byte[] stored, int storedOffset) {
    var record = new byte[AeadKey.NONCE_LENGTH + AeadKey.TAG_LENGTH];
    key.nextNonce(record, 0);
    key.mac(
        record,
        0,
        places.of(chunk, length),
        clear,
        clearOffset,
        length,
        record,
        AeadKey.NONCE_LENGTH);
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
        key.verify(
            records,
            recordOffset,
            places.of(chunk, length),
            stored,
            storedOffset,
            length,
            records,
            recordOffset + AeadKey.NONCE_LENGTH);
    if (right) {
      ChunkProtector.copy(stored, storedOffset, clear, clearOffset, length);
    }
    return right;
  }

  @Override
  public void close() {
    key.close();
  }
}
