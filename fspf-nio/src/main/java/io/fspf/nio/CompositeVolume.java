package io.fspf.nio;

import com.google.common.collect.ImmutableMap;
import io.fspf.AttributeChange;
import io.fspf.CrashRemains;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.HostSpace;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Storage;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A volume with its ephemeral regions in place: each is a {@link ThrowAwayVolume}, in which files
 * have the same paths. {@link CompositePaths} finds the part that has a file, and that does the
 * rest.
 *
 * <p>State of ephemeral regions is in no commit and no snapshot of the volume. Thread-safe.
 */
final class CompositeVolume implements Volume {
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};

  private final Volume base;
  private final ImmutableMap<VolumePath, ThrowAwayVolume> mounts;
  private final CompositePaths paths;

  private CompositeVolume(Volume base, Map<VolumePath, ThrowAwayVolume> mounts) {
    this.base = base;
    this.mounts = ImmutableMap.copyOf(mounts);
    this.paths = new CompositePaths(base, this.mounts);
  }

  /**
   * The volume with its ephemeral regions; itself if it has none. If that fails, it is closed.
   *
   * @param directory of the host, where the regions' contents may stand for the time
   */
  static Volume of(Volume base, Path directory, VolumeOptions options) throws IOException {
    var mounts = new LinkedHashMap<VolumePath, ThrowAwayVolume>();
    try {
      for (Region region : base.regions()) {
        if (region.storage() == Storage.EPHEMERAL) {
          mounts.put(region.path(), ThrowAwayVolume.of(region, directory, options));
        }
      }
      return mounts.isEmpty() ? base : new CompositeVolume(base, mounts);
    } catch (Throwable e) {
      closeAll(base, mounts);
      throw e;
    }
  }

  // ------------------------------------------------------------------------------------------
  // the whole

  @Override
  public RootTag tag() {
    return base.tag();
  }

  @Override
  public long generation() {
    return base.generation();
  }

  @Override
  public VolumeInfo info() {
    return base.info();
  }

  @Override
  public List<Region> regions() {
    return base.regions();
  }

  @Override
  public Region region(VolumePath path) throws IOException {
    return base.region(path);
  }

  @Override
  public HostSpace space(Region region) throws IOException {
    ThrowAwayVolume mount = mounts.get(region.path());
    return mount == null
        ? base.space(region)
        : mount.volume().space(mount.volume().region(region.path()));
  }

  @Override
  public boolean isWritable() {
    return base.isWritable();
  }

  /** Whether a file at this path could be changed. */
  boolean isWritable(VolumePath path) {
    return base.isWritable() || paths.mountOf(path) != null;
  }

  @Override
  public void addRegion(Region region) throws IOException {
    if (region.storage() == Storage.EPHEMERAL) {
      throw new FileSystemException(
          region.path().toString(), null, "An ephemeral region is added while none is mounted");
    }
    base.addRegion(region);
  }

  @Override
  public RootTag commit() throws IOException {
    return base.commit();
  }

  @Override
  public void compact() throws IOException {
    base.compact();
  }

  @Override
  public List<VolumeInfo> history() throws IOException {
    return base.history();
  }

  @Override
  public CrashRemains crashRemains() throws IOException {
    return base.crashRemains();
  }

  @Override
  public Snapshot snapshot() throws IOException {
    return base.snapshot();
  }

  @Override
  public void close() throws IOException {
    closeAll(base, mounts);
  }

  private static void closeAll(Volume base, Map<VolumePath, ThrowAwayVolume> mounts)
      throws IOException {
    try (base) {
      IOException failure = null;
      for (ThrowAwayVolume mount : mounts.values()) {
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
  }

  // ------------------------------------------------------------------------------------------
  // files

  @Override
  public FileAttributes attributes(VolumePath path, LinkOption... options) throws IOException {
    CompositePaths.Spot at = paths.resolve(path, CompositePaths.follows((Object[]) options));
    return at.distinct(at.part().attributes(at.path(), NOFOLLOW));
  }

  @Override
  public DirectoryCursor list(VolumePath directory) throws IOException {
    CompositePaths.Spot at = paths.resolve(directory, true);
    return at.part().list(at.path());
  }

  @Override
  public byte[] readSymbolicLink(VolumePath path) throws IOException {
    CompositePaths.Spot at = paths.resolve(path, false);
    return at.part().readSymbolicLink(at.path());
  }

  @Override
  public SortedMap<Name, byte[]> extendedAttributes(VolumePath path, LinkOption... options)
      throws IOException {
    CompositePaths.Spot at = paths.resolve(path, CompositePaths.follows((Object[]) options));
    return at.part().extendedAttributes(at.path(), NOFOLLOW);
  }

  @Override
  public VolumePath toRealPath(VolumePath path, LinkOption... options) throws IOException {
    CompositePaths.Spot at = paths.resolve(path, CompositePaths.follows((Object[]) options));
    return at.part().toRealPath(at.path(), NOFOLLOW);
  }

  @Override
  public VolumeFile open(VolumePath path, OpenOption... options) throws IOException {
    return open(path, 0644, options);
  }

  @Override
  public VolumeFile open(VolumePath path, int mode, OpenOption... options) throws IOException {
    List<OpenOption> given = Arrays.asList(options);
    boolean follow =
        CompositePaths.follows((Object[]) options)
            && !given.contains(StandardOpenOption.CREATE_NEW);
    CompositePaths.Spot at = paths.resolve(path, follow);
    VolumeFile file = at.part().open(at.path(), mode, options);
    return at.mount() == null ? file : new EphemeralFile(file, at.mount());
  }

  @Override
  public void createDirectory(VolumePath path, int mode) throws IOException {
    CompositePaths.Spot at = paths.resolve(path, false);
    at.part().createDirectory(at.path(), mode);
  }

  @Override
  public void createSymbolicLink(VolumePath link, byte[] target) throws IOException {
    CompositePaths.Spot at = paths.resolve(link, false);
    at.part().createSymbolicLink(at.path(), target);
  }

  @Override
  public void createLink(VolumePath link, VolumePath existing) throws IOException {
    CompositePaths.Spot at = paths.resolve(link, false);
    CompositePaths.Spot source = paths.resolve(existing, false);
    if (at.mount() != source.mount()) {
      throw new FileSystemException(
          link.toString(), existing.toString(), "A link leads into another region");
    }
    at.part().createLink(at.path(), source.path());
  }

  @Override
  public void delete(VolumePath path) throws IOException {
    CompositePaths.Spot at = paths.resolve(path, false);
    at.part().delete(at.path());
  }

  @Override
  public void setAttributes(VolumePath path, AttributeChange change, LinkOption... options)
      throws IOException {
    CompositePaths.Spot at = paths.resolve(path, CompositePaths.follows((Object[]) options));
    at.part().setAttributes(at.path(), change, NOFOLLOW);
  }

  @Override
  public void setExtendedAttribute(
      VolumePath path, Name name, byte @Nullable [] value, LinkOption... options)
      throws IOException {
    CompositePaths.Spot at = paths.resolve(path, CompositePaths.follows((Object[]) options));
    at.part().setExtendedAttribute(at.path(), name, value, NOFOLLOW);
  }

  @Override
  public void move(VolumePath from, VolumePath to, CopyOption... options) throws IOException {
    CompositePaths.Spot source = paths.resolve(from, false);
    CompositePaths.Spot target = paths.resolve(to, false);
    if (source.mount() == target.mount()) {
      source.part().move(source.path(), target.path(), options);
      return;
    }
    List<CopyOption> given = Arrays.asList(options);
    if (given.contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new AtomicMoveNotSupportedException(
          from.toString(), to.toString(), "The move leads into another region");
    }
    var unused = source.part().attributes(source.path(), NOFOLLOW);
    if (exists(target)) {
      if (!given.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      target.part().delete(target.path());
    }
    PartCopy.copy(source.part(), source.path(), target.part(), target.path());
    PartCopy.remove(source.part(), source.path());
  }

  private static boolean exists(CompositePaths.Spot spot) throws IOException {
    try {
      var unused = spot.part().attributes(spot.path(), NOFOLLOW);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
