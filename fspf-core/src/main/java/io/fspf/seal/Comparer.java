package io.fspf.seal;

import io.fspf.DirectoryCursor;
import io.fspf.DirectoryEntry;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import io.fspf.internal.volume.VolumeLocation;
import io.fspf.internal.volume.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a volume's tree with a directory of the host: names, types, contents, modes, targets of
 * symbolic links. Times and owners do not count, nor do the fspf file and regions that are not
 * protected.
 *
 * <p>What the volume says is verified; what the directory says is the host's word, and may change
 * while it is read.
 *
 * <p>Immutable: each {@code with} method returns a changed copy.
 */
public final class Comparer {
  private static final int PIECE = 1 << 20;

  private final Path location;
  private final VolumeOptions options;
  private final Path directory;
  private final VolumePath path;
  private final SealProgress progress;

  private Comparer(
      Path location,
      VolumeOptions options,
      Path directory,
      VolumePath path,
      SealProgress progress) {
    this.location = location;
    this.options = options;
    this.directory = directory;
    this.path = path;
    this.progress = progress;
  }

  /**
   * A comparer of the whole volume.
   *
   * @param location as in {@link Volume#open}
   * @param options how it is opened; always for reading
   * @param directory what it is compared with
   */
  public static Comparer of(Path location, VolumeOptions options, Path directory) {
    return new Comparer(location, options, directory, VolumePath.ROOT, SealProgress.none());
  }

  /** Only what stands at and below this path, which is compared with the directory itself. */
  public Comparer withPath(VolumePath subtree) {
    return new Comparer(location, options, directory, subtree, progress);
  }

  /** Who hears of the progress and may cancel. */
  public Comparer withProgress(SealProgress listener) {
    return new Comparer(location, options, directory, path, listener);
  }

  /**
   * Compares.
   *
   * @param differences is told of each difference, by directories, in the order of the names
   * @throws io.fspf.IntegrityException if something in the volume is not what was committed
   * @throws CancellationException if the progress says so
   */
  public void compare(Consumer<Difference> differences) throws IOException {
    try (Volume volume = Volume.open(location, options)) {
      HostDirectory host = NioHost.directory(directory.toRealPath());
      var run = new Run(volume, host, Volumes.locate(location, options), differences);
      run.file(path, VolumePath.ROOT, volume.attributes(path, LinkOption.NOFOLLOW_LINKS).type());
    }
  }

  /** One comparison. For one thread. */
  private final class Run {
    private final Volume volume;
    private final HostDirectory host;
    private final VolumeLocation home;
    private final Object homeKey;
    private final Consumer<Difference> differences;
    private final ByteBuffer protectedPiece = ByteBuffer.allocate(PIECE);
    private final byte[] hostPiece = new byte[PIECE];

    Run(Volume volume, HostDirectory host, VolumeLocation home, Consumer<Difference> differences)
        throws IOException {
      this.volume = volume;
      this.host = host;
      this.home = home;
      this.homeKey = home.home().attributes(VolumePath.ROOT).fileKey();
      this.differences = differences;
    }

    private void tell(VolumePath at, Difference.Kind kind) {
      differences.accept(new Difference(at, kind));
    }

    private void advanced(long files, long bytes) {
      if (progress.isCancelled()) {
        throw new CancellationException("Cancelled");
      }
      progress.advanced(files, bytes);
    }

    /** Compares what both have under a name. */
    void file(VolumePath at, VolumePath below, FileType type) throws IOException {
      HostAttributes found = host.attributes(below);
      if (!isOf(type, found.kind())) {
        tell(at, Difference.Kind.TYPE);
        return;
      }
      Difference.Kind content = content(at, below, type, found);
      if (content != null) {
        tell(at, content);
      } else if (type != FileType.SYMLINK
          && isRecorded(at)
          && volume.attributes(at, LinkOption.NOFOLLOW_LINKS).mode() != found.mode()) {
        tell(at, Difference.Kind.MODE);
      }
      if (type == FileType.DIRECTORY) {
        directory(at, below, found);
      }
    }

