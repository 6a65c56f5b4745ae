package io.fspf.internal.crypto;

import java.io.Closeable;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The keys that seal one fspf file's metadata, derived from the volume key. Thread-safe. */
public final class MetadataKeys implements Closeable {
  private final AeadKey node;
  private final AeadKey commit;
  private final byte[] commitment;

  /** The keys for a volume key of 32 bytes and the header's salt. */
  public MetadataKeys(byte[] volumeKey, byte[] salt) {
    node = new Gcm(derive(volumeKey, salt, "node"));
    commit = new Gcm(derive(volumeKey, salt, "commit"));
    commitment = derive(volumeKey, salt, "commitment");
  }

  public AeadKey node() {
    return node;
  }

  public AeadKey commit() {
    return commit;
  }

  /** 32 bytes that name the key and tell nothing of it. */
  public byte[] commitment() {
    return commitment.clone();
  }

  public boolean matches(byte[] other) {
    return MessageDigest.isEqual(commitment, other);
  }

  @Override
  public void close() {}

  private static byte[] derive(byte[] key, byte[] salt, String label) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(salt);
      return mac.doFinal(label.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Gcm implements AeadKey {
    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    Gcm(byte[] key) {
      this.key = new SecretKeySpec(key, "AES");
    }

    @Override
    public byte[] nextNonce() {
      byte[] nonce = new byte[12];
      random.nextBytes(nonce);
      return nonce;
    }

    @Override
    public void seal(
        byte[] nonce, byte[] aad, byte[] src, int srcOff, int len, byte[] dst, int dstOff) {
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        cipher.doFinal(src, srcOff, len, dst, dstOff);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean open(
        byte[] nonce, byte[] aad, byte[] src, int srcOff, int lenWithTag, byte[] dst, int dstOff) {
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        cipher.doFinal(src, srcOff, lenWithTag, dst, dstOff);
        return true;
      } catch (AEADBadTagException e) {
        return false;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
