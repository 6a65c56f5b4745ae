package io.fspf.cas.client;

import io.fspf.tag.TagStore;
import io.fspf.tag.TagStoreFactory;
import java.io.IOException;

/**
 * Tag stores {@code cas:HOST:PORT/SESSION#VOLUME}, by the right of a person, and {@code
 * cas:HOST:PORT/SESSION/SERVICE?attester=WHICH#VOLUME}, by that of a program: the tag that a
 * service keeps of a volume. Thread-safe.
 */
public final class CasTagStoreFactory implements TagStoreFactory {
  /** For {@link java.util.ServiceLoader}. */
  public CasTagStoreFactory() {}

  @Override
  public String scheme() {
    return CasUri.SCHEME;
  }

  @Override
  public TagStore open(String uri) throws IOException {
    CasUri parsed = CasUri.parse(uri);
    if (parsed.attester().isEmpty()) {
      return CasTagStore.ofPerson(parsed.ofPerson(), parsed.whose(), parsed.volume());
    }
    try (Configuration configuration = parsed.attested()) {
      return configuration
          .mount(parsed.volume())
          .store()
          .orElseThrow(
              () -> new IOException("The volume " + parsed.volume() + " never changes: pin a tag"));
    }
  }
}
