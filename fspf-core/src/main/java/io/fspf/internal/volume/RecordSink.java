package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of a whole tree of files that comes into a region.
 *
 * <p>Records come in ascending order of their keys, as far as they concern new inodes: one inode
 * after the other, and of each its own record, its entries by name, its extended attributes by
 * name, its chunk groups. For one thread.
 */
public interface RecordSink {
  /** The next inode number; each is greater than the one before. */
  long newInode() throws IOException;

  /**
   * What stands under a name already.
   *
   * @param number its inode
   * @param directory whether it is a directory
   */
  record Present(long number, boolean directory) {}

  /** What a directory holds under a name; null where it holds nothing. */
  @Nullable Present find(long directory, Name name) throws IOException;

  /** A file that is not a directory loses a name, which another one gets. */
  void replace(long directory, Name name, Present present) throws IOException;

  /**
   * An inode's record. For a directory that {@link #find} found, its links and its parent are kept,
   * and the links given (but for the two that every directory has) are added.
   */
  void inode(long number, Inode record) throws IOException;

  /** A name in a directory. */
  void entry(long directory, Name name, long number, FileType type) throws IOException;

  /** An extended attribute. */
  void extendedAttribute(long number, Name name, byte[] value) throws IOException;

  /** A chunk group that is not empty. */
  void group(long number, long group, ChunkGroup chunks) throws IOException;

  /** An inode turned out to have so many names. After all other records. */
  void links(long number, int links) throws IOException;
}
