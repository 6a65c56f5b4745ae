package io.fspf.nio;

import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Volumes as file systems, under URIs of the scheme {@code fspf}.
 *
 * <p>{@code fspf:<URI of the host>!/<path>} names a path in the volume at a place of any host file
 * system, {@code fspf:///<path of the default host>!/<path>} is short for {@code fspf:file:///...};
 * without {@code !/<path>} that is the volume's root. The place is an fspf file, or the directory
 * that holds an {@code fspf.pb}. What the environment may say is in {@link FspfEnvironment}.
 *
 * <p>A program makes no instance of this: the JDK does. Thread-safe.
 */
public final class FspfFileSystemProvider extends FileSystemProvider {
  private final Map<Path, FspfFileSystem> open = new HashMap<>();

  /** Places whose volume is being opened. */
  private final Set<Path> opening = new HashSet<>();

  /** For the service loader. */
  public FspfFileSystemProvider() {}

  @Override
  public String getScheme() {
    return PathUris.SCHEME;
  }

  // ------------------------------------------------------------------------------------------
  // file systems

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
    PathUris.Parsed parsed = PathUris.parse(uri);
    OpenRequest request = OpenRequest.of(environment, OpenRequest.ProcessSettings.current());
    Path place = VolumePlaces.of(parsed.host(), request);
    reserve(place);
    try {
      return register(open(place, request));
    } finally {
      release(place);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A volume that is open already may be opened once more for reading; {@link #getFileSystem}
   * finds the first.
   *
   * @throws UnsupportedOperationException if the path is not that of a volume
   */
  @Override
  public FileSystem newFileSystem(Path path, Map<String, ?> environment) throws IOException {
    if (!Files.exists(path) || !Volume.isVolume(path)) {
      throw new UnsupportedOperationException("No volume: " + path);
    }
    OpenRequest request = OpenRequest.of(environment, OpenRequest.ProcessSettings.current());
    return register(open(VolumePlaces.of(path, request), request));
  }

  /** The file system of a volume that is open; closing it closes the volume. */
  FileSystem newFileSystem(Volume volume, Path location) throws IOException {
    return register(new FspfFileSystem(this, volume, VolumePlaces.of(location), VolumePath.ROOT));
  }

  /** Opens a volume, or makes it. */
  FileSystem open(Path location, Map<String, ?> environment) throws IOException {
    OpenRequest request = OpenRequest.of(environment, OpenRequest.ProcessSettings.current());
    return register(open(VolumePlaces.of(location, request), request));
  }

  private FspfFileSystem open(Path place, OpenRequest request) throws IOException {
    VolumeOptions options = request.options();
    Volume volume;
    if (Files.exists(place)) {
      boolean writable = isWritable(place, request);
      if (writable) {
        VolumePlaces.requireDurable(place);
      }
      volume = Volume.open(place, writable ? options.writable() : options);
    } else if (request.create()) {
      VolumePlaces.requireDurable(place);
      volume = Volume.create(place, options, List.of(Region.encrypted(VolumePath.ROOT, ".")));
    } else {
      throw new NoSuchFileException(place.toString(), null, "There is no volume");
    }
    Volume whole = CompositeVolume.of(volume, request.ephemeralParent(), options);
    return new FspfFileSystem(this, whole, place, request.workingDirectory());
  }

  private static boolean isWritable(Path place, OpenRequest request) {
    boolean pinned = request.options().freshness() instanceof io.fspf.Freshness.Pinned;
    return request
        .readOnly()
        .map(readOnly -> !readOnly)
        .orElse(!pinned && !VolumePlaces.isArchive(place) && Files.isWritable(place));
  }

  private synchronized void reserve(Path place) {
    if (open.containsKey(place) || !opening.add(place)) {
      throw new FileSystemAlreadyExistsException(place.toString());
    }
  }

  private synchronized void release(Path place) {
    opening.remove(place);
  }

  private synchronized FspfFileSystem register(FspfFileSystem fileSystem) {
    open.putIfAbsent(fileSystem.location(), fileSystem);
    return fileSystem;
  }

  synchronized void forget(FspfFileSystem fileSystem) {
    open.remove(fileSystem.location(), fileSystem);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return find(uri, PathUris.parse(uri));
  }

  private FspfFileSystem find(URI uri, PathUris.Parsed parsed) {
    Path place;
    try {
      place = VolumePlaces.of(parsed.host());
    } catch (IOException e) {
      throw notFound(uri);
    }
    synchronized (this) {
      FspfFileSystem found = open.get(place);
      if (found == null) {
        throw notFound(uri);
      }
      return found;
    }
  }

  private static FileSystemNotFoundException notFound(URI uri) {
    return new FileSystemNotFoundException("No volume is open there: " + uri);
  }

  @Override
  public Path getPath(URI uri) {
    PathUris.Parsed parsed = PathUris.parse(uri);
    return FspfPath.ofBytes(find(uri, parsed), parsed.path());
  }

  // ------------------------------------------------------------------------------------------
  // files

  private static FileSystemView view(FspfPath path) {
    return path.getFileSystem().view();
  }

  /** The path of a name that is to be made, moved or removed. */
  private static VolumePath nameOf(FspfPath path) throws FileSystemException {
    if (path.getFileName() != null && path.getFileName().toString().equals(".")) {
      throw new FileSystemException(path.toString(), null, "Invalid argument");
    }
    return path.toVolumePath();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    FspfPath checked = FspfPath.checked(path);
    OpenSettings settings = OpenSettings.of(options);
    return view(checked).newFileChannel(checked.toVolumePath(), settings, attributes);
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      @Nullable ExecutorService executor,
      FileAttribute<?>... attributes)
      throws IOException {
    FspfPath checked = FspfPath.checked(path);
    OpenSettings settings = OpenSettings.of(options);
    return view(checked)
        .newAsynchronousFileChannel(checked.toVolumePath(), settings, executor, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    FspfPath checked = FspfPath.checked(directory);
    Objects.requireNonNull(filter, "filter");
    return view(checked).newDirectoryStream(checked, checked.toVolumePath(), true, filter);
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    FspfPath checked = FspfPath.checked(directory);
    view(checked).createDirectory(checked.toVolumePath(), attributes);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    FspfPath checked = FspfPath.checked(link);
    view(checked)
        .createSymbolicLink(nameOf(checked), FspfPath.checked(target).toBytes(), attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    FspfPath checked = FspfPath.checked(link);
    FspfPath source = FspfPath.checked(existing);
    if (!source.getFileSystem().equals(checked.getFileSystem())) {
      throw new FileSystemException(link.toString(), existing.toString(), "Another volume");
    }
    view(checked).createLink(nameOf(checked), source.toVolumePath());
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    FspfPath checked = FspfPath.checked(link);
    return FspfPath.ofBytes(
        checked.getFileSystem(), view(checked).readSymbolicLink(checked.toVolumePath()));
  }

  @Override
  public void delete(Path path) throws IOException {
    FspfPath checked = FspfPath.checked(path);
    view(checked).delete(nameOf(checked));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    FspfPath from = FspfPath.checked(source);
    FspfPath to = FspfPath.checked(target);
    view(from).copy(from.toVolumePath(), view(to), nameOf(to), CopySettings.ofCopy(options));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    FspfPath from = FspfPath.checked(source);
    FspfPath to = FspfPath.checked(target);
    CopySettings settings = CopySettings.ofMove(options);
    if (from.getFileSystem().equals(to.getFileSystem())) {
      view(from).move(nameOf(from), nameOf(to), settings);
    } else {
      view(from).moveTo(nameOf(from), view(to), nameOf(to), settings);
    }
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    FspfPath one = FspfPath.checked(path);
    if (one.equals(other)) {
      return true;
    }
    if (!(other instanceof FspfPath two)) {
      Objects.requireNonNull(other);
      return false;
    }
    return view(one)
        .attributes(one.toVolumePath(), true)
        .key()
        .equals(view(two).attributes(two.toVolumePath(), true).key());
  }

  @Override
  public boolean isHidden(Path path) {
    FspfPath name = FspfPath.checked(path).getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    FspfPath checked = FspfPath.checked(path);
    return view(checked).store(checked.toVolumePath());
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    FspfPath checked = FspfPath.checked(path);
    view(checked).checkAccess(checked.toVolumePath(), modes);
  }

  // ------------------------------------------------------------------------------------------
  // attributes

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    FspfPath checked = FspfPath.checked(path);
    return AttributeViews.of(
        view(checked), AttributeViews.target(checked), type, FileSystemView.follows(options));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    FspfPath checked = FspfPath.checked(path);
    Objects.requireNonNull(type, "type");
    boolean follow = FileSystemView.follows(options);
    if (type == DosFileAttributes.class) {
      return type.cast(view(checked).dosAttributes(checked.toVolumePath(), follow));
    }
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      throw new UnsupportedOperationException("No attributes of the type " + type.getName());
    }
    return type.cast(view(checked).attributes(checked.toVolumePath(), follow));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return AttributeNames.read(FspfPath.checked(path), attributes, FileSystemView.follows(options));
  }

  @Override
  public void setAttribute(
      Path path, String attribute, @Nullable Object value, LinkOption... options)
      throws IOException {
    AttributeNames.set(FspfPath.checked(path), attribute, value, FileSystemView.follows(options));
  }
}
