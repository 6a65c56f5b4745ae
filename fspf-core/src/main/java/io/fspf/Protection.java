package io.fspf;

/** How the files of a region are protected. */
public enum Protection {
  /** Passed through to the host as it is: nothing is hidden, nothing is verified. */
  NOT_PROTECTED,
  /** Content stays readable on the host; every byte, name and attribute is verified on read. */
  AUTHENTICATED,
  /**
   * Content, names, attributes and tree shape are hidden from the host; every byte is verified on
   * read.
   */
  ENCRYPTED
}
