package io.fspf.key;

import java.io.IOException;

/**
 * Makes the key providers of one URI scheme, of a key service for example. {@link
 * KeyProviders#of(String)} finds factories with {@link java.util.ServiceLoader}. Implementations
 * are thread-safe.
 */
public interface KeyProviderFactory {
  /** The scheme, in lower case. */
  String scheme();

  /**
   * The provider that a URI of this scheme names. A URI never holds a key.
   *
   * @throws IllegalArgumentException if it names none
   * @throws IOException if what it takes to reach the keys cannot be read
   */
  KeyProvider open(String uri) throws IOException;
}
