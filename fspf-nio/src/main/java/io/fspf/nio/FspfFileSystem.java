package io.fspf.nio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * An open volume as a file system. Closing it closes everything that was opened from it, once, and
 * then the volume, which commits what was changed. Thread-safe.
 */
final class FspfFileSystem extends FileSystem {
  private static final ImmutableSet<String> VIEWS =
      ImmutableSet.of("basic", "posix", "owner", "unix", "dos", "user");

  private final FspfFileSystemProvider provider;
  private final Volume volume;
  private final Path location;
  private final VolumePath workingDirectory;
  private final FspfPath root;
  private final FileSystemView view;
  private final OpenResources resources = new OpenResources();

  /** Held shared by what opens something, alone by the step that ends that. */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean open = true;
  private @Nullable ExecutorService executor;
  private volatile @Nullable ShownViolations violations;

  FspfFileSystem(
      FspfFileSystemProvider provider, Volume volume, Path location, VolumePath workingDirectory) {
    this.provider = provider;
    this.volume = volume;
    this.location = location;
    this.workingDirectory = workingDirectory;
    this.root = FspfPath.of(this, VolumePath.ROOT);
    this.view = new FileSystemView(this);
  }

  Volume volume() {
    return volume;
  }

  /** The fspf file's path on the host. */
  Path location() {
    return location;
  }

  VolumePath workingDirectory() {
    return workingDirectory;
  }

  FspfPath root() {
    return root;
  }

  FileSystemView view() {
    return view;
  }

  OpenResources resources() {
    return resources;
  }

  /** From now on violations name files as the mounted tree does. */
  void mountedAs(ShownViolations inTree) {
    violations = inTree;
  }

  /** An open file of the volume, whose violations name it as programs do. */
  VolumeFile shown(VolumeFile file) {
    ShownViolations inTree = violations;
    return inTree == null ? file : new ShownFile(file, inTree);
  }

  /** One use of the file system. */
  interface Use<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /**
   * Runs something that a closing waits for.
   *
   * @throws ClosedFileSystemException if it is closed
   */
  <T extends @Nullable Object> T using(Use<T> something) throws IOException {
    enter();
    try {
      checkOpen();
      return named(something);
    } finally {
      use.readLock().unlock();
    }
  }

  /**
   * Begins a use. It never waits: who copies between two file systems holds one of them, for which
   * a closing of that one may be waiting. Whoever comes after a closing has begun is turned away,
   * so that it does not wait for ever.
   */
  private void enter() {
    boolean turnedAway = closing.get() && use.getReadHoldCount() == 0;
    if (turnedAway || !use.readLock().tryLock()) {
      throw new ClosedFileSystemException();
    }
  }

  /** Runs something of the volume, whose violations name files as programs do. */
  <T extends @Nullable Object> T named(Use<T> something) throws IOException {
    ShownViolations inTree = violations;
    return inTree == null ? something.run() : inTree.shown(something);
  }

  /** As {@link #using}, for what is also of another file system: its failures stay as they are. */
  void keptOpen(Action something) throws IOException {
    enter();
    try {
      checkOpen();
      something.run();
    } finally {
      use.readLock().unlock();
    }
  }

  /** A use without a result. */
  interface Action {
    void run() throws IOException;
  }

  /** As {@link #using}. */
  void run(Action something) throws IOException {
    var unused =
        using(
            () -> {
              something.run();
              return this;
            });
  }

  void checkOpen() {
    if (!open) {
      throw new ClosedFileSystemException();
    }
  }

  /** What carries out asynchronous input and output where the caller names nothing else. */
  synchronized Executor executor() {
    ExecutorService known = executor;
    if (known == null) {
      known =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              5,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              task -> {
                var thread = new Thread(task, "fspf-asynchronous");
                thread.setDaemon(true);
                return thread;
              });
      executor = known;
    }
    return known;
  }

  /** Whether a file at this path could be changed. */
  boolean isWritable(VolumePath path) {
    return volume instanceof CompositeVolume composite
        ? composite.isWritable(path)
        : volume.isWritable();
  }

  private synchronized void shutDownExecutor() {
    if (executor != null) {
      executor.shutdown();
    }
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() throws IOException {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    use.writeLock().lock();
    try {
      open = false;
    } finally {
      use.writeLock().unlock();
    }
    IOException failure = resources.closeAll();
    shutDownExecutor();
    try (volume) {
      if (failure != null) {
        throw failure;
      }
    } finally {
      provider.forget(this);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isReadOnly() {
    return !volume.isWritable();
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    checkOpen();
    return ImmutableList.of(root);
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    checkOpen();
    return volume.regions().stream()
        .map(this::store)
        .collect(ImmutableList.<FileStore>toImmutableList());
  }

  /** A region as a store. */
  RegionFileStore store(Region region) {
    return new RegionFileStore(this, region);
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return VIEWS;
  }

  @Override
  public Path getPath(String first, String... more) {
    if (more.length == 0) {
      return FspfPath.parse(this, first);
    }
    var text = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        if (!text.isEmpty()) {
          text.append('/');
        }
        text.append(part);
      }
    }
    return FspfPath.parse(this, text.toString());
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    return PathMatchers.of(syntaxAndPattern);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return Principals.LOOKUP;
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return using(
        () -> {
          var watcher = new Watcher(this);
          resources.add(watcher);
          return watcher;
        });
  }

  @Override
  public String toString() {
    return location.toString();
  }
}
