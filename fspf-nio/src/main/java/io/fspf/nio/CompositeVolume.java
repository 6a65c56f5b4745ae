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
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A volume with its ephemeral regions in place: each is a {@link ThrowAwayVolume}, in which files
 * have the same paths. It walks paths itself, since symbolic links lead from one part into another,
 * and hands the rest to the part that has the file.
 *
 * <p>State of ephemeral regions is in no commit and no snapshot of the volume. Thread-safe.
 */
final class CompositeVolume implements Volume {
  private static final int MAX_LINKS = 40;
  private static final int COPY_BUFFER = 1 << 20;
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};
  private static final Name DOT_DOT = Name.of("..");

  private final Volume base;
  private final ImmutableMap<VolumePath, ThrowAwayVolume> mounts;

  private CompositeVolume(Volume base, Map<VolumePath, ThrowAwayVolume> mounts) {
    this.base = base;
    this.mounts = ImmutableMap.copyOf(mounts);
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
  // where a path leads

  /** A file, or a free name, without symbolic links before it. */
  private record Spot(Volume part, @Nullable ThrowAwayVolume mount, VolumePath path) {
    FileAttributes distinct(FileAttributes attributes) {
      return mount == null ? attributes : mount.distinct(attributes);
    }
  }

  private Spot spot(VolumePath real) {
    ThrowAwayVolume mount = mountOf(real);
    return new Spot(mount == null ? base : mount.volume(), mount, real);
  }

  private @Nullable ThrowAwayVolume mountOf(VolumePath real) {
    for (VolumePath at = real; ; at = at.parent()) {
      ThrowAwayVolume mount = mounts.get(at);
      if (mount != null || at.isRoot()) {
        return mount;
      }
    }
  }

  private static boolean follows(Object... options) {
    return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  private Spot resolve(VolumePath path, boolean follow) throws IOException {
    Spot direct = resolveInBase(path, follow);
    return direct != null ? direct : walk(path, follow);
  }

  /** What is nowhere near an ephemeral region needs no walk. */
  private @Nullable Spot resolveInBase(VolumePath path, boolean follow) throws IOException {
    if (path.isRoot() || path.name().equals(DOT_DOT)) {
      return null;
    }
    VolumePath real;
    try {
      real = base.toRealPath(path.parent()).resolve(path.name());
    } catch (IOException e) {
      return null; // The walk finds out why.
    }
    if (mountOf(real) != null) {
      return null;
    }
    boolean link = follow && isLink(real);
    return link ? null : new Spot(base, null, real);
  }

  private boolean isLink(VolumePath real) throws IOException {
    try {
      return base.attributes(real, NOFOLLOW).isSymbolicLink();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Spot walk(VolumePath path, boolean follow) throws IOException {
    Deque<Name> left = new ArrayDeque<>(path.names());
    VolumePath real = VolumePath.ROOT;
    int links = 0;
    while (!left.isEmpty()) {
      Name name = left.remove();
      if (name.equals(DOT_DOT)) {
        real = real.parent();
        continue;
      }
      Spot next = spot(real.resolve(name));
      FileAttributes attributes;
      try {
        attributes = next.part().attributes(next.path(), NOFOLLOW);
      } catch (NoSuchFileException e) {
        if (left.isEmpty()) {
          return next;
        }
        throw new NoSuchFileException(path.toString());
      }
      if (attributes.isSymbolicLink() && (follow || !left.isEmpty())) {
        if (++links > MAX_LINKS) {
          throw new FileSystemLoopException(path.toString());
        }
        byte[] target = next.part().readSymbolicLink(next.path());
        List<Name> names = VolumePath.ofBytes(target).names();
        for (int i = names.size() - 1; i >= 0; i--) {
          left.addFirst(names.get(i));
        }
        real = target[0] == '/' ? VolumePath.ROOT : real;
        continue;
      }
      if (!attributes.isDirectory() && !left.isEmpty()) {
        throw new NotDirectoryException(path.toString());
      }
      real = next.path();
    }
    return spot(real);
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
    return base.isWritable() || mountOf(path) != null;
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
    Spot at = resolve(path, follows((Object[]) options));
    return at.distinct(at.part().attributes(at.path(), NOFOLLOW));
  }

  @Override
  public DirectoryCursor list(VolumePath directory) throws IOException {
    Spot at = resolve(directory, true);
    return at.part().list(at.path());
  }

  @Override
  public byte[] readSymbolicLink(VolumePath path) throws IOException {
    Spot at = resolve(path, false);
    return at.part().readSymbolicLink(at.path());
  }

  @Override
  public SortedMap<Name, byte[]> extendedAttributes(VolumePath path, LinkOption... options)
      throws IOException {
    Spot at = resolve(path, follows((Object[]) options));
    return at.part().extendedAttributes(at.path(), NOFOLLOW);
  }

  @Override
  public VolumePath toRealPath(VolumePath path, LinkOption... options) throws IOException {
    Spot at = resolve(path, follows((Object[]) options));
    return at.part().toRealPath(at.path(), NOFOLLOW);
  }

  @Override
  public VolumeFile open(VolumePath path, OpenOption... options) throws IOException {
    return open(path, 0644, options);
  }

  @Override
  public VolumeFile open(VolumePath path, int mode, OpenOption... options) throws IOException {
    List<OpenOption> given = Arrays.asList(options);
    boolean follow = follows((Object[]) options) && !given.contains(StandardOpenOption.CREATE_NEW);
    Spot at = resolve(path, follow);
    VolumeFile file = at.part().open(at.path(), mode, options);
    return at.mount() == null ? file : new EphemeralFile(file, at.mount());
  }

  /** A file of an ephemeral region. */
  private record EphemeralFile(VolumeFile file, ThrowAwayVolume mount) implements VolumeFile {
    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      return file.write(from, position);
    }

    @Override
    public long append(ByteBuffer from) throws IOException {
      return file.append(from);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void setSize(long size) throws IOException {
      file.setSize(size);
    }

    @Override
    public FileAttributes attributes() throws IOException {
      return mount.distinct(file.attributes());
    }

    /** Nothing here outlives the mount, so there is nothing to make durable. */
    @Override
    public void force() throws IOException {
      var unused = file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Override
  public void createDirectory(VolumePath path, int mode) throws IOException {
    Spot at = resolve(path, false);
    at.part().createDirectory(at.path(), mode);
  }

  @Override
  public void createSymbolicLink(VolumePath link, byte[] target) throws IOException {
    Spot at = resolve(link, false);
    at.part().createSymbolicLink(at.path(), target);
  }

  @Override
  public void createLink(VolumePath link, VolumePath existing) throws IOException {
    Spot at = resolve(link, false);
    Spot source = resolve(existing, false);
    if (at.mount() != source.mount()) {
      throw new FileSystemException(
          link.toString(), existing.toString(), "A link leads into another region");
    }
    at.part().createLink(at.path(), source.path());
  }

  @Override
  public void delete(VolumePath path) throws IOException {
    Spot at = resolve(path, false);
    at.part().delete(at.path());
  }

  @Override
  public void setAttributes(VolumePath path, AttributeChange change, LinkOption... options)
      throws IOException {
    Spot at = resolve(path, follows((Object[]) options));
    at.part().setAttributes(at.path(), change, NOFOLLOW);
  }

  @Override
  public void setExtendedAttribute(
      VolumePath path, Name name, byte @Nullable [] value, LinkOption... options)
      throws IOException {
    Spot at = resolve(path, follows((Object[]) options));
    at.part().setExtendedAttribute(at.path(), name, value, NOFOLLOW);
  }

  @Override
  public void move(VolumePath from, VolumePath to, CopyOption... options) throws IOException {
    Spot source = resolve(from, false);
    Spot target = resolve(to, false);
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
    copy(source.part(), source.path(), target.part(), target.path());
    remove(source.part(), source.path());
  }

  private static boolean exists(Spot spot) throws IOException {
    try {
      var unused = spot.part().attributes(spot.path(), NOFOLLOW);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void copy(Volume source, VolumePath from, Volume target, VolumePath to)
      throws IOException {
    FileAttributes attributes = source.attributes(from, NOFOLLOW);
    switch (attributes.type()) {
      case REGULAR -> copyContent(source, from, target, to, attributes.mode());
      case DIRECTORY -> {
        target.createDirectory(to, attributes.mode());
        for (Name name : names(source, from)) {
          copy(source, from.resolve(name), target, to.resolve(name));
        }
      }
      case SYMLINK -> target.createSymbolicLink(to, source.readSymbolicLink(from));
      case OTHER ->
          throw new FileSystemException(
              from.toString(), to.toString(), "A special file cannot be protected");
    }
    for (var attribute : source.extendedAttributes(from, NOFOLLOW).entrySet()) {
      target.setExtendedAttribute(to, attribute.getKey(), attribute.getValue(), NOFOLLOW);
    }
    target.setAttributes(
        to,
        new AttributeChange(
            OptionalInt.empty(),
            OptionalInt.of(attributes.uid()),
            OptionalInt.of(attributes.gid()),
            Optional.of(attributes.modified()),
            Optional.of(attributes.accessed()),
            Optional.empty()),
        NOFOLLOW);
  }

  private static void copyContent(
      Volume source, VolumePath from, Volume target, VolumePath to, int mode) throws IOException {
    try (VolumeFile in = source.open(from);
        VolumeFile out =
            target.open(to, mode, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BUFFER);
      long position = 0;
      while (in.read(buffer.clear(), position) > 0) {
        position += out.write(buffer.flip(), position);
      }
    }
  }

  private static void remove(Volume volume, VolumePath path) throws IOException {
    if (volume.attributes(path, NOFOLLOW).isDirectory()) {
      for (Name name : names(volume, path)) {
        remove(volume, path.resolve(name));
      }
    }
    volume.delete(path);
  }

  private static List<Name> names(Volume volume, VolumePath directory) throws IOException {
    var names = new ArrayList<Name>();
    DirectoryCursor cursor = volume.list(directory);
    while (cursor.next()) {
      names.add(cursor.entry().name());
    }
    return names;
  }
}
