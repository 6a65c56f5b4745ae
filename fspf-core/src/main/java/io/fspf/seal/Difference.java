package io.fspf.seal;

import io.fspf.VolumePath;

/**
 * One thing in which a volume and a host directory differ.
 *
 * @param path in the volume
 * @param kind in what they differ; of a file's type, target, content and mode only the first that
 *     differs is told
 */
public record Difference(VolumePath path, Kind kind) {
  /** In what a file can differ. */
  public enum Kind {
    /** It stands in the volume only; of a directory it is told once, not for all that is in it. */
    ONLY_IN_VOLUME("is only in the volume"),
    /** It stands in the host directory only; of a directory it is told once. */
    ONLY_IN_DIRECTORY("is only in the directory"),
    /** One is a directory and the other is not, for example. */
    TYPE("differs in type"),
    /** Symbolic links lead elsewhere. */
    TARGET("leads elsewhere"),
    /** The size or the bytes. */
    CONTENT("differs in content"),
    /** Permissions. */
    MODE("differs in mode");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The same in words that may follow the path. */
    @Override
    public String toString() {
      return text;
    }
  }
}
