package io.fspf.nio;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Set;

/**
 * The options of one opening, checked once. Immutable.
 *
 * @param standard of which READ is one where nothing else is said
 * @param follow whether a symbolic link at the end of the path is followed
 */
record OpenSettings(Set<StandardOpenOption> standard, boolean follow) {

  /**
   * The settings that options stand for.
   *
   * @throws UnsupportedOperationException if one is not known here
   * @throws IllegalArgumentException if two do not go together
   */
  static OpenSettings of(Set<? extends OpenOption> options) {
    var standard = EnumSet.noneOf(StandardOpenOption.class);
    boolean follow = true;
    for (OpenOption option : options) {
      if (option == null) {
        throw new NullPointerException("A null option");
      } else if (option instanceof StandardOpenOption known) {
        standard.add(known);
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        follow = false;
      } else {
        throw new UnsupportedOperationException(option + " not supported");
      }
    }
    if (!standard.contains(StandardOpenOption.WRITE)
        && !standard.contains(StandardOpenOption.APPEND)) {
      standard.add(StandardOpenOption.READ);
    }
    if (standard.contains(StandardOpenOption.APPEND)) {
      refuse(standard, StandardOpenOption.READ);
      refuse(standard, StandardOpenOption.TRUNCATE_EXISTING);
    }
    return new OpenSettings(standard, follow);
  }

  private static void refuse(Set<StandardOpenOption> options, StandardOpenOption other) {
    if (options.contains(other)) {
      throw new IllegalArgumentException(other + " + APPEND not allowed");
    }
  }

  boolean has(StandardOpenOption option) {
    return standard.contains(option);
  }

  boolean write() {
    return has(StandardOpenOption.WRITE) || append();
  }

  boolean read() {
    return has(StandardOpenOption.READ);
  }

  boolean append() {
    return has(StandardOpenOption.APPEND);
  }

  boolean mayCreate() {
    return write() && (has(StandardOpenOption.CREATE) || has(StandardOpenOption.CREATE_NEW));
  }

  /** What of it concerns the core. */
  OpenOption[] forVolume() {
    var options = new ArrayList<OpenOption>(standard);
    options.remove(StandardOpenOption.DELETE_ON_CLOSE);
    options.remove(StandardOpenOption.SPARSE);
    if (!follow) {
      options.add(LinkOption.NOFOLLOW_LINKS);
    }
    return options.toArray(OpenOption[]::new);
  }
}
