package io.fspf.internal.file;

/**
 * Bounds of what contents hold and do.
 *
 * @param inlineBytes content up to this size stands in the file's record, in an encrypted region
 * @param fileDirtyBytes full chunks that one file holds before it writes them, and how much it
 *     writes at a time
 * @param volumeHeldBytes changed chunks that all files hold in clear, if the cache's size allows as
 *     many
 * @param keyUses chunks that may be sealed under one file key. With random 96-bit nonces, NIST SP
 *     800-38D §8.3 allows 2^32
 * @param helped whether other threads may seal, open and read ahead; else all is done, in a fixed
 *     order, in the thread that asks
 */
public record ContentLimits(
    int inlineBytes, int fileDirtyBytes, long volumeHeldBytes, long keyUses, boolean helped) {
  /** 2 KiB inline, 4 MiB of full chunks, what the cache allows, 2^31 chunks, with help. */
  public static final ContentLimits STANDARD =
      new ContentLimits(2 << 10, 4 << 20, Long.MAX_VALUE, 1L << 31, true);
}