    private Difference.@Nullable Kind content(
        VolumePath at, VolumePath below, FileType type, HostAttributes found) throws IOException {
      return switch (type) {
        case REGULAR -> isSameContent(at, below, found) ? null : Difference.Kind.CONTENT;
        case SYMLINK ->
            Arrays.equals(volume.readSymbolicLink(at), host.readSymbolicLink(below))
                ? null
                : Difference.Kind.TARGET;
        case DIRECTORY, OTHER -> null;
      };
    }

    private void directory(VolumePath at, VolumePath below, HostAttributes directoryAttributes)
        throws IOException {
      DirectoryCursor cursor = volume.list(at);
      Iterator<Name> names = own(below, directoryAttributes, host.list(below)).iterator();
      Name name = names.hasNext() ? names.next() : null;
      while (cursor.next()) {
        DirectoryEntry entry = cursor.entry();
        while (name != null && name.compareTo(entry.name()) < 0) {
          onlyOnHost(at.resolve(name));
          name = names.hasNext() ? names.next() : null;
        }
        if (entry.name().equals(name)) {
          if (isProtected(at.resolve(name))) {
            file(at.resolve(name), below.resolve(name), entry.type());
          }
          name = names.hasNext() ? names.next() : null;
        } else if (isProtected(at.resolve(entry.name()))) {
          tell(at.resolve(entry.name()), Difference.Kind.ONLY_IN_VOLUME);
        }
      }
      while (name != null) {
        onlyOnHost(at.resolve(name));
        name = names.hasNext() ? names.next() : null;
      }
    }

    /** Without the files that the volume keeps for itself. */
    private List<Name> own(VolumePath below, HostAttributes attributes, List<Name> names) {
      return names.stream()
          .filter(name -> !OwnFiles.isOwn(home, below.resolve(name), attributes, homeKey))
          .toList();
    }

    private void onlyOnHost(VolumePath at) throws IOException {
      if (isProtected(at)) {
        tell(at, Difference.Kind.ONLY_IN_DIRECTORY);
      }
    }

    private boolean isProtected(VolumePath at) throws IOException {
      Region region = regionOf(at);
      return region == null || region.protection() != Protection.NOT_PROTECTED;
    }

    private boolean isRecorded(VolumePath at) throws IOException {
      Region region = regionOf(at);
      return region != null && region.protection() != Protection.NOT_PROTECTED;
    }

    /** Null for a directory that only leads to regions. */
    private @Nullable Region regionOf(VolumePath at) throws IOException {
      try {
        return volume.region(at);
      } catch (NoSuchFileException e) {
        return null;
      }
    }

    private boolean isSameContent(VolumePath at, VolumePath below, HostAttributes found)
        throws IOException {
      try (VolumeFile file = volume.open(at, LinkOption.NOFOLLOW_LINKS)) {
        if (file.size() != found.size()) {
          return false;
        }
        try (HostFile other = host.open(below, HostDirectory.Mode.READ)) {
          long position = 0;
          while (file.read(protectedPiece.clear(), position) > 0) {
            int length = protectedPiece.position();
            if (other.read(position, hostPiece, 0, length) != length
                || !Arrays.equals(protectedPiece.array(), 0, length, hostPiece, 0, length)) {
              return false;
            }
            position += length;
            advanced(0, length);
          }
          return true;
        }
      } finally {
        advanced(1, 0);
      }
    }
  }

  private static boolean isOf(FileType type, HostAttributes.Kind kind) {
    return switch (type) {
      case REGULAR -> kind == HostAttributes.Kind.REGULAR;
      case DIRECTORY -> kind == HostAttributes.Kind.DIRECTORY;
      case SYMLINK -> kind == HostAttributes.Kind.SYMLINK;
      case OTHER -> kind == HostAttributes.Kind.SPECIAL;
    };
  }
}
