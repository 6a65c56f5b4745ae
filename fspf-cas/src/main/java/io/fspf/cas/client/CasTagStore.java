package io.fspf.cas.client;

import io.fspf.RootTag;
import io.fspf.cas.wire.Message;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tag of one volume of a session, which the service keeps. The name that a volume goes by in
 * other stores is of no account here: which volume is meant is settled when the store is made.
 */
abstract class CasTagStore implements TagStore {
  private final CasClient client;

  CasTagStore(CasClient client) {
    this.client = client;
  }

  /** By whose right the question is asked. */
  abstract Message toLoad();

  /** The same for a change. */
  abstract Message toAdvance(Optional<RootTag> expected, TagState next);

  @Override
  public Optional<TagState> load(String volume) throws IOException {
    return client.loadTag(toLoad());
  }

  @Override
  public boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
      throws IOException {
    Optional<RootTag> present = Optional.ofNullable(expected);
    return client.advanceTag(toAdvance(present, next), present, next);
  }

  /** By the right of a person who may read or update the session. */
  static TagStore ofPerson(CasClient client, String session, String volume) {
    return new CasTagStore(client) {
      @Override
      Message toLoad() {
        return Message.empty().with("session", session).with("volume", volume);
      }

      @Override
      Message toAdvance(Optional<RootTag> expected, TagState next) {
        return toLoad();
      }
    };
  }
}
