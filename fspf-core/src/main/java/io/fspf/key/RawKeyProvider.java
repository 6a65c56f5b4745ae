package io.fspf.key;

import io.fspf.VolumeKey;

/** Has the key at hand. */
final class RawKeyProvider implements KeyProvider {
  private final VolumeKey key;

  RawKeyProvider(VolumeKey key) {
    this.key = key.copy();
  }

  @Override
  public VolumeKey unlock(KeyRequest request) {
    return key.copy();
  }

  @Override
  public NewKey create(byte[] volumeId) {
    return NewKey.withoutSlots(key.copy());
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "volume key";
  }
}
