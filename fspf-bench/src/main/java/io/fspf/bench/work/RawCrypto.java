package io.fspf.bench.work;

import io.fspf.CryptoEngine;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The same cipher on the same buffers and nothing else: the ceiling. Calls the engine's JCA
 * provider directly, with one key, a new nonce for each buffer and additional data as chunks have
 * them. Not thread-safe.
 */
public final class RawCrypto {
  private static final int TAG_SIZE = 16;
  private static final int NONCE_SIZE = 12;
  private static final byte[] CONTEXT = new byte[64];

  private final Provider gcm;
  private final Provider digests;
  private final Cipher cipher;
  private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
  private final byte[] plain;
  private final byte[] sealed;
  private final byte[] nonce = new byte[NONCE_SIZE];
  private final byte[] sealedNonce;
  private long count;

  /**
   * Buffers of one size, and the engine that this process uses.
   *
   * @param size of a buffer, in bytes
   */
  public RawCrypto(int size) throws GeneralSecurityException, ReflectiveOperationException {
    gcm = provider("SunJCE");
    digests = provider("SUN");
    cipher = Cipher.getInstance("AES/GCM/NoPadding", gcm);
    plain = new byte[size];
    sealed = new byte[size + TAG_SIZE];
    seal();
    sealedNonce = nonce.clone();
  }

  private static Provider provider(String jdk) throws ReflectiveOperationException {
    if (CryptoEngine.preferred().name().equals("accp")) {
      return (Provider)
          Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
              .getField("INSTANCE")
              .get(null);
    }
    return Security.getProvider(jdk);
  }

  /** Encrypts the buffer. */
  public void seal() throws GeneralSecurityException {
    nextNonce();
    init(Cipher.ENCRYPT_MODE, nonce);
    cipher.updateAAD(CONTEXT);
    cipher.doFinal(plain, 0, plain.length, sealed, 0);
  }

  /** Verifies and decrypts the buffer. */
  public void open() throws GeneralSecurityException {
    // A provider may refuse the same nonce twice on end when encrypting, none does when decrypting.
    init(Cipher.DECRYPT_MODE, sealedNonce);
    cipher.updateAAD(CONTEXT);
    cipher.doFinal(sealed, 0, sealed.length, plain, 0);
  }

  /** A GMAC of the buffer. */
  public byte[] gmac() throws GeneralSecurityException {
    nextNonce();
    init(Cipher.ENCRYPT_MODE, nonce);
    cipher.updateAAD(CONTEXT);
    cipher.updateAAD(plain);
    return cipher.doFinal();
  }

  /** The SHA-256 of the buffer. */
  public byte[] digest() throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256", digests).digest(plain);
  }

  /** Decrypts buffers, one after the other. */
  public void open(long bytes) throws GeneralSecurityException {
    for (long done = 0; done < bytes; done += plain.length) {
      open();
    }
  }

  /**
   * Digests so many bytes in all, on several threads at once.
   *
   * @param bytes of all threads together
   * @param size of a buffer
   */
  public static void digest(long bytes, int size, int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  var crypto = new RawCrypto(size);
                  for (long done = 0; done < bytes / threads; done += size) {
                    crypto.digest();
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private void nextNonce() {
    ByteBuffer.wrap(nonce).putLong(0, ++count);
  }

  private void init(int mode, byte[] with) throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(TAG_SIZE * 8, with));
  }
}
