package io.fspf.key;

import io.fspf.VolumeKey;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Makes the built-in {@linkplain KeyProvider key providers}, and finds others. */
public final class KeyProviders {
  private KeyProviders() {}

  /** The given key, of which the provider keeps a copy until it is closed. */
  public static KeyProvider raw(VolumeKey key) {
    return new RawKeyProvider(key);
  }

  /**
   * A key file: 64 hex digits and perhaps a newline.
   *
   * <p>For a new volume the file is made, mode 0600, with a fresh key where it does not exist, and
   * its key is used where it does. A file that others can read or change (by the group and other
   * bits of its mode) is refused.
   */
  public static KeyProvider file(Path file) {
    return new FileKeyProvider(file);
  }

  /**
   * The environment variable {@code FSPF_KEY} or, where it is not set, {@code SCONE_FSPF_KEY}: 64
   * hex digits.
   *
   * <p>An environment is inherited by child processes and visible to the machine's administrator
   * (unless the process runs in an enclave); on first use a warning that says so goes to the {@link
   * System.Logger} {@code io.fspf.key}.
   */
  public static KeyProvider environment() {
    System.Logger logger = System.getLogger("io.fspf.key");
    return environment(System.getenv(), warning -> logger.log(Level.WARNING, warning));
  }

  /**
   * The same with another environment, and another receiver of the warning, which never holds the
   * key.
   */
  public static KeyProvider environment(Map<String, String> environment, Consumer<String> warn) {
    return new EnvironmentKeyProvider(environment, warn);
  }

  /**
   * A passphrase, at {@link PassphraseCost#DEFAULT}. The caller wipes the array; the provider keeps
   * a copy until it is closed.
   *
   * <p>For a new volume a random volume key is made and wrapped under the passphrase in a slot of
   * the header. The passphrase counts in Unicode's normal form NFC. It has 1 to 4096 bytes in
   * UTF-8.
   *
   * @throws IllegalArgumentException if it is empty, too long or no valid Unicode
   */
  public static KeyProvider passphrase(char[] passphrase) {
    return passphrase(passphrase, PassphraseCost.DEFAULT);
  }

  /**
   * The same at another cost for new volumes; an existing volume's slot says itself what it costs.
   */
  public static KeyProvider passphrase(char[] passphrase, PassphraseCost cost) {
    return PassphraseKeyProvider.of(passphrase, cost);
  }

  /**
   * A file that holds a passphrase in UTF-8; one newline at its end does not count. It is read when
   * the key is wanted. A file that others can read or change is refused.
   */
  public static KeyProvider passphraseFile(Path file) {
    return passphraseFile(file, PassphraseCost.DEFAULT);
  }

  /** The same at another cost for new volumes. */
  public static KeyProvider passphraseFile(Path file, PassphraseCost cost) {
    return PassphraseKeyProvider.ofFile(file, cost);
  }

  /**
   * A secret key of 32 bytes in a PKCS #12 key store, as {@code keytool -genseckey -keyalg AES
   * -keysize 256 -storetype PKCS12} makes it. A new volume uses it as it is. The caller wipes the
   * password; the provider keeps a copy until it is closed.
   */
  public static KeyProvider pkcs12(Path keyStore, char[] password, String alias) {
    char[] copy = password.clone();
    return new Pkcs12KeyProvider(keyStore, alias, copy::clone, () -> Arrays.fill(copy, '\0'));
  }

  /**
   * The same with a file that holds the password; one newline at its end does not count. Refused if
   * others can read it.
   */
  public static KeyProvider pkcs12(Path keyStore, Path passwordFile, String alias) {
    return new Pkcs12KeyProvider(
        keyStore, alias, () -> Pkcs12KeyProvider.readPassword(passwordFile), () -> {});
  }

  /**
   * The provider that a URI names: {@code file:/path}, a key file, or one of a {@link
   * KeyProviderFactory}.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static KeyProvider of(String uri) throws IOException {
    String scheme = uri.substring(0, Math.max(0, uri.indexOf(':'))).toLowerCase(Locale.ROOT);
    if (scheme.equals("file")) {
      return file(Path.of(URI.create(uri)));
    }
    for (KeyProviderFactory factory : ServiceLoader.load(KeyProviderFactory.class)) {
      if (factory.scheme().equals(scheme)) {
        return factory.open(uri);
      }
    }
    throw new IllegalArgumentException(
        "Keys come from file:/path or from what a KeyProviderFactory brings");
  }
}
