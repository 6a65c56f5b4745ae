package io.fspf.nio;

import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;

/**
 * The options of a copy or a move, checked once. Immutable.
 *
 * @param replace whether a target that exists is replaced
 * @param attributes whether a copy takes all attributes over
 * @param atomic whether a move is one step or none
 * @param follow whether a copy follows a symbolic link
 * @param interruptible whether a copy ends when its thread is interrupted
 */
record CopySettings(
    boolean replace, boolean attributes, boolean atomic, boolean follow, boolean interruptible) {
  /** Of {@code com.sun.nio.file}, which is in a module that need not be there. */
  private static final String INTERRUPTIBLE = "INTERRUPTIBLE";

  /**
   * What the options of a copy stand for.
   *
   * @throws UnsupportedOperationException if one is not known, or not for a copy
   */
  static CopySettings ofCopy(CopyOption... options) {
    return of(options, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * What the options of a move stand for.
   *
   * @throws UnsupportedOperationException if one is not known, or not for a move
   */
  static CopySettings ofMove(CopyOption... options) {
    return of(options, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static CopySettings of(CopyOption[] options, StandardCopyOption refused) {
    boolean replace = false;
    boolean attributes = false;
    boolean atomic = false;
    boolean follow = true;
    boolean interruptible = false;
    for (CopyOption option : options) {
      if (option == null) {
        throw new NullPointerException("A null option");
      } else if (option == refused) {
        throw new UnsupportedOperationException("Unsupported option: " + option);
      } else if (option == StandardCopyOption.REPLACE_EXISTING) {
        replace = true;
      } else if (option == StandardCopyOption.COPY_ATTRIBUTES) {
        attributes = true;
      } else if (option == StandardCopyOption.ATOMIC_MOVE) {
        atomic = true;
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        follow = false;
      } else if (option instanceof Enum<?> named && named.name().equals(INTERRUPTIBLE)) {
        interruptible = true;
      } else {
        throw new UnsupportedOperationException("Unsupported option: " + option);
      }
    }
    return new CopySettings(replace, attributes, atomic, follow, interruptible);
  }
}
