package io.fspf.key;

import io.fspf.VolumeKey;
import java.util.List;

/**
 * A volume key and the slots in which it is to be found again.
 *
 * @param key belongs to whoever holds this
 * @param keySlots for the header, at most {@link KeyRequest#MAX_SLOTS}; none where the provider
 *     keeps the key elsewhere
 */
public record NewKey(VolumeKey key, List<KeySlot> keySlots) implements AutoCloseable {
  /** Throws {@link IllegalArgumentException} if there are too many slots. */
  public NewKey {
    keySlots = List.copyOf(keySlots);
    if (keySlots.size() > KeyRequest.MAX_SLOTS) {
      throw new IllegalArgumentException(
          "A volume has at most " + KeyRequest.MAX_SLOTS + " key slots");
    }
  }

  /** A key without a slot. */
  public static NewKey withoutSlots(VolumeKey key) {
    return new NewKey(key, List.of());
  }

  /** Wipes the key. */
  @Override
  public void close() {
    key.close();
  }
}
