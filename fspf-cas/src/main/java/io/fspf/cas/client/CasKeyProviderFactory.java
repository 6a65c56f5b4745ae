package io.fspf.cas.client;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.cas.decision.RefusedException;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviderFactory;
import io.fspf.key.KeyRequest;
import io.fspf.key.NewKey;
import java.io.IOException;

/**
 * Keys {@code cas:HOST:PORT/SESSION/SERVICE?attester=WHICH#VOLUME}: what a service releases to a
 * program that proves what it is. Nobody gets a key by an identity. Thread-safe.
 */
public final class CasKeyProviderFactory implements KeyProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public CasKeyProviderFactory() {}

  @Override
  public String scheme() {
    return CasUri.SCHEME;
  }

  @Override
  public KeyProvider open(String uri) {
    return new AttestedKeys(CasUri.parse(uri));
  }

  /** Attests whenever the key is wanted, and keeps nothing. */
  private record AttestedKeys(CasUri uri) implements KeyProvider {
    @Override
    public VolumeKey unlock(KeyRequest request) throws IOException {
      return key();
    }

    @Override
    public NewKey create(byte[] volumeId) throws IOException {
      return NewKey.withoutSlots(key());
    }

    private VolumeKey key() throws IOException {
      try (Configuration configuration = uri.attested()) {
        return configuration
            .mount(uri.volume())
            .key()
            .map(VolumeKey::copy)
            .orElseThrow(
                () -> new VolumeKeyException("The session has no key for " + uri.volume()));
      } catch (RefusedException e) {
        throw new VolumeKeyException("The service releases no key: " + e.getMessage(), e);
      }
    }

    @Override
    public String toString() {
      return "the service at " + uri.address();
    }
  }
}
