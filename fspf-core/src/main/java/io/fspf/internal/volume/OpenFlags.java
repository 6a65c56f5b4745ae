package io.fspf.internal.volume;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * The options of an opening, checked and settled once.
 *
 * @param write whether the handle may write
 * @param create make the file if there is none
 * @param createNew make the file, and fail if there is one
 * @param truncate cut an existing file to nothing
 * @param sync make each write durable before it returns
 * @param follow follow a symbolic link at the end of the path
 * @param isCreated the file was made by this opening
 */
record OpenFlags(
    boolean read,
    boolean write,
    boolean create,
    boolean createNew,
    boolean truncate,
    boolean sync,
    boolean follow,
    boolean isCreated) {

  static OpenFlags of(OpenOption... options) {
    Set<StandardOpenOption> given = EnumSet.noneOf(StandardOpenOption.class);
    boolean follow = true;
    for (OpenOption option : options) {
      if (option instanceof StandardOpenOption standard
          && standard != StandardOpenOption.DELETE_ON_CLOSE) {
        given.add(standard);
      } else if (Objects.requireNonNull(option) == LinkOption.NOFOLLOW_LINKS) {
        follow = false;
      } else {
        throw new UnsupportedOperationException("Not supported here: " + option);
      }
    }
    boolean write =
        given.contains(StandardOpenOption.WRITE) || given.contains(StandardOpenOption.APPEND);
    boolean createNew = write && given.contains(StandardOpenOption.CREATE_NEW);
    return new OpenFlags(
        given.contains(StandardOpenOption.READ) || !write,
        write,
        write && given.contains(StandardOpenOption.CREATE),
        createNew,
        write && given.contains(StandardOpenOption.TRUNCATE_EXISTING),
        given.contains(StandardOpenOption.SYNC) || given.contains(StandardOpenOption.DSYNC),
        follow && !createNew,
        false);
  }

  /** The same for a file that this opening has made. */
  OpenFlags created() {
    return new OpenFlags(read, write, create, createNew, false, sync, follow, true);
  }
}
