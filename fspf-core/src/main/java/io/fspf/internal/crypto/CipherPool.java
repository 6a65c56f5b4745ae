package io.fspf.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.ArrayDeque;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The idle ciphers of one key, for use in one direction. A cipher that has worked with a key keeps
 * its expansion, which is most of the cost of a small chunk; one that goes through other hands
 * loses it. So ciphers belong to the key (not to the thread: that would keep keys alive in threads
 * that have forgotten them).
 *
 * <p>Thread-safe.
 */
final class CipherPool {
  private static final int MAX_IDLE = 2 * Runtime.getRuntime().availableProcessors();

  /** A cipher and the nonce that it was last set to. Belongs to one thread at a time. */
  static final class Entry {
    final Cipher cipher;
    private final byte[] nonce = new byte[AeadKey.NONCE_LENGTH];
    private boolean used;

    private Entry(Cipher cipher) {
      this.cipher = cipher;
    }

    void init(int mode, AesKey key, byte[] from, int offset) throws GeneralSecurityException {
      cipher.init(
          mode,
          key,
          new GCMParameterSpec(8 * AeadKey.TAG_LENGTH, from, offset, AeadKey.NONCE_LENGTH));
      System.arraycopy(from, offset, nonce, 0, AeadKey.NONCE_LENGTH);
      used = true;
    }

    boolean wasLastSetTo(byte[] other, int offset) {
      return used
          && Arrays.equals(nonce, 0, nonce.length, other, offset, offset + AeadKey.NONCE_LENGTH);
    }
  }

  private final Provider provider;
  private final ArrayDeque<Entry> idle = new ArrayDeque<>();
  private boolean closed;

  CipherPool(Provider provider) {
    this.provider = provider;
  }

  /**
   * A cipher for the caller alone, to be {@linkplain #give given} back unless an operation on it
   * failed.
   */
  Entry take() throws GeneralSecurityException {
    Entry entry = poll();
    return entry != null ? entry : fresh();
  }

  /** A cipher that has not worked yet. */
  Entry fresh() throws GeneralSecurityException {
    return new Entry(Cipher.getInstance("AES/GCM/NoPadding", provider));
  }

  private synchronized @Nullable Entry poll() {
    if (closed) {
      throw new IllegalStateException("The key was destroyed");
    }
    return idle.pollLast();
  }

  synchronized void give(Entry entry) {
    if (!closed && idle.size() < MAX_IDLE) {
      idle.addLast(entry);
    }
  }

  synchronized void close() {
    closed = true;
    idle.clear();
  }
}
