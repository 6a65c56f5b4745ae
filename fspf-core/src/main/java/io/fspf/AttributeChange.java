package io.fspf;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which attributes of a file to change, and to what.
 *
 * @param mode permission, set-id and sticky bits: 07777
 */
public record AttributeChange(
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    Optional<Instant> modified,
    Optional<Instant> accessed,
    Optional<Instant> created) {

  private static final AttributeChange NONE =
      new AttributeChange(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Only the mode. */
  public static AttributeChange ofMode(int mode) {
    return new AttributeChange(
        OptionalInt.of(mode), NONE.uid, NONE.gid, NONE.modified, NONE.accessed, NONE.created);
  }

  /** Only the owner and group. */
  public static AttributeChange ofOwner(int uid, int gid) {
    return new AttributeChange(
        NONE.mode,
        OptionalInt.of(uid),
        OptionalInt.of(gid),
        NONE.modified,
        NONE.accessed,
        NONE.created);
  }

  /** Only the times that are present. */
  public static AttributeChange ofTimes(
      Optional<Instant> modified, Optional<Instant> accessed, Optional<Instant> created) {
    return new AttributeChange(NONE.mode, NONE.uid, NONE.gid, modified, accessed, created);
  }
}
