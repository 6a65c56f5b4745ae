package io.fspf.nio;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One tree: the platform's file system with volumes at some of its paths. A mount is found by the
 * text of a path, after its {@code ".."} are taken out as far as they stand behind no link of the
 * host; a volume is opened when it is first needed and closed when the virtual machine ends.
 * Thread-safe.
 */
final class MountedFileSystem extends FileSystem {
  private final MountedFileSystemProvider provider;
  private final FileSystem platform;
  private volatile List<Mount> mounts;

  MountedFileSystem(MountedFileSystemProvider provider, FileSystem platform, MountTable table) {
    this.provider = provider;
    this.platform = platform;
    this.mounts = mounts(table);
  }

  private List<Mount> mounts(MountTable table) {
    return table.entries().stream()
        .map(Mount::new)
        .sorted(Comparator.comparingInt((Mount mount) -> mount.at.getNameCount()).reversed())
        .toList();
  }

  /** Mounts these where nothing is mounted yet. */
  synchronized void mount(MountTable table) {
    if (!mounts.isEmpty()) {
      throw new IllegalStateException("Volumes are mounted already");
    }
    mounts = mounts(table);
  }

  /** One volume in the tree. */
  private final class Mount {
    private final MountTable.Entry entry;
    private final Path at;
    private volatile @Nullable FspfFileSystem open;
    private @Nullable Thread opener;
    private @Nullable Path temporary;

    Mount(MountTable.Entry entry) {
      this.entry = entry;
      this.at = platform.getPath(entry.at()).normalize();
    }

    /** The volume's path that stands for a path at or below the mount. */
    Path resolve(Path absolute) throws IOException {
      FspfFileSystem volume = fileSystem();
      Path base = volume.getPath(entry.path());
      int depth = at.getNameCount();
      int names = absolute.getNameCount();
      return names == depth ? base : base.resolve(absolute.subpath(depth, names).toString());
    }

    /** The tree's path that stands for a path of the volume; null if there is none. */
    @Nullable Path toTree(Path inVolume) {
      Path base = inVolume.getFileSystem().getPath(entry.path());
      if (!inVolume.startsWith(base)) {
        return null;
      }
      String below = base.relativize(inVolume).toString();
      return below.isEmpty() ? at : at.resolve(below);
    }

    /** A path of the volume as the tree has it; what is none stays as it is. */
    @Nullable String shown(@Nullable String inVolume) {
      FspfFileSystem volume = open;
      if (inVolume == null || volume == null) {
        return inVolume;
      }
      Path shown = toTree(volume.getPath(inVolume));
      return shown == null ? inVolume : shown.toString();
    }

    private synchronized FspfFileSystem fileSystem() throws IOException {
      FspfFileSystem known = open;
      if (known != null) {
        return known;
      }
      if (opener == Thread.currentThread()) {
        throw new FileSystemException(
            entry.at(), null, "To open the volume something at its own mount is needed");
      }
      opener = Thread.currentThread();
      try {
        FspfFileSystem opened = (FspfFileSystem) open();
        open = opened;
        return opened;
      } finally {
        opener = null;
      }
    }

    private FileSystem open() throws IOException {
      FspfFileSystemProvider volumes = FspfFileSystems.provider();
      if (!entry.isEphemeral()) {
        return volumes.open(platform.getPath(entry.volume()), entry.environment());
      }
      Path directory =
          Files.createTempDirectory(
              platform.getPath(System.getProperty("java.io.tmpdir", "/tmp")), "fspf-mount-");
      temporary = directory;
      try (VolumeKey key = VolumeKey.generate();
          var keys = KeyProviders.raw(key)) {
        var options = VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
        var owner = Principals.ofProcess();
        return volumes.newFileSystem(
            io.fspf.Volume.create(
                directory,
                owner.isPresent() ? options.withOwner(owner.get()) : options,
                List.of(Region.encrypted(VolumePath.ROOT, "."))),
            directory);
      }
    }

    synchronized void close() throws IOException {
      FspfFileSystem known = open;
      if (known != null) {
        known.close();
        open = null;
      }
      Path directory = temporary;
      if (directory != null) {
        ThrowAwayVolume.remove(directory);
        temporary = null;
      }
    }
  }

