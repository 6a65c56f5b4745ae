package io.fspf.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One tree: the platform's file system with volumes at some of its paths. {@link Mounts} says which
 * path leads where. Thread-safe.
 */
final class MountedFileSystem extends FileSystem {
  private final MountedFileSystemProvider provider;
  private final FileSystem platform;
  private volatile Mounts mounts;

  MountedFileSystem(MountedFileSystemProvider provider, FileSystem platform, MountTable table) {
    this.provider = provider;
    this.platform = platform;
    this.mounts = new Mounts(platform, table);
  }

  /** Mounts these where nothing is mounted yet. */
  synchronized void mount(MountTable table) {
    if (!mounts.isEmpty()) {
      throw new IllegalStateException("Volumes are mounted already");
    }
    mounts = new Mounts(platform, table);
  }

  /** Closes all volumes. */
  void closeMounts() throws IOException {
    mounts.close();
  }

  private Mounts.Place place(MountedPath path, boolean follow) throws IOException {
    return mounts.place(path.inner(), follow);
  }

  private @Nullable Mount mountOf(MountedPath path, boolean follow) throws IOException {
    return mounts.isEmpty() ? null : place(path, follow).mount();
  }

  /**
   * The path that the tree's path stands for: the platform's, or one of a volume.
   *
   * @param follow whether a link at its end is followed
   */
  Path target(MountedPath path, boolean follow) throws IOException {
    if (mounts.isEmpty()) {
      return path.inner();
    }
    Mounts.Place place = place(path, follow);
    if (place.mount() != null) {
      return place.mount().resolve(place.absolute());
    }
    return path.isAbsolute() || Mounts.hasDotDot(path.inner()) ? place.absolute() : path.inner();
  }

  /** The same failure, naming the paths of the tree where it names those of a volume. */
  FileSystemException inTree(MountedPath path, boolean follow, FileSystemException e)
      throws IOException {
    Mount mount = mountOf(path, follow);
    return mount == null ? e : ShownFailures.shown(mount, e);
  }

  /** The same file, whose failures name it as the tree does. */
  AttributeViews.Target inTree(MountedPath path, boolean follow, AttributeViews.Target file) {
    return new AttributeViews.Target() {
      @Override
      public <T extends @Nullable Object> T at(AttributeViews.Operation<T> operation)
          throws IOException {
        try {
          return file.at(operation);
        } catch (FileSystemException e) {
          throw inTree(path, follow, e);
        }
      }
    };
  }

  /** What a link in the tree is to hold so that it leads to this path of the tree. */
  Path linkTarget(MountedPath link, MountedPath text) throws IOException {
    Path target = target(link, false);
    Mount mount = mountOf(link, false);
    if (mount != null && text.isAbsolute() && text.startsWith(wrap(mount.at()))) {
      return mount.resolve(text.inner());
    }
    return target.getFileSystem().getPath(text.toString());
  }

  /** The inverse: the path of the tree to which a link leads that holds this. */
  Path shownTarget(MountedPath link, Path held) throws IOException {
    Mount mount = mountOf(link, false);
    Path shown = mount != null && held.isAbsolute() ? mount.toTree(held) : null;
    return shown != null ? wrap(shown) : getPath(held.toString());
  }

  /** The names of mounts that stand directly in a directory. */
  List<Path> mountsIn(MountedPath directory) throws IOException {
    Path target = target(directory, true);
    return target instanceof FspfPath ? List.of() : mounts.directlyIn(target);
  }

  /** Whether a mount stands right here. */
  boolean isMountPoint(MountedPath path) throws IOException {
    if (mounts.isEmpty()) {
      return false;
    }
    Mounts.Place place = place(path, false);
    return place.mount() != null && place.mount().at().equals(place.absolute().normalize());
  }

  /** Refuses to remove or replace a mount. */
  void refuseMountPoint(MountedPath path) throws IOException {
    if (isMountPoint(path)) {
      throw new FileSystemException(path.toString(), null, "A volume is mounted here");
    }
  }

  MountedPath wrap(Path inner) {
    return new MountedPath(this, inner);
  }

  Path toRealPath(MountedPath path, LinkOption... options) throws IOException {
    boolean follow = FileSystemView.follows(options);
    Path target = target(path, follow);
    Path real = target.toRealPath(options);
    if (target.getFileSystem().equals(platform)) {
      return wrap(real);
    }
    Mount mount = mountOf(path, follow);
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
    for (Mount mount : mounts.all()) {
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
        + mounts.all().stream()
            .map(Mount::toString)
            .collect(Collectors.joining(", ", " with ", ""));
  }
}
