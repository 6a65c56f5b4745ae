package io.fspf.tag;

import io.fspf.RootTag;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the newest root tag of each volume, out of the reach of the host that keeps the volume.
 *
 * <p>This is what tells a volume's newest state from an old copy of it, and it can be no better
 * than the place where it keeps its tags: whoever can put an old state of the store back can roll
 * the volume back together with it. A tag is no secret.
 *
 * <p>A volume has a name in the store: its id in hex, or a name of the caller's choice. Names are 1
 * to 128 characters from {@code A-Z a-z 0-9 . _ @ -}, of which the first is a letter or a digit;
 * others are refused with an {@link IllegalArgumentException}.
 *
 * <p>Implementations are thread-safe. They fail closed: what they cannot read for certain is an
 * {@link IOException}, never "no tag".
 */
public interface TagStore {
  /**
   * The remembered state, empty if the store has never had one for this volume.
   *
   * @throws IOException if the store cannot be reached or what it holds is malformed
   */
  Optional<TagState> load(String volume) throws IOException;

  /**
   * Replaces the remembered state, if it is the expected one.
   *
   * <p>When this returns true, the new state is durable and every later {@link #load} by anyone
   * returns it or a newer one. Of several calls that expect the same state exactly one returns
   * true. False means that nothing was changed.
   *
   * @param expected the tag of the state that is to be replaced, or null if there is to be none yet
   * @throws IOException if the store cannot be reached or what it holds is malformed. The new state
   *     may then be stored or not: {@link #load} tells
   */
  boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
      throws IOException;
}
