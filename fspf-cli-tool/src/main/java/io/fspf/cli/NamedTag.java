package io.fspf.cli;

import io.fspf.RootTag;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tag store of one run: begins with the tag that the user named, whichever the volume, and
 * follows the volume from there.
 */
final class NamedTag implements TagStore {
  private TagState state;

  NamedTag(RootTag tag) {
    // The user names no generation, and none is compared.
    state = new TagState(tag, 0);
  }

  @Override
  public synchronized Optional<TagState> load(String volume) {
    return Optional.of(state);
  }

  @Override
  public synchronized boolean compareAndSet(
      String volume, @Nullable RootTag expected, TagState next) {
    if (!state.tag().equals(expected)) {
      return false;
    }
    state = next;
    return true;
  }
}
