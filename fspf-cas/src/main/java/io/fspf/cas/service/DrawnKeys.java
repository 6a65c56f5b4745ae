package io.fspf.cas.service;

import io.fspf.VolumeKey;
import io.fspf.cas.decision.VolumeId;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.wire.Message;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of volumes for which no session has one: drawn once, when the first program gets the
 * volume. Not thread-safe.
 */
final class DrawnKeys {
  private final Records records;
  private final Map<VolumeId, VolumeKey> keys = new HashMap<>();

  DrawnKeys(Records records) throws IOException {
    this.records = records;
    for (Message message : records.all(Kind.DRAWN_KEY)) {
      byte[] key = message.bytes("key");
      keys.put(Grant.volumeId(message), VolumeKey.ofBytes(key));
      Arrays.fill(key, (byte) 0);
    }
  }

  Optional<VolumeKey> get(VolumeId volume) {
    return Optional.ofNullable(keys.get(volume));
  }

  VolumeKey getOrDraw(VolumeId volume) throws IOException {
    VolumeKey known = keys.get(volume);
    if (known != null) {
      return known;
    }
    VolumeKey key = VolumeKey.generate();
    byte[] bytes = key.exportBytes();
    records.put(Kind.DRAWN_KEY, volume.unique(), Grant.volume(volume).with("key", bytes));
    Arrays.fill(bytes, (byte) 0);
    keys.put(volume, key);
    return key;
  }

  /** Wipes them. */
  void close() {
    keys.values().forEach(VolumeKey::close);
  }
}
