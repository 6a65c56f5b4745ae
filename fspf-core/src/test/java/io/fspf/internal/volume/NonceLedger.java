package io.fspf.internal.volume;

import io.fspf.internal.crypto.NonceObserver;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** Notes every pair of key and nonce, and fails when one comes twice. Thread-safe. */
final class NonceLedger implements NonceObserver {
  private record Use(long key1, long key2, long nonce1, int nonce2) {}

  private final Set<Use> uses = new HashSet<>();

  @Override
  public synchronized void used(byte[] keyFingerprint, byte[] nonce) {
    ByteBuffer key = ByteBuffer.wrap(keyFingerprint);
    ByteBuffer number = ByteBuffer.wrap(nonce);
    if (!uses.add(new Use(key.getLong(), key.getLong(), number.getLong(), number.getInt()))) {
      throw new AssertionError("A nonce was used twice under one key");
    }
  }

  synchronized int size() {
    return uses.size();
  }
}
