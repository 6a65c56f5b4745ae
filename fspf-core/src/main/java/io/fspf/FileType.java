package io.fspf;

/** The kinds of file that a volume holds. Devices, FIFOs and sockets are never part of one. */
public enum FileType {
  REGULAR,
  DIRECTORY,
  SYMLINK
}
