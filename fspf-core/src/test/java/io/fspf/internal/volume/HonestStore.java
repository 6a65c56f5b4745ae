package io.fspf.internal.volume;

import io.fspf.RootTag;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A tag store that outlives every crash, and that may be out of reach at times: then what was asked
 * of it was done or not.
 */
final class HonestStore implements TagStore {
  private final Map<String, TagState> states = new HashMap<>();
  private @Nullable Random trouble;

  /** From now on one call in eight fails. */
  synchronized void startTrouble(Random random) {
    trouble = random;
  }

  synchronized void endTrouble() {
    trouble = null;
  }

  /** Another store that knows the same. */
  synchronized HonestStore copy() {
    var copy = new HonestStore();
    copy.states.putAll(states);
    return copy;
  }

  private boolean fails() {
    return trouble != null && trouble.nextInt(8) == 0;
  }

  @Override
  public synchronized Optional<TagState> load(String volume) throws IOException {
    if (fails()) {
      throw new HostTrouble();
    }
    return Optional.ofNullable(states.get(volume));
  }

  @Override
  public synchronized boolean compareAndSet(
      String volume, @Nullable RootTag expected, TagState next) throws IOException {
    boolean fails = fails();
    if (fails && trouble != null && trouble.nextBoolean()) {
      // The answer is not the only thing that was lost.
      throw new HostTrouble();
    }
    TagState present = states.get(volume);
    boolean matches =
        present == null ? expected == null : expected != null && present.tag().equals(expected);
    if (matches) {
      states.put(volume, next);
    }
    if (fails) {
      throw new HostTrouble();
    }
    return matches;
  }

  /** The only tag. */
  synchronized RootTag tag() {
    return states.values().iterator().next().tag();
  }

  synchronized boolean isEmpty() {
    return states.isEmpty();
  }
}
