package io.fspf.internal.crypto;

import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import org.jspecify.annotations.Nullable;

/** Reads secret keys out of PKCS #12 key stores (RFC 7292), as {@code keytool} makes them. */
public final class Pkcs12 {
  private Pkcs12() {}

  /**
   * The secret key of an entry.
   *
   * @param in the key store; not closed
   * @param name how messages call the key store
   * @throws VolumeKeyException if the password is wrong, or there is no such secret key
   */
  public static SecretBytes secretKey(InputStream in, String name, char[] password, String alias)
      throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      load(store, in, name, password);
      Key key = store.getKey(alias, password);
      byte @Nullable [] encoded = key instanceof javax.crypto.SecretKey ? key.getEncoded() : null;
      if (encoded == null) {
        throw new VolumeKeyException(
            "The key store "
                + name
                + " has no secret key with the alias '"
                + alias
                + "'; make one with keytool -genseckey -keyalg AES -keysize 256");
      }
      return SecretBytes.moveFrom(encoded);
    } catch (GeneralSecurityException e) {
      throw new VolumeKeyException(
          "The key '" + alias + "' of the key store " + name + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static void load(KeyStore store, InputStream in, String name, char[] password)
      throws IOException, GeneralSecurityException {
    try {
      store.load(in, password);
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new VolumeKeyException("The password of the key store " + name + " is wrong", e);
      }
      throw new VolumeKeyException("The file " + name + " is no PKCS #12 key store", e);
    }
  }
}
