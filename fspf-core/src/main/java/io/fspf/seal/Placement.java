package io.fspf.seal;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.host.HostAttributes;
import java.io.IOException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where on the host a tree goes that is taken in. The methods that do nothing by default are for
 * those that keep the tree's shape. Thread-safe.
 */
interface Placement {
  /** Where a file's content goes, or null where the source itself is what the host keeps. */
  @Nullable ContentStore contentOf(VolumePath path);

  /** A directory is to be; called before anything in it. */
  default void directory(VolumePath path) throws IOException {}

  /** A file's content, or all that a directory holds, is in its place. */
  default void completed(
      VolumePath path, HostAttributes attributes, SortedMap<Name, byte[]> extended)
      throws IOException {}

  /** A symbolic link is to be. */
  default void symlink(VolumePath path, byte[] target, HostAttributes attributes)
      throws IOException {}

  /** A file that was placed before has one more name. */
  default void link(VolumePath path, VolumePath existing) throws IOException {}

  /**
   * Everything was taken in, and the contents are durable: their names become so.
   *
   * @param syncs does such work in parallel
   */
  void sync(Tasks syncs) throws IOException;

  /** The operation failed: takes back what was placed. */
  void undo() throws IOException;

  /** For what is sealed where it stands. */
  Placement IN_PLACE =
      new Placement() {
        @Override
        public @Nullable ContentStore contentOf(VolumePath path) {
          return null;
        }

        @Override
        public void sync(Tasks syncs) {}

        @Override
        public void undo() {}
      };
}
