package io.fspf;

/** The kinds of file in a volume. */
public enum FileType {
  REGULAR,
  DIRECTORY,
  SYMLINK,
  /** A device, FIFO or socket of the host: only in a region that is not protected. */
  OTHER
}
