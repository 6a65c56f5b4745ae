package io.fspf;

/** Where the content of a region lives. */
public enum Storage {
  /** In a host directory, which is independent of the region's embed point in the volume. */
  KERNEL,
  /** For the time of one mount, under a key that is thrown away with it. */
  EPHEMERAL
}
