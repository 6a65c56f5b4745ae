package io.fspf.key;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Wraps a random volume key under a passphrase, in a slot of the header. */
final class PassphraseKeyProvider implements KeyProvider {
  /** Gets at the passphrase's bytes; the caller destroys them. */
  @FunctionalInterface
  private interface Source {
    SecretBytes get() throws IOException;
  }

  private static final String WHAT = "passphrase file";

  private final Source source;
  private final Runnable wipe;
  private final PassphraseCost cost;

  private PassphraseKeyProvider(Source source, Runnable wipe, PassphraseCost cost) {
    this.source = source;
    this.wipe = wipe;
    this.cost = cost;
  }

  static PassphraseKeyProvider of(char[] passphrase, PassphraseCost cost) {
    SecretBytes secret = Passphrases.encode(passphrase);
    return new PassphraseKeyProvider(secret::copy, secret::destroy, cost);
  }

  static PassphraseKeyProvider ofFile(Path file, PassphraseCost cost) {
    return new PassphraseKeyProvider(() -> read(file), () -> {}, cost);
  }

  private static SecretBytes read(Path file) throws IOException {
    byte[] content = PrivateFiles.read(file, WHAT, Passphrases.MAX_LENGTH + 2);
    char[] passphrase = {};
    try {
      passphrase = Passphrases.decodeFile(content);
      return Passphrases.encode(passphrase);
    } catch (IllegalArgumentException e) {
      throw new VolumeKeyException(
          "The " + WHAT + " " + file + " cannot be used: " + e.getMessage());
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(passphrase, '\0');
    }
  }

  @Override
  public VolumeKey unlock(KeyRequest request) throws IOException {
    try (SecretBytes passphrase = source.get()) {
      return new PassphraseSlots(CryptoContext.standard()).unwrap(request, passphrase);
    }
  }

  @Override
  public NewKey create(byte[] volumeId) throws IOException {
    KeyRequest.checkVolumeId(volumeId);
    try (SecretBytes passphrase = source.get()) {
      VolumeKey key = VolumeKey.generate();
      try {
        KeySlot slot =
            new PassphraseSlots(CryptoContext.standard()).wrap(key, passphrase, cost, volumeId);
        return new NewKey(key, List.of(slot));
      } catch (RuntimeException e) {
        key.close();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    wipe.run();
  }

  @Override
  public String toString() {
    return "passphrase";
  }
}
