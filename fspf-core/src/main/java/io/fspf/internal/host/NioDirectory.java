package io.fspf.internal.host;

import io.fspf.HostSpace;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory tree on {@code java.nio.file}.
 *
 * <p>Directories that lead to a file are followed where they are symbolic links; only the file
 * itself is not. The directory at the root path may be one.
 *
 * <p>Times keep their nanoseconds, with two exceptions that are the JDK's: before Java 18 it sets
 * those of symbolic links in microseconds; and times before 1970 are set in whole seconds. To set
 * times or extended attributes the JDK opens the file, so a file that its owner may not read should
 * get its mode last.
 */
final class NioDirectory implements HostDirectory {
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};
  private static final LinkOption[] FOLLOW = {};

  private final Path base;
  private final NioNames names;

  NioDirectory(Path base, NioNames names) {
    this.base = base;
    this.names = names;
  }

  private Path resolve(VolumePath path) throws IOException {
    if (path.names().contains(DOT_DOT) || path.names().contains(DOT)) {
      throw new IllegalArgumentException(
          "A path of the host without '.' and '..' is needed: " + path);
    }
    return names.resolve(base, path);
  }

  private static LinkOption[] options(VolumePath path) {
    return path.isRoot() ? FOLLOW : NOFOLLOW;
  }

  private boolean has(String view) {
    return base.getFileSystem().supportedFileAttributeViews().contains(view);
  }

  @Override
  public HostFile open(VolumePath path, Mode mode) throws IOException {
    return NioFile.open(resolve(path), mode);
  }

  @Override
  public HostAttributes attributes(VolumePath path) throws IOException {
    return NioAttributes.read(resolve(path), options(path));
  }

  @Override
  public List<Name> list(VolumePath directory) throws IOException {
    Path path = resolve(directory);
    if (NioAttributes.identity(path, options(directory)).kind() != Kind.DIRECTORY) {
      throw new NotDirectoryException(path.toString());
    }
    var result = new ArrayList<Name>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        result.add(names.name(path, entry));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(result);
    return result;
  }

  @Override
  public byte[] readSymbolicLink(VolumePath path) throws IOException {
    Path link = resolve(path);
    try {
      return names.target(Files.readSymbolicLink(link));
    } catch (UnsupportedOperationException e) {
      throw new NotLinkException(link.toString());
    }
  }

  @Override
  public SortedMap<Name, byte[]> extendedAttributes(VolumePath path) throws IOException {
    Path file = resolve(path);
    SortedMap<Name, byte[]> result = new TreeMap<>();
    UserDefinedFileAttributeView view = userAttributes(file, path);
    if (view == null) {
      return result;
    }
    try {
      for (String name : FifoWatch.during(file, view::list)) {
        ByteBuffer value = ByteBuffer.allocate(FifoWatch.during(file, () -> view.size(name)));
        FifoWatch.during(file, () -> view.read(name, value));
        result.put(attributeName(file, name), Arrays.copyOf(value.array(), value.position()));
      }
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (Files.getFileStore(file).supportsFileAttributeView(UserDefinedFileAttributeView.class)) {
        throw e;
      }
    } finally {
      touched(file);
    }
    return result;
  }

  /**
   * Null where the file can have none: Linux has these attributes for files and directories only.
   */
  private @Nullable UserDefinedFileAttributeView userAttributes(Path file, VolumePath path)
      throws IOException {
    // The kind is asked first, because the JDK opens the file for each operation, which would wait
    // for the other end of a FIFO.
    Kind kind = NioAttributes.identity(file, options(path)).kind();
    return kind == Kind.REGULAR || kind == Kind.DIRECTORY
        ? Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, options(path))
        : null;
  }

  private static Name attributeName(Path file, String name) throws FileSystemException {
    if (name.indexOf('\uFFFD') < 0) {
      try {
        return Name.of(name);
      } catch (IllegalArgumentException e) {
        // Refused below.
      }
    }
    throw new FileSystemException(
        file.toString(), null, "an extended attribute's name cannot be represented in this locale");
  }

  @Override
  public void setExtendedAttribute(VolumePath path, Name name, byte @Nullable [] value)
      throws IOException {
    Path file = resolve(path);
    String text = name.toString();
    if (!isEncodable(text)) {
      throw new FileSystemException(
          file.toString(),
          null,
          "the attribute's name '" + name + "' cannot be represented in this locale");
    }
    UserDefinedFileAttributeView view = userAttributes(file, path);
    if (view == null) {
      throw new FileSystemException(
          file.toString(), null, "this file cannot have extended attributes");
    }
    try {
      if (value != null) {
        FifoWatch.during(file, () -> view.write(text, ByteBuffer.wrap(value)));
      } else if (FifoWatch.during(file, view::list).contains(text)) {
        FifoWatch.during(
            file,
            () -> {
              view.delete(text);
              return true;
            });
      }
    } finally {
      touched(file);
    }
  }

  /**
   * The JDK encodes names of attributes in the locale's charset, with a question mark where that
   * has no character.
   */
  private static boolean isEncodable(String name) {
    String charset = System.getProperty("sun.jnu.encoding", "UTF-8");
    Charset encoding =
        Charset.isSupported(charset) ? Charset.forName(charset) : StandardCharsets.UTF_8;
    return new String(name.getBytes(encoding), encoding).equals(name);
  }

  @Override
  public void createDirectory(VolumePath path) throws IOException {
    Path directory = resolve(path);
    if (has("posix")) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  @Override
  public void createSymbolicLink(VolumePath path, byte[] target) throws IOException {
    Path link = resolve(path);
    Path to = target.length == 0 ? null : names.ofTarget(target);
    if (to != null) {
      Files.createSymbolicLink(link, to);
    } else if (target.length > 0 && names.rawBytes()) {
      // "a//b" or "dir/": the JDK would drop slashes.
      if (Files.exists(link, NOFOLLOW)) {
        throw new FileAlreadyExistsException(link.toString());
      }
      ShellLink.create(link, NioNames.bytes(link), target);
    } else {
      throw new FileSystemException(
          link.toString(), null, "the host cannot represent the link's target");
    }
  }

  @Override
  public void createLink(VolumePath path, VolumePath existing) throws IOException {
    Files.createLink(resolve(path), resolve(existing));
  }

  @Override
  public void rename(VolumePath from, VolumePath to) throws IOException {
    Path source = resolve(from);
    Path target = resolve(to);
    OpenFiles.rename(
        source,
        target,
        () ->
            Files.move(
                source,
                target,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING));
  }

  @Override
  public void delete(VolumePath path) throws IOException {
    Files.delete(resolve(path));
  }

  @Override
  public void setMode(VolumePath path, int mode) throws IOException {
    if (!has("posix")) {
      return;
    }
    Path file = resolve(path);
    LinkOption[] options = options(path);
    Kind kind = NioAttributes.identity(file, options).kind();
    // Without following, the JDK opens the file first, which would wait for the other end of a
    // FIFO.
    if (kind != Kind.REGULAR && kind != Kind.DIRECTORY) {
      throw new FileSystemException(
          file.toString(), null, "neither a regular file nor a directory");
    }
    try {
      setMode(file, mode, options);
    } catch (AccessDeniedException e) {
      // The owner may change the mode of a file that he cannot open.
      setMode(file, mode, FOLLOW);
    } finally {
      touched(file);
    }
  }

  private void setMode(Path file, int mode, LinkOption... options) throws IOException {
    if (names.rawBytes()) {
      var unused =
          FifoWatch.during(
              file, () -> Files.setAttribute(file, "unix:mode", mode & 07777, options));
      return;
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, options);
    if (view != null) {
      view.setPermissions(NioAttributes.permissions(mode));
    }
  }

  @Override
  public void setOwner(VolumePath path, int uid, int gid) throws IOException {
    if (!names.rawBytes()) {
      return;
    }
    Path file = resolve(path);
    // The group first: after the owner has changed it may no longer be ours to set.
    Files.setAttribute(file, "unix:gid", gid, options(path));
    Files.setAttribute(file, "unix:uid", uid, options(path));
  }

  @Override
  public void setTimes(VolumePath path, @Nullable Instant modified, @Nullable Instant accessed)
      throws IOException {
    Path file = resolve(path);
    LinkOption[] options = options(path);
    HostAttributes now = NioAttributes.read(file, options);
    if (now.kind() == Kind.SPECIAL) {
      throw new FileSystemException(file.toString(), null, "a device, FIFO or socket");
    }
    try {
      BasicFileAttributeView view =
          Files.getFileAttributeView(file, BasicFileAttributeView.class, options);
      FifoWatch.during(
          file,
          () -> {
            view.setTimes(time(modified, now.modified()), time(accessed, now.accessed()), null);
            return true;
          });
    } finally {
      touched(file);
    }
  }

  /** The JDK makes 1970 of a time before it that is no whole second, so those are rounded down. */
  private static FileTime time(@Nullable Instant wanted, Instant current) {
    Instant time = wanted == null ? current : wanted;
    return FileTime.from(
        time.isBefore(Instant.EPOCH) ? time.truncatedTo(ChronoUnit.SECONDS) : time);
  }

  /**
   * The JDK has opened and closed the file, and with that dropped its lock, if this process had
   * one.
   */
  private static void touched(Path file) throws IOException {
    if (NioLocks.anyHeld()) {
      NioLocks.reassert(NioAttributes.id(file));
    }
  }

  @Override
  public void syncDirectory(VolumePath directory) throws IOException {
    Path path = resolve(directory);
    if (NioAttributes.identity(path, options(directory)).kind() != Kind.DIRECTORY) {
      throw new NotDirectoryException(path.toString());
    }
    if (!names.rawBytes()) {
      // Windows and other providers cannot open a directory as a file.
      return;
    }
    Uninterrupted.call(
        () -> {
          try (FileChannel channel =
              FifoWatch.during(path, () -> FileChannel.open(path, StandardOpenOption.READ))) {
            channel.force(true);
          }
          return true;
        });
  }

  @Override
  public HostSpace space() throws IOException {
    FileStore store = Files.getFileStore(base);
    long blockSize;
    try {
      blockSize = store.getBlockSize();
    } catch (UnsupportedOperationException e) {
      blockSize = 4096;
    }
    return new HostSpace(
        store.getTotalSpace(), store.getUnallocatedSpace(), store.getUsableSpace(), blockSize);
  }

  @Override
  public HostLock lock(VolumePath path, boolean exclusive) throws IOException {
    return NioLocks.lock(
        resolve(path), path.isRoot() ? "the file" : path.name().toString(), exclusive);
  }
}
