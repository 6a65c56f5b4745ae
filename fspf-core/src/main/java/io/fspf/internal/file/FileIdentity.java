package io.fspf.internal.file;

import com.google.common.io.BaseEncoding;
import io.fspf.Integrity;

/**
 * What binds a file's chunks to the file.
 *
 * @param region the number of its region
 * @param fileId 16 random bytes, never used for another file; not changed once made
 * @param epoch grows with each fresh file key
 * @param integrity what its chunk records are made of
 * @param chunkSize in bytes
 */
public record FileIdentity(
    int region, byte[] fileId, int epoch, Integrity integrity, int chunkSize) {
  /** The length of a file id, in bytes. */
  public static final int FILE_ID_LENGTH = 16;

  /** The file id and the epoch, as they name an object file. */
  public String objectName() {
    String id = BaseEncoding.base16().lowerCase().encode(fileId);
    return epoch == 0 ? id : id + "-" + epoch;
  }

  /** Whether the content is hidden in an object file. */
  public boolean isEncrypted() {
    return integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
  }
}
