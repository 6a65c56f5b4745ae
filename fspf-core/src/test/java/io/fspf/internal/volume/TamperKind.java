package io.fspf.internal.volume;

import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.VolumePath;

/** A kind of region, in a volume with a key or without one. */
enum TamperKind {
  GCM(Integrity.GCM, true),
  GCM_SHA256(Integrity.GCM_SHA256, true),
  SHA256(Integrity.SHA256, true),
  GMAC(Integrity.GMAC, true),
  GCM_WITHOUT_KEY(Integrity.GCM, false),
  GCM_SHA256_WITHOUT_KEY(Integrity.GCM_SHA256, false),
  SHA256_WITHOUT_KEY(Integrity.SHA256, false),
  GMAC_WITHOUT_KEY(Integrity.GMAC, false);

  /** The directory of the region's host files, below the volume's. */
  static final String CONTENT = "content";

  private final Integrity integrity;
  private final boolean keyed;

  TamperKind(Integrity integrity, boolean keyed) {
    this.integrity = integrity;
    this.keyed = keyed;
  }

  boolean isKeyed() {
    return keyed;
  }

  /** A root region of this kind. */
  Region region() {
    boolean encrypted = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    return (encrypted
            ? Region.encrypted(VolumePath.ROOT, CONTENT)
            : Region.authenticated(VolumePath.ROOT, CONTENT))
        .withIntegrity(integrity)
        .withChunkSize(Region.MIN_CHUNK_SIZE);
  }
}
