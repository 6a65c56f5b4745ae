package io.fspf.internal.tree;

import com.google.protobuf.ByteString;
import io.fspf.RootTag;
import io.fspf.internal.format.KeySlot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new fspf file is made with.
 *
 * @param volumeId 16 random bytes
 * @param salt 32 random bytes, or none for a volume without a key
 * @param keySlots at most 16; none for a volume without a key
 * @param predecessor the last commit of the file that this one is to replace, or null for a new
 *     volume
 */
public record HeaderFields(
    ByteString volumeId,
    ByteString salt,
    List<KeySlot> keySlots,
    @Nullable Predecessor predecessor) {

  /** The copies are immutable. */
  public HeaderFields {
    keySlots = List.copyOf(keySlots);
  }

  /**
   * The commit that the first commit of a new file comes after: generations go on, and the tags
   * stay one chain.
   *
   * @param generation of it
   * @param tag of it
   */
  public record Predecessor(long generation, RootTag tag) {}
}
