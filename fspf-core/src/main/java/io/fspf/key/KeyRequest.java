package io.fspf.key;

import java.util.List;

/**
 * What a {@link KeyProvider} is told of the volume whose key is wanted. All of it is the untrusted
 * host's word. Immutable.
 */
public final class KeyRequest {
  /** The most slots that a header may hold. */
  public static final int MAX_SLOTS = 16;

  private static final int VOLUME_ID_LENGTH = 16;

  private final byte[] volumeId;
  private final List<KeySlot> keySlots;

  private KeyRequest(byte[] volumeId, List<KeySlot> keySlots) {
    this.volumeId = volumeId;
    this.keySlots = keySlots;
  }

  /**
   * A request.
   *
   * @param volumeId 16 bytes
   * @param keySlots at most {@link #MAX_SLOTS}
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static KeyRequest of(byte[] volumeId, List<KeySlot> keySlots) {
    checkVolumeId(volumeId);
    if (keySlots.size() > MAX_SLOTS) {
      throw new IllegalArgumentException("A volume has at most " + MAX_SLOTS + " key slots");
    }
    return new KeyRequest(volumeId.clone(), List.copyOf(keySlots));
  }

  static void checkVolumeId(byte[] volumeId) {
    if (volumeId.length != VOLUME_ID_LENGTH) {
      throw new IllegalArgumentException("A volume id has 16 bytes, not " + volumeId.length);
    }
  }

  /** The volume's id, 16 bytes; a copy. */
  public byte[] volumeId() {
    return volumeId.clone();
  }

  /** The slots of its header, in their order. */
  public List<KeySlot> keySlots() {
    return keySlots;
  }
}
