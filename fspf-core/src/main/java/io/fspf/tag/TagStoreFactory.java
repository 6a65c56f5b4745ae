package io.fspf.tag;

import java.io.IOException;

/**
 * Opens the tag stores of one URI scheme that is not built in. {@link TagStores#of(String)} finds
 * factories with {@link java.util.ServiceLoader}. Implementations are thread-safe.
 */
public interface TagStoreFactory {
  /** The scheme, in lower case. */
  String scheme();

  /**
   * The store that a URI of this scheme names.
   *
   * @throws IllegalArgumentException if it names none
   * @throws IOException if what it takes to reach the store cannot be read
   */
  TagStore open(String uri) throws IOException;
}