  /** Closes all volumes. */
  void closeMounts() throws IOException {
    IOException failure = null;
    for (Mount mount : mounts) {
      try {
        mount.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable Mount mountOf(Path absolute) {
    for (Mount mount : mounts) {
      if (absolute.startsWith(mount.at)) {
        return mount;
      }
    }
    return null;
  }

  /** Where a path leads: to a mount and a path of the tree in it, or past all mounts. */
  private record Place(@Nullable Mount mount, Path absolute) {}

  private Place place(MountedPath path) {
    Path absolute = path.inner().toAbsolutePath();
    Mount mount = mountOf(absolute);
    if (hasDotDot(absolute)) {
      // Into or out of a mount ".." leads by the text: the host has nothing to follow there.
      Path folded = absolute.normalize();
      Mount other = mountOf(folded);
      if (other != mount) {
        return new Place(other, folded);
      }
    }
    return new Place(mount, absolute);
  }

  private static boolean hasDotDot(Path path) {
    for (Path name : path) {
      if (name.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** The path that the tree's path stands for: the platform's, or one of a volume. */
  Path target(MountedPath path) throws IOException {
    if (mounts.isEmpty()) {
      return path.inner();
    }
    Place place = place(path);
    if (place.mount() != null) {
      return place.mount().resolve(place.absolute());
    }
    return path.isAbsolute() || hasDotDot(path.inner()) ? place.absolute() : path.inner();
  }

  /** The same failure, naming the paths of the tree where it names those of a volume. */
  FileSystemException inTree(MountedPath path, FileSystemException e) {
    Mount mount = place(path).mount();
    if (mount == null) {
      return e;
    }
    String file = mount.shown(e.getFile());
    String other = mount.shown(e.getOtherFile());
    String reason = e.getReason();
    FileSystemException shown;
    if (e instanceof NoSuchFileException) {
      shown = new NoSuchFileException(file, other, reason);
    } else if (e instanceof FileAlreadyExistsException) {
      shown = new FileAlreadyExistsException(file, other, reason);
    } else if (e instanceof AccessDeniedException) {
      shown = new AccessDeniedException(file, other, reason);
    } else if (e instanceof AtomicMoveNotSupportedException) {
      shown = new AtomicMoveNotSupportedException(file, other, reason);
    } else if (e instanceof NotLinkException) {
      shown = new NotLinkException(file, other, reason);
    } else if (e instanceof DirectoryNotEmptyException) {
      shown = new DirectoryNotEmptyException(file);
    } else if (e instanceof NotDirectoryException) {
      shown = new NotDirectoryException(file);
    } else if (e instanceof FileSystemLoopException) {
      shown = new FileSystemLoopException(file);
    } else {
      shown = new FileSystemException(file, other, reason);
    }
    shown.initCause(e);
    return shown;
  }

  /** What a link in the tree is to hold so that it leads to this path of the tree. */
  Path linkTarget(MountedPath link, Path text) throws IOException {
    Path target = target(link);
    Mount mount = place(link).mount();
    if (mount != null && text.isAbsolute() && text.startsWith(wrap(mount.at))) {
      return mount.resolve(MountedPath.checked(text).inner());
    }
    return target.getFileSystem().getPath(text.toString());
  }

  /** The inverse: the path of the tree to which a link leads that holds this. */
  Path shownTarget(MountedPath link, Path held) {
    Mount mount = place(link).mount();
    Path shown = mount != null && held.isAbsolute() ? mount.toTree(held) : null;
    return shown != null ? wrap(shown) : getPath(held.toString());
  }

  /** The names of mounts that stand directly in a directory of the platform's. */
  List<Path> mountsIn(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    var names = new ArrayList<Path>();
    for (Mount mount : mounts) {
      if (absolute.equals(mount.at.getParent())) {
        names.add(mount.at.getFileName());
      }
    }
    return names;
  }

  /** Whether a mount stands right here. */
  boolean isMountPoint(MountedPath path) {
    Path absolute = path.inner().toAbsolutePath().normalize();
    return mounts.stream().anyMatch(mount -> mount.at.equals(absolute));
  }

  MountedPath wrap(Path inner) {
    return new MountedPath(this, inner);
  }

  Path toRealPath(MountedPath path, LinkOption... options) throws IOException {
    Path target = target(path);
    Path real = target.toRealPath(options);
    if (target.getFileSystem().equals(platform)) {
      return wrap(real);
    }
    Mount mount = place(path).mount();
    Path shown = mount == null ? null : mount.toTree(real);
    if (shown == null) {
      throw new FileSystemException(
          path.toString(), null, "A link in the volume leads out of what is mounted");
    }
    return wrap(shown);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /** The default file system is never closed. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return platform.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return platform.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return StreamSupport.stream(platform.getRootDirectories().spliterator(), false)
        .<Path>map(this::wrap)
        .toList();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    var stores = new ArrayList<FileStore>();
    platform.getFileStores().forEach(stores::add);
    for (Mount mount : mounts) {
      try {
        mount.fileSystem().getFileStores().forEach(stores::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return stores;
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return platform.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(platform.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = platform.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(MountedPath.checked(path).inner());
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return platform.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return new MountedWatchService(platform.newWatchService());
  }

  @Override
  public String toString() {
    return platform
        + mounts.stream()
            .map(mount -> mount.entry.toString())
            .collect(Collectors.joining(", ", " with ", ""));
  }
}
