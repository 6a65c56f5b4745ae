package io.fspf.seal;

import com.google.common.collect.ImmutableList;
import io.fspf.Protection;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.NioHost;
import io.fspf.internal.volume.VolumeImport;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes a tree of the host, or one file, into a protected region of an existing volume.
 *
 * <p>Files that are there under the same names are replaced, directories are merged. Everything
 * becomes visible in one commit; if that does not come about, the volume is as it was. Copies of
 * plain files that were made until then stay, but the volume does not refer to them.
 *
 * <p>The rules on what is recorded, what is refused and what counts as a change of the source are
 * those of {@link Sealer}. The fspf file is never part of its own region. What lies where another
 * region is embedded is left out.
 *
 * <p>Immutable: each {@code with} method returns a changed copy.
 */
public final class Importer {
  private final Path location;
  private final VolumeOptions options;
  private final VolumePath embedPoint;
  private final SealProgress progress;
  private final int threads;
  private final ImmutableList<Glob> excludes;

  private Importer(
      Path location,
      VolumeOptions options,
      VolumePath embedPoint,
      SealProgress progress,
      int threads,
      ImmutableList<Glob> excludes) {
    this.location = location;
    this.options = options;
    this.embedPoint = embedPoint;
    this.progress = progress;
    this.threads = threads;
    this.excludes = excludes;
  }

  /**
   * An importer.
   *
   * @param location as in {@link io.fspf.Volume#open}
   * @param options how it is opened; always for writing
   * @param embedPoint the directory in the volume that the tree goes into, as a rule the embed
   *     point of a region; made where it is missing
   */
  public static Importer into(Path location, VolumeOptions options, VolumePath embedPoint) {
    return new Importer(
        location,
        options,
        embedPoint.normalize(),
        SealProgress.none(),
        Crew.allCores(),
        ImmutableList.of());
  }

  /** Who hears of the progress and may cancel. */
  public Importer withProgress(SealProgress listener) {
    return new Importer(location, options, embedPoint, listener, threads, excludes);
  }

  /** How many threads work; one per core where nothing is said. */
  public Importer withThreads(int count) {
    return new Importer(
        location, options, embedPoint, progress, Crew.checkedThreads(count), excludes);
  }

  /** Leaves out what matches, as {@link Sealer#withExclude} does. */
  public Importer withExclude(String glob) {
    return new Importer(
        location,
        options,
        embedPoint,
        progress,
        threads,
        ImmutableList.<Glob>builder().addAll(excludes).add(Glob.of(glob)).build());
  }

  /**
   * Takes in what stands at {@code source}.
   *
   * <p>Into an authenticated region, the files of the source are recorded as what the region's host
   * directory will hold; where {@code output} is given and is not the source itself, a plain copy
   * is put there. Into an encrypted region, object files are made below the region's host
   * directory, or below {@code output} where that is given: a place where the host directory is
   * being prepared.
   *
   * <p>If the source is one file, its path in the volume follows from {@code output} (in an
   * authenticated region without one, from the source) where that lies below the region's host
   * directory; elsewhere the file goes by its own name into the embed point.
   *
   * @return the commit that holds it
   * @throws FileSystemException naming the file that cannot be read, has a type that cannot be
   *     sealed, or changed meanwhile
   * @throws java.util.concurrent.CancellationException if the progress says so
   */
  public VolumeInfo add(Path source, Optional<Path> output) throws IOException {
    source.getFileSystem().provider().checkAccess(source);
    try (VolumeImport volume = VolumeImport.begin(location, options, embedPoint);
        var crew = new Crew(threads, progress);
        var syncs = Tasks.ofSyncs()) {
      var run = new Run(volume, crew, syncs, source, output);
      if (Files.isDirectory(source)) {
        run.addTree();
      } else {
        run.addFile();
      }
      crew.checkWanted();
      return volume.commit();
    }
  }

  /** One import. */
  private final class Run {
    private final VolumeImport volume;
    private final Crew crew;
    private final Tasks syncs;
    private final Path source;
    private final Optional<Path> output;
    private final Path hostDirectory;
    private final boolean encrypted;

    Run(VolumeImport volume, Crew crew, Tasks syncs, Path source, Optional<Path> output)
        throws IOException {
      this.volume = volume;
      this.crew = crew;
      this.syncs = syncs;
      this.source = source.toRealPath();
      this.output = output;
      this.encrypted = volume.region().protection() == Protection.ENCRYPTED;
      this.hostDirectory =
          HostPaths.real(
              Path.of(volume.location().regionPath(volume.region().hostDirectory().orElseThrow())));
    }

