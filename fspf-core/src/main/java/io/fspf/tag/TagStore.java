package io.fspf.tag;

import io.fspf.RootTag;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** x. */
public interface TagStore {
  Optional<TagState> load(String volume) throws IOException;

  boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
      throws IOException;
}
