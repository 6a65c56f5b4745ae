package io.fspf.key;

import io.fspf.VolumeKey;
import java.io.Closeable;
import java.io.IOException;

/**
 * Where the volume key comes from. {@link KeyProviders} makes the built-in ones; others may bring
 * their own, of a key management service for example.
 *
 * <p>A provider need not check that the key is right: a volume checks the key against a commitment
 * in its header before it uses it. Implementations are thread-safe. Messages and logs never hold
 * key material.
 */
public interface KeyProvider extends Closeable {
  /**
   * The key of an existing volume. The caller destroys it.
   *
   * @throws io.fspf.VolumeKeyException if there is no key or it cannot be had; the message says
   *     what to do
   * @throws IOException if a file or a service cannot be read
   */
  VolumeKey unlock(KeyRequest request) throws IOException;

  /**
   * The key for a volume that is about to be made, or given a new key, and the slots that its
   * header is to hold. The caller closes it.
   *
   * @param volumeId 16 bytes, random; slots are bound to it
   * @throws io.fspf.VolumeKeyException if there is no key or it cannot be had; the message says
   *     what to do
   * @throws IOException if a file or a service cannot be read or written
   */
  NewKey create(byte[] volumeId) throws IOException;

  /** Wipes the secrets that the provider itself holds. It cannot be used after that. */
  @Override
  default void close() throws IOException {}
}
