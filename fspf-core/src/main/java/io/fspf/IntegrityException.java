package io.fspf;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The host returned something else than what was committed. Nothing of it has been passed on.
 *
 * <p>The message names the path in the volume (or the metadata file), the offset where there is
 * one, and what was violated.
 */
public class IntegrityException extends FspfException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String path;
  private final long offset;
  private final String reason;

  /**
   * Content of a file at a byte offset.
   *
   * @param path the clear path in the volume
   * @param offset in bytes from the start of the file, or negative where no offset applies
   * @param reason what was violated, in a few words
   */
  public IntegrityException(@Nullable String path, long offset, String reason) {
    super(message(path, offset, reason));
    this.path = path;
    this.offset = offset;
    this.reason = reason;
  }

  /** The same, with the violation that this one stands for. */
  public IntegrityException(@Nullable String path, long offset, String reason, Throwable cause) {
    super(message(path, offset, reason), cause);
    this.path = path;
    this.offset = offset;
    this.reason = reason;
  }

  /**
   * The volume's metadata, at a byte offset of the fspf file, or negative where no offset applies.
   */
  public static IntegrityException inMetadata(long offset, String reason) {
    return new IntegrityException(null, offset, reason);
  }

  private static String message(@Nullable String path, long offset, String reason) {
    String where = path == null ? "volume metadata" : path;
    return where + (offset < 0 ? "" : " at offset " + offset) + ": " + reason;
  }

  /** The clear path in the volume, or null for the volume's metadata. */
  public @Nullable String path() {
    return path;
  }

  /** The offset in bytes, where there is one. */
  public OptionalLong offset() {
    return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** What was violated, in a few words. */
  public String reason() {
    return reason;
  }
}
