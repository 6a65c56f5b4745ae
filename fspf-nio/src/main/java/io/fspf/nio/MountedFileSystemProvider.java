package io.fspf.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Puts volumes at their usual paths for programs that know nothing of them: with {@code
 * -Djava.nio.file.spi.DefaultFileSystemProvider=io.fspf.nio.MountedFileSystemProvider} it stands
 * before the platform's own default provider. The system property {@code fspf.mounts} names the
 * {@link MountTable}'s file; everything that is under no mount passes through.
 *
 * <p>What goes by {@code java.io} ({@code FileInputStream}, {@code RandomAccessFile}, {@code
 * Path.toFile}, native libraries, class path entries) does not ask any provider and sees the host's
 * files. Volumes are opened when they are first used, and committed and closed when the virtual
 * machine ends in order.
 *
 * <p>Thread-safe.
 */
public final class MountedFileSystemProvider extends FileSystemProvider {
  /** The system property that names the mount table's file. */
  public static final String MOUNTS_PROPERTY = "fspf.mounts";

  private final FileSystemProvider platform;
  private final MountedFileSystem fileSystem;

  /** For the JDK, which gives the provider that is the default otherwise. */
  public MountedFileSystemProvider(FileSystemProvider platform) {
    this(platform, configured(platform));
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAtExit, "fspf-mounts"));
  }

  /** The same with mounts of the caller's; {@link #closeMounts} ends them. */
  public MountedFileSystemProvider(FileSystemProvider platform, MountTable mounts) {
    this.platform = platform;
    this.fileSystem =
        new MountedFileSystem(this, platform.getFileSystem(URI.create("file:///")), mounts);
  }

  private static MountTable configured(FileSystemProvider platform) {
    String file = System.getProperty(MOUNTS_PROPERTY);
    if (file == null) {
      return MountTable.of(List.of());
    }
    try {
      return MountTable.read(platform.getFileSystem(URI.create("file:///")).getPath(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The mount table " + file + " cannot be read", e);
    }
  }

  private void closeAtExit() {
    try {
      closeMounts();
    } catch (IOException e) {
      // No constant: the default provider is made before there can be loggers.
      System.getLogger("io.fspf.nio")
          .log(Level.ERROR, "A mounted volume could not be closed: {0}", e.getMessage());
    }
  }

  /**
   * Mounts volumes in a process that learns only after its start which ones, by attestation for
   * example.
   *
   * @throws IllegalStateException if there are mounts already: what a path stands for does not
   *     change
   */
  public void mount(MountTable mounts) {
    fileSystem.mount(mounts);
  }

  /** Commits and closes all mounted volumes; they are opened again when they are used again. */
  public void closeMounts() throws IOException {
    fileSystem.closeMounts();
  }

  @Override
  public String getScheme() {
    return "file";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
    return platform.newFileSystem(uri, environment);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    var unused = platform.getFileSystem(uri);
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return fileSystem.wrap(platform.getPath(uri));
  }

  // ------------------------------------------------------------------------------------------
  // one file

  private Path target(Path path, boolean follow) throws IOException {
    return fileSystem.target(MountedPath.checked(path), follow);
  }

  private void refuseMountPoint(Path path) throws IOException {
    fileSystem.refuseMountPoint(MountedPath.checked(path));
  }

  /** An operation on what a path of the tree stands for. */
  private interface Operation<T extends @Nullable Object> {
    T run(Path target) throws IOException;
  }

  private interface Action {
    void run(Path target) throws IOException;
  }

  /** An operation on the file, or with {@code follow} the link's target, that a path leads to. */
  private <T extends @Nullable Object> T at(Path path, boolean follow, Operation<T> operation)
      throws IOException {
    MountedPath checked = MountedPath.checked(path);
    try {
      return operation.run(fileSystem.target(checked, follow));
    } catch (FileSystemException e) {
      throw fileSystem.inTree(checked, follow, e);
    }
  }

  private void run(Path path, boolean follow, Action action) throws IOException {
    var unused =
        at(
            path,
            follow,
            target -> {
              action.run(target);
              return target;
            });
  }

  private static FileSystemProvider of(Path target) {
    return target.getFileSystem().provider();
  }

  /** Whether opening with these options follows a link at the end of the path. */
  private static boolean follows(Set<? extends OpenOption> options) {
    return !options.contains(LinkOption.NOFOLLOW_LINKS)
        && !options.contains(StandardOpenOption.CREATE_NEW);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return at(
        path, follows(options), target -> of(target).newByteChannel(target, options, attributes));
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return at(
        path, follows(options), target -> of(target).newFileChannel(target, options, attributes));
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      @Nullable ExecutorService executor,
      FileAttribute<?>... attributes)
      throws IOException {
    return at(
        path,
        follows(options),
        target -> of(target).newAsynchronousFileChannel(target, options, executor, attributes));
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    run(directory, false, target -> of(target).createDirectory(target, attributes));
  }

  @Override
  public void createSymbolicLink(Path link, Path text, FileAttribute<?>... attributes)
      throws IOException {
    refuseMountPoint(link);
    Path held = fileSystem.linkTarget(MountedPath.checked(link), MountedPath.checked(text));
    run(link, false, target -> of(target).createSymbolicLink(target, held, attributes));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    Path held = at(link, false, target -> of(target).readSymbolicLink(target));
    return fileSystem.shownTarget(MountedPath.checked(link), held);
  }

  @Override
  public void delete(Path path) throws IOException {
    refuseMountPoint(path);
    run(path, false, target -> of(target).delete(target));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return at(path, false, target -> of(target).isHidden(target));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return at(path, true, target -> of(target).getFileStore(target));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    run(path, true, target -> of(target).checkAccess(target, modes));
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    boolean follow = FileSystemView.follows(options);
    Path target;
    try {
      target = target(path, follow);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target instanceof FspfPath inVolume
        ? AttributeViews.of(
            inVolume.getFileSystem().view(),
            fileSystem.inTree(MountedPath.checked(path), follow, AttributeViews.target(inVolume)),
            type,
            follow)
        : of(target).getFileAttributeView(target, type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return at(
        path,
        FileSystemView.follows(options),
        target -> of(target).readAttributes(target, type, options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return at(
        path,
        FileSystemView.follows(options),
        target -> of(target).readAttributes(target, attributes, options));
  }

  @Override
  public void setAttribute(
      Path path, String attribute, @Nullable Object value, LinkOption... options)
      throws IOException {
    run(
        path,
        FileSystemView.follows(options),
        target -> Files.setAttribute(target, attribute, value, options));
  }

  // ------------------------------------------------------------------------------------------
  // directories

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    MountedPath shown = MountedPath.checked(directory);
    List<Path> mounts = fileSystem.mountsIn(shown);
    DirectoryStream<Path> entries =
        at(
            directory,
            true,
            listed ->
                of(listed)
                    .newDirectoryStream(
                        listed,
                        entry -> {
                          Path name = entry.getFileName();
                          return !mounts.contains(name)
                              && filter.accept(TreeStream.child(shown, name));
                        }));
    var inTree = new TreeStream(entries, shown, mounts, filter);
    return entries instanceof SecureDirectoryStream<Path> held
        ? new SecureTreeStream(held, target(directory, true).getFileSystem(), shown, inTree)
        : inTree;
  }

  // ------------------------------------------------------------------------------------------
  // two files

  private static boolean together(Path one, Path other) {
    return one.getFileSystem().equals(other.getFileSystem());
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    refuseMountPoint(link);
    Path source = target(existing, false);
    run(
        link,
        false,
        target -> {
          if (!together(target, source)) {
            throw new FileSystemException(
                link.toString(), existing.toString(), "A link leads out of the volume");
          }
          of(target).createLink(target, source);
        });
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    CopySettings settings = CopySettings.ofCopy(options);
    Path to = target(target, false);
    if (together(target(source, settings.follow()), to)) {
      run(source, settings.follow(), from -> of(from).copy(from, to, options));
    } else {
      CrossCopy.copy(source, target, settings);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    CopySettings settings = CopySettings.ofMove(options);
    refuseMountPoint(source);
    refuseMountPoint(target);
    Path to = target(target, false);
    if (together(target(source, false), to)) {
      run(source, false, from -> of(from).move(from, to, options));
    } else if (settings.atomic()) {
      throw new AtomicMoveNotSupportedException(
          source.toString(), target.toString(), "The move leads out of the volume");
    } else {
      CrossCopy.move(source, target, settings);
    }
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    if (path.equals(other)) {
      return true;
    }
    if (!(Objects.requireNonNull(other) instanceof MountedPath)) {
      return false;
    }
    Path one = target(path, true);
    Path two = target(other, true);
    return together(one, two) && of(one).isSameFile(one, two);
  }
}
