package io.fspf.internal.host;

import com.google.common.collect.ImmutableList;
import io.fspf.internal.host.HostAttributes.Kind;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a file's attributes through the richest view that its file system has. */
final class NioAttributes {
  // Named one by one: "unix:*" would look up the owner's and the group's names as well.
  private static final String UNIX =
      "unix:mode,uid,gid,nlink,size,lastModifiedTime,lastAccessTime,creationTime,ctime,fileKey";
  private static final String UNIX_ID = "unix:dev,ino";

  /** By their bits, from the lowest. */
  private static final ImmutableList<PosixFilePermission> PERMISSIONS =
      ImmutableList.of(
          PosixFilePermission.OTHERS_EXECUTE,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_READ);

  private NioAttributes() {}

  static HostAttributes read(Path path, LinkOption... options) throws IOException {
    Set<String> views = path.getFileSystem().supportedFileAttributeViews();
    if (views.contains("unix")) {
      return readUnix(path, options);
    }
    if (views.contains("posix")) {
      var posix = Files.readAttributes(path, PosixFileAttributes.class, options);
      return of(path, posix, mode(posix.permissions()));
    }
    return of(path, Files.readAttributes(path, BasicFileAttributes.class, options), 0);
  }

  private static HostAttributes readUnix(Path path, LinkOption... options) throws IOException {
    Map<String, Object> values = Files.readAttributes(path, UNIX, options);
    int mode = number(values, "mode").intValue();
    return new HostAttributes(
        kind(mode),
        number(values, "size").longValue(),
        mode & 07777,
        number(values, "uid").intValue(),
        number(values, "gid").intValue(),
        number(values, "nlink").longValue(),
        time(values, "lastModifiedTime"),
        time(values, "lastAccessTime"),
        time(values, "ctime"),
        time(values, "creationTime"),
        key(path, values.get("fileKey")));
  }

  private static HostAttributes of(Path path, BasicFileAttributes basic, int mode) {
    Instant modified = basic.lastModifiedTime().toInstant();
    return new HostAttributes(
        kind(basic),
        basic.size(),
        mode,
        0,
        0,
        1,
        modified,
        basic.lastAccessTime().toInstant(),
        modified,
        basic.creationTime().toInstant(),
        key(path, basic.fileKey()));
  }

  /** The identity of the file itself, not of what a symbolic link leads to. */
  static FileId id(Path path) throws IOException {
    return identity(path, LinkOption.NOFOLLOW_LINKS).id();
  }

  /** Device and inode numbers as {@code stat} gives them, or null where the host has none. */
  static long @Nullable [] deviceAndInode(Path path) throws IOException {
    FileSystem fileSystem = path.getFileSystem();
    if (!fileSystem.supportedFileAttributeViews().contains("unix")) {
      return null;
    }
    Map<String, Object> values = Files.readAttributes(path, UNIX_ID, LinkOption.NOFOLLOW_LINKS);
    return new long[] {number(values, "dev").longValue(), number(values, "ino").longValue()};
  }

  /**
   * Without keys of files (Windows, archives) a file is its absolute name; hard links then look
   * like two files.
   */
  private static Object key(Path path, @Nullable Object fileKey) {
    return fileKey == null ? path.toAbsolutePath().normalize().toString() : fileKey;
  }

  private static Kind kind(BasicFileAttributes basic) {
    if (basic.isSymbolicLink()) {
      return Kind.SYMLINK;
    }
    if (basic.isDirectory()) {
      return Kind.DIRECTORY;
    }
    return basic.isRegularFile() ? Kind.REGULAR : Kind.SPECIAL;
  }

  /** What of the attributes costs least to ask for. */
  record Identity(Kind kind, FileId id) {}

  static Identity identity(Path path, LinkOption... options) throws IOException {
    var basic = Files.readAttributes(path, BasicFileAttributes.class, options);
    return new Identity(kind(basic), new FileId(path.getFileSystem(), key(path, basic.fileKey())));
  }

  /** From the bits S_IFMT of {@code st_mode}. */
  private static Kind kind(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> Kind.REGULAR;
      case 0040000 -> Kind.DIRECTORY;
      case 0120000 -> Kind.SYMLINK;
      default -> Kind.SPECIAL;
    };
  }

  private static Number number(Map<String, Object> values, String name) throws IOException {
    if (values.get(name) instanceof Number number) {
      return number;
    }
    throw new IOException("The host gave no attribute " + name);
  }

  private static Instant time(Map<String, Object> values, String name) throws IOException {
    if (values.get(name) instanceof FileTime time) {
      return time.toInstant();
    }
    throw new IOException("The host gave no attribute " + name);
  }

  /** The bits 0777 of a set of permissions. */
  static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (int bit = 0; bit < PERMISSIONS.size(); bit++) {
      if (permissions.contains(PERMISSIONS.get(bit))) {
        mode |= 1 << bit;
      }
    }
    return mode;
  }

  /** The permissions that the bits 0777 stand for. */
  static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < PERMISSIONS.size(); bit++) {
      if ((mode & 1 << bit) != 0) {
        permissions.add(PERMISSIONS.get(bit));
      }
    }
    return permissions;
  }
}
