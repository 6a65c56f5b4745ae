package io.fspf.internal.file;

/**
 * What all parts of one file's content know of the file. The size is guarded by the content's lock;
 * the rest is thread-safe.
 */
final class FileShape {
  private final long inode;
  private final int chunkSize;
  private volatile String path;
  private long size;

  FileShape(long inode, String path, int chunkSize, long size) {
    this.inode = inode;
    this.path = path;
    this.chunkSize = chunkSize;
    this.size = size;
  }

  /** For the cache. */
  long inode() {
    return inode;
  }

  /** The clear path, for exceptions. */
  String path() {
    return path;
  }

  void setPath(String newPath) {
    path = newPath;
  }

  int chunkSize() {
    return chunkSize;
  }

  /** In bytes, with all changes. */
  long size() {
    return size;
  }

  void setSize(long newSize) {
    size = newSize;
  }

  /** How many bytes of the file stand in a chunk. */
  int length(long chunk) {
    return (int) Math.min(chunkSize, size - chunk * chunkSize);
  }

  /** How many bytes of the file stand in neighbouring chunks together. */
  int length(long first, int count) {
    return (int) Math.min((long) count * chunkSize, size - first * chunkSize);
  }
}
