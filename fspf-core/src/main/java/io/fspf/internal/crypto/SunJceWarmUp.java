package io.fspf.internal.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gets the JIT to compile SunJCE's AES and GHASH.
 *
 * <p>Uncompiled, SunJCE makes 0.06 GB/s; compiled, with the processor's instructions, 3 to 6. The
 * JIT counts calls and not bytes: with chunks of 64 KiB it takes some 300 MB, five seconds, until
 * it acts, and with larger ones it does not act at all. So where an operation was slow, a burst of
 * tiny operations makes up the number of calls. A burst costs a few milliseconds, and the number of
 * bursts is bounded, so that a JVM that never compiles loses little.
 *
 * <p>Thread-safe.
 */
final class SunJceWarmUp {
  private static final int MIN_LENGTH = 16 * 1024;
  private static final int SLOW_NANOS_PER_BYTE = 2;
  private static final int UPDATES = 3000;
  private static final int MACS = 500;
  private static final int MAX_BURSTS = 64;
  private static final int TINY = 64;

  private final Provider provider;
  private final AtomicInteger burstsLeft = new AtomicInteger(MAX_BURSTS);

  SunJceWarmUp(Provider provider) {
    this.provider = provider;
  }

  /** An operation on {@code length} bytes took so long. */
  void observe(int length, long nanos) {
    if (length >= MIN_LENGTH
        && nanos / length >= SLOW_NANOS_PER_BYTE
        && burstsLeft.get() > 0
        && burstsLeft.getAndDecrement() > 0) {
      burst();
    }
  }

  int burstsLeft() {
    return Math.max(0, burstsLeft.get());
  }

  /** Uses both ways into GHASH. Nothing is protected by it: the output is dropped. */
  private void burst() {
    byte[] scratch = new byte[TINY];
    SecretKeySpec key = new SecretKeySpec(new byte[AesKey.LENGTH], "AES");
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
      cipher.init(Cipher.ENCRYPT_MODE, key, nonce(0));
      for (int i = 0; i < UPDATES; i++) {
        cipher.update(scratch, 0, TINY, scratch, 0);
      }
      for (int i = 1; i <= MACS; i++) {
        cipher.init(Cipher.ENCRYPT_MODE, key, nonce(i));
        cipher.updateAAD(scratch, 0, TINY);
        cipher.doFinal(scratch, 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed in " + provider.getName(), e);
    }
  }

  private static GCMParameterSpec nonce(int number) {
    byte[] nonce = ByteBuffer.allocate(AeadKey.NONCE_LENGTH).putInt(number).array();
    return new GCMParameterSpec(8 * AeadKey.TAG_LENGTH, nonce);
  }
}
