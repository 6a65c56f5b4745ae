package io.fspf.key;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.Pkcs12;
import io.fspf.internal.crypto.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Takes the key from a PKCS #12 key store. */
final class Pkcs12KeyProvider implements KeyProvider {
  private static final int MAX_STORE_LENGTH = 1 << 20;

  /** Gets at the password; the caller wipes it. */
  @FunctionalInterface
  interface Password {
    char[] get() throws IOException;
  }

  private final Path store;
  private final String alias;
  private final Password password;
  private final Runnable wipe;

  Pkcs12KeyProvider(Path store, String alias, Password password, Runnable wipe) {
    this.store = store;
    this.alias = alias;
    this.password = password;
    this.wipe = wipe;
  }

  static char[] readPassword(Path file) throws IOException {
    byte[] content = PrivateFiles.read(file, "password file", Passphrases.MAX_LENGTH);
    try {
      return Passphrases.decodeFile(content);
    } catch (IllegalArgumentException e) {
      throw new VolumeKeyException(
          "The password file " + file + " cannot be used: " + e.getMessage());
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  @Override
  public VolumeKey unlock(KeyRequest request) throws IOException {
    return key();
  }

  @Override
  public NewKey create(byte[] volumeId) throws IOException {
    return NewKey.withoutSlots(key());
  }

  private VolumeKey key() throws IOException {
    byte[] content = content();
    char[] chars = password.get();
    try (SecretBytes secret =
        Pkcs12.secretKey(new ByteArrayInputStream(content), store.toString(), chars, alias)) {
      if (secret.length() != VolumeKey.LENGTH) {
        throw new VolumeKeyException(
            "The key '"
                + alias
                + "' of the key store "
                + store
                + " has "
                + secret.length()
                + " bytes; a volume key has 32 (keytool -genseckey -keyalg AES -keysize 256)");
      }
      return secret.expose(VolumeKey::ofBytes);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  private byte[] content() throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      byte[] content = in.readNBytes(MAX_STORE_LENGTH + 1);
      if (content.length > MAX_STORE_LENGTH) {
        throw new VolumeKeyException("The file " + store + " is too long for a key store");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new VolumeKeyException("The key store " + store + " does not exist", e);
    }
  }

  @Override
  public void close() {
    wipe.run();
  }

  @Override
  public String toString() {
    return "key store " + store;
  }
}
