package io.fspf.internal.file;

import org.jspecify.annotations.Nullable;

/**
 * What a file's record says of its content. Immutable; arrays are shared and never changed.
 *
 * @param size in bytes
 * @param inline the whole content, or null where it stands in chunks
 * @param identity what binds the chunks; null for a file that is inline
 * @param storedKey the file key as the record holds it, empty where there is none
 * @param keyUses chunks sealed under the key so far
 * @param objectSize the length of the object file; 0 in an authenticated region
 */
public record ContentState(
    long size,
    byte @Nullable [] inline,
    @Nullable FileIdentity identity,
    byte[] storedKey,
    long keyUses,
    long objectSize) {

  private static final byte[] NOTHING = {};

  /** Content that stands in the record. */
  public static ContentState inline(byte[] content) {
    return new ContentState(content.length, content, null, NOTHING, 0, 0);
  }
}
