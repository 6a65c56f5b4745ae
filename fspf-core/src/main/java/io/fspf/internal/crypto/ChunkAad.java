package io.fspf.internal.crypto;

import io.fspf.Integrity;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Builds what binds a chunk to its place: the additional data of GCM, and the prefix of the content
 * under GMAC and SHA-256.
 *
 * <p>A block of 64 bytes, all numbers big-endian:
 *
 * <pre>
 *    0  the label "fspf/v1/chunk", zeros up to 16 bytes; it names the format's version
 *   16  mode: 1 SHA-256, 2 GMAC, 3 GCM, 4 GCM with SHA-256 (the numbers of Integrity in fspf.proto)
 *   17  three zeros
 *   20  region id, 4 bytes
 *   24  file id, 16 bytes
 *   40  key epoch, 4 bytes; 0 for SHA-256, which has no key
 *   44  chunk index, 8 bytes
 *   52  plaintext length, 4 bytes
 *   56  eight zeros
 * </pre>
 *
 * <p>64 bytes are one block of SHA-256 and four of GHASH, so that the content behind it stays
 * aligned. With mode 4 the same block is both the additional data of GCM and the prefix of the
 * ciphertext under SHA-256.
 *
 * <p>Immutable and thread-safe; one for each file.
 */
public final class ChunkAad {
  /** The length of the block in bytes. */
  public static final int LENGTH = 64;

  private static final byte[] LABEL = "fspf/v1/chunk".getBytes(StandardCharsets.US_ASCII);
  private static final int INDEX = 44;
  private static final int PLAINTEXT_LENGTH = 52;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] template;

  /**
   * For the chunks of one file.
   *
   * @param fileId 16 bytes
   * @param keyEpoch 0 for {@link Integrity#SHA256}
   */
  public ChunkAad(Integrity mode, int regionId, byte[] fileId, int keyEpoch) {
    Labels.requireLength(fileId, ChunkKeys.FILE_ID_LENGTH, "A file id");
    if (mode == Integrity.SHA256 && keyEpoch != 0) {
      throw new IllegalArgumentException("SHA-256 has no key epoch");
    }
    this.template =
        ByteBuffer.allocate(LENGTH)
            .put(LABEL)
            .position(16)
            .put(number(mode))
            .position(20)
            .putInt(regionId)
            .put(fileId)
            .putInt(keyEpoch)
            .array();
  }

  /** The number of a mode in everything that binds it: that of Integrity in fspf.proto. */
  public static byte number(Integrity mode) {
    return switch (mode) {
      case SHA256 -> 1;
      case GMAC -> 2;
      case GCM -> 3;
      case GCM_SHA256 -> 4;
    };
  }

  /**
   * The block of one chunk, a new array.
   *
   * @param index of the chunk in the file, from 0
   * @param plaintextLength of the chunk in bytes
   */
  public byte[] of(long index, int plaintextLength) {
    if (index < 0 || plaintextLength < 0) {
      throw new IllegalArgumentException("Chunk " + index + " of " + plaintextLength + " bytes");
    }
    byte[] block = template.clone();
    LONG.set(block, INDEX, index);
    INT.set(block, PLAINTEXT_LENGTH, plaintextLength);
    return block;
  }
}
