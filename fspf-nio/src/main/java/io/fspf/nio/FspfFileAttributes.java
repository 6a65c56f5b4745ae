package io.fspf.nio;

import com.google.common.collect.ImmutableSet;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/**
 * The attributes of one file as {@code java.nio.file} wants them. Immutable.
 *
 * @param volume the file's file system
 * @param attributes as the core has them
 */
record FspfFileAttributes(FspfFileSystem volume, FileAttributes attributes)
    implements PosixFileAttributes {
  /** The bits of stat(2) that tell the kind of file. */
  private static final int S_IFDIR = 0040000;

  private static final int S_IFREG = 0100000;
  private static final int S_IFLNK = 0120000;

  /** No number that a volume gives is as high. */
  private static final long HOST_MARK = 1L << 61;

  /** Tells two files apart, of whatever volumes. */
  record Key(String volume, long inode) {}

  Key key() {
    return new Key(volume.volume().info().volumeId(), attributes.inode());
  }

  @Override
  public FileTime lastModifiedTime() {
    return FileTime.from(attributes.modified());
  }

  @Override
  public FileTime lastAccessTime() {
    return FileTime.from(attributes.accessed());
  }

  @Override
  public FileTime creationTime() {
    return FileTime.from(attributes.created());
  }

  FileTime changeTime() {
    return FileTime.from(attributes.changed());
  }

  @Override
  public boolean isRegularFile() {
    return attributes.isRegularFile();
  }

  @Override
  public boolean isDirectory() {
    return attributes.isDirectory();
  }

  @Override
  public boolean isSymbolicLink() {
    return attributes.isSymbolicLink();
  }

  @Override
  public boolean isOther() {
    return attributes.type() == FileType.OTHER;
  }

  @Override
  public long size() {
    return attributes.size();
  }

  @Override
  public Object fileKey() {
    return key();
  }

  @Override
  public UserPrincipal owner() {
    return Principals.user(attributes.uid());
  }

  @Override
  public GroupPrincipal group() {
    return Principals.group(attributes.gid());
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    return permissions(attributes.mode());
  }

  /** The mode with the kind of file, as stat(2) has it. */
  int unixMode() {
    int type =
        switch (attributes.type()) {
          case DIRECTORY -> S_IFDIR;
          case REGULAR -> S_IFREG;
          case SYMLINK -> S_IFLNK;
          case OTHER -> 0;
        };
    return type | attributes.mode();
  }

  /**
   * A number that is positive also for files of the host, whose inodes the core marks by the sign.
   */
  long inodeNumber() {
    long inode = attributes.inode();
    return inode >= 0 ? inode : (inode & Long.MAX_VALUE) | HOST_MARK;
  }

  static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & bit(permission)) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : ImmutableSet.copyOf(permissions)) {
      mode |= bit(permission);
    }
    return mode;
  }

  private static int bit(PosixFilePermission permission) {
    return switch (permission) {
      case OWNER_READ -> 0400;
      case OWNER_WRITE -> 0200;
      case OWNER_EXECUTE -> 0100;
      case GROUP_READ -> 040;
      case GROUP_WRITE -> 020;
      case GROUP_EXECUTE -> 010;
      case OTHERS_READ -> 04;
      case OTHERS_WRITE -> 02;
      case OTHERS_EXECUTE -> 01;
    };
  }
}
