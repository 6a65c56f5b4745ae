package io.fspf.tag;

import io.fspf.RootTag;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** States that last as long as this object. */
final class MemoryTagStore implements TagStore {
  private final ConcurrentMap<String, TagState> states = new ConcurrentHashMap<>();

  @Override
  public Optional<TagState> load(String volume) {
    return Optional.ofNullable(states.get(TagNames.check(volume)));
  }

  @Override
  public boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next) {
    TagNames.check(volume);
    if (expected == null) {
      return states.putIfAbsent(volume, next) == null;
    }
    TagState current = states.get(volume);
    return current != null
        && current.tag().equals(expected)
        && states.replace(volume, current, next);
  }
}