    void addTree() throws IOException {
      Placement placement = placementOfTree();
      Object home = volume.location().home().attributes(VolumePath.ROOT).fileKey();
      SourceTree.Exclusion exclusion =
          (path, directory) ->
              !volume.covers(embedPoint.resolve(path))
                  || OwnFiles.isOwn(volume.location(), inRegion().resolve(path), directory, home)
                  || excludes.stream().anyMatch(glob -> glob.matches(path));
      var tree = new SourceTree(source, exclusion);
      long root = volume.directory(embedPoint, path -> newDirectory(source));
      run(tree, placement, intake -> intake.run(root, 0, null));
    }

    /** The embed point's path below its region. */
    private VolumePath inRegion() {
      return embedPoint.relativize(volume.region().path());
    }

    private Placement placementOfTree() throws IOException {
      if (encrypted) {
        Path place = HostPaths.real(output.orElse(hostDirectory));
        if (place.startsWith(source)) {
          throw new FileSystemException(
              place.toString(),
              null,
              "lies within the source " + source + ": choose another place");
        }
        return objectsBelow(place);
      }
      if (output.isEmpty() || HostPaths.real(output.get()).equals(source)) {
        return Placement.IN_PLACE;
      }
      Path place = HostPaths.real(output.get());
      if (place.startsWith(source)) {
        throw new FileSystemException(
            place.toString(), null, "lies within the source " + source + ": choose another place");
      }
      Files.createDirectories(place);
      return new CopyPlacement(NioHost.directory(place), path -> path);
    }

    private Placement objectsBelow(Path place) throws IOException {
      Files.createDirectories(place);
      return new ObjectPlacement(NioHost.directory(place), volume.regionId());
    }

    void addFile() throws IOException {
      Path named = named();
      boolean below = named.startsWith(hostDirectory) && !(encrypted && output.isEmpty());
      VolumePath path =
          below
              ? volume.region().path().resolve(HostPaths.below(hostDirectory, named))
              : embedPoint.resolve(NioHost.name(source));
      if (!volume.covers(path)) {
        throw new FileSystemException(
            path.toString(), null, "another region is embedded there: name that one");
      }
      Placement placement = placementOfFile(named);
      Path directory = parent(source);
      var tree = new SourceTree(directory, (any, attributes) -> false);
      long parent = volume.directory(path.parent(), missing -> newDirectory(directory));
      var present = volume.find(parent, path.name());
      if (present != null) {
        if (present.directory()) {
          throw new FileSystemException(
              path.toString(), null, "the volume holds a directory of this name");
        }
        volume.replace(parent, path.name(), present);
      }
      long number = volume.newInode();
      volume.entry(parent, path.name(), number, FileType.FILE_TYPE_REGULAR);
      VolumePath name = VolumePath.ROOT.resolve(NioHost.name(source));
      run(tree, placement, intake -> intake.runSingle(name, number));
    }

    /** Which host path says where in the region the file belongs. */
    private Path named() throws IOException {
      Path given = HostPaths.real(output.orElse(source));
      // The region's host directory may be made yet.
      return Files.isDirectory(given) || given.equals(hostDirectory)
          ? given.resolve(
              source.getFileSystem().getPath(parent(source).relativize(source).toString()))
          : given;
    }

    private Placement placementOfFile(Path named) throws IOException {
      if (encrypted) {
        boolean prepared = output.isPresent() && !named.startsWith(hostDirectory);
        return objectsBelow(prepared ? parent(named) : hostDirectory);
      }
      if (named.equals(source)) {
        return Placement.IN_PLACE;
      }
      Files.createDirectories(parent(named));
      VolumePath copy = VolumePath.ROOT.resolve(NioHost.name(named));
      return new CopyPlacement(NioHost.directory(parent(named)), path -> copy);
    }

    private static Path parent(Path file) throws NotDirectoryException {
      Path parent = file.getParent();
      if (parent == null) {
        throw new NotDirectoryException(file.toString());
      }
      return parent;
    }

    /** A directory that only leads to what is taken in looks like the one that holds the source. */
    private Inode.Builder newDirectory(Path like) throws IOException {
      HostAttributes attributes = NioHost.directory(like).attributes(VolumePath.ROOT);
      return Intake.record(attributes, FileType.FILE_TYPE_DIRECTORY, volume.regionId());
    }

    private interface Part {
      void run(Intake intake) throws IOException;
    }

    private void run(SourceTree tree, Placement placement, Part part) throws IOException {
      var context =
          new IncomingFile.Context(
              tree, volume.regionId(), volume.region(), volume.services(), placement, crew, syncs);
      try {
        part.run(new Intake(context, volume));
        syncs.join();
        placement.sync(syncs);
      } catch (Throwable e) {
        crew.close();
        syncs.close();
        try {
          placement.undo();
        } catch (IOException trouble) {
          e.addSuppressed(trouble);
        }
        throw e;
      }
    }
  }
}
