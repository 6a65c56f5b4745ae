package io.fspf;

import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStore;
import java.util.Optional;

/**
 * How the newest state of a volume is told from an older one. To check nothing has to be said:
 * there is no default.
 *
 * <p>Immutable; as thread-safe as its tag store.
 */
public sealed interface Freshness {
  /** Exactly the state with this root tag; the volume opens for reading only. */
  static Freshness pinned(RootTag tag) {
    return new Pinned(tag);
  }

  /**
   * The state that the store remembers under the volume's id, or, in a volume with a key, a
   * descendant of it. Each commit is published there before it is acknowledged.
   */
  static Freshness store(TagStore store, TagPolicy policy) {
    return new Stored(store, policy, Optional.empty());
  }

  /**
   * The same under a name of the caller's choice, so that also a volume that was put in the place
   * of another, or made anew, is noticed.
   *
   * @param name as {@link TagStore} allows
   */
  static Freshness store(TagStore store, TagPolicy policy, String name) {
    return new Stored(store, policy, Optional.of(name));
  }

  /** Whatever whole state the host offers last: an older one is not noticed. */
  static Freshness unchecked() {
    return new Unchecked();
  }

  /**
   * One state only.
   *
   * @param tag its root tag
   */
  record Pinned(RootTag tag) implements Freshness {}

  /**
   * What a store remembers.
   *
   * @param store where
   * @param policy what is allowed beside the remembered state
   * @param name of the volume there; its id in hex if there is none
   */
  record Stored(TagStore store, TagPolicy policy, Optional<String> name) implements Freshness {}

  /** Nothing is checked. */
  record Unchecked() implements Freshness {}
}
