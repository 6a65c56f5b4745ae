package io.fspf.seal;

import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.NioHost;
import io.fspf.internal.volume.VolumeTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes the plain tree of a volume to a directory of the host: contents (holes stay holes), modes,
 * times in nanoseconds, owners where this process may set them, symbolic and hard links, extended
 * attributes, empty directories.
 *
 * <p>What is guaranteed: only verified bytes are written, and only below the target. Names that
 * could lead out of it are refused; symbolic links that stand in it are never followed but replaced
 * or refused; directories are closed to others until everything in them is done; set-id bits come
 * last, and only with the owner that they were meant for. What is not: durability, nor protection
 * from another process of the same user that changes the target meanwhile.
 *
 * <p>On damage it stops with an {@link IntegrityException}: what was written before stays, the
 * damaged file does not. Regions that are not protected are left out, as their files lie in clear
 * on the host.
 *
 * <p>Immutable: each {@code with} method returns a changed copy.
 */
public final class Unsealer {
  private final Path location;
  private final VolumeOptions options;
  private final Path target;
  private final VolumePath path;
  private final SealProgress progress;
  private final int threads;
  private final boolean force;

  private Unsealer(
      Path location,
      VolumeOptions options,
      Path target,
      VolumePath path,
      SealProgress progress,
      int threads,
      boolean force) {
    this.location = location;
    this.options = options;
    this.target = target;
    this.path = path;
    this.progress = progress;
    this.threads = threads;
    this.force = force;
  }

  /**
   * An unsealer of the whole volume.
   *
   * @param location as in {@link Volume#open}
   * @param options how it is opened; for reading
   * @param target a directory that is empty or does not exist
   */
  public static Unsealer of(Path location, VolumeOptions options, Path target) {
    return new Unsealer(
        location, options, target, VolumePath.ROOT, SealProgress.none(), Crew.allCores(), false);
  }

  /** Only what stands at and below this path, which becomes the target itself. */
  public Unsealer withPath(VolumePath subtree) {
    return new Unsealer(location, options, target, subtree, progress, threads, force);
  }

  /** Who hears of the progress and may cancel. */
  public Unsealer withProgress(SealProgress listener) {
    return new Unsealer(location, options, target, path, listener, threads, force);
  }

  /** How many threads work; one per core where nothing is said. */
  public Unsealer withThreads(int count) {
    return new Unsealer(
        location, options, target, path, progress, Crew.checkedThreads(count), force);
  }

  /**
   * Whether the target may hold something already: files and links of the same names are replaced,
   * directories are merged, everything else stays.
   */
  public Unsealer withForce(boolean overwrite) {
    return new Unsealer(location, options, target, path, progress, threads, overwrite);
  }

  /**
   * Unseals.
   *
   * @return the commit that was unsealed
   * @throws IntegrityException if something is not what was committed
   * @throws java.nio.file.FileAlreadyExistsException if the target is there and not empty
   * @throws java.util.concurrent.CancellationException if the progress says so; what was written
   *     before stays
   */
  public VolumeInfo unseal() throws IOException {
    // Where the caller's own link leads is where the caller wants it.
    Path absolute =
        Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
    Path above = absolute.getParent();
    if (above == null) {
      throw new IllegalArgumentException("No place to unseal to: " + target);
    }
    try (Volume volume = Volume.open(location, options)) {
      VolumeTree.Node root = VolumeTree.of(volume).at(path);
      Files.createDirectories(above);
      HostDirectory host = NioHost.directory(above);
      VolumePath top = VolumePath.ROOT.resolve(NioHost.name(absolute));
      try (var crew = new Crew(threads, progress)) {
        var run = new Run(new PlainFiles(host, crew, force), crew, volume.info());
        run.unseal(root, top);
      }
      return volume.info();
    }
  }

  /** One tree on its way out. For one thread. */
  private static final class Run {
    private final PlainFiles files;
    private final Crew crew;
    private final Tasks tasks;
    private final VolumeInfo info;
    private final Map<Long, VolumePath> linked = new HashMap<>();
    private long directories;

    Run(PlainFiles files, Crew crew, VolumeInfo info) {
      this.files = files;
      this.crew = crew;
      this.tasks = new Tasks(crew);
      this.info = info;
    }

    /** A directory on the way down. */
    private record Level(VolumeTree.Node node, VolumePath to, VolumeTree.Children children) {}

    void unseal(VolumeTree.Node root, VolumePath top) throws IOException {
      if (root.attributes().type() != FileType.DIRECTORY) {
        files.requireFree(top);
        write(root, root.attributes(), top);
        tasks.join();
        return;
      }
      files.makeTop(top);
      walk(root, top);
      tasks.join();
      finish(root, top);
    }

    private void walk(VolumeTree.Node root, VolumePath top) throws IOException {
      Deque<Level> levels = new ArrayDeque<>();
      levels.push(new Level(root, top, root.children()));
      while (!levels.isEmpty() && !tasks.isFailed()) {
        crew.checkWanted();
        Level level = levels.element();
        VolumeTree.Node child = level.children().next();
        if (child == null) {
          levels.remove();
          continue;
        }
        VolumePath to = level.to().resolve(child.path().name());
        FileAttributes attributes = child.attributes();
        if (attributes.type() == FileType.DIRECTORY) {
          countDirectory(child);
          files.makeDirectory(to);
          levels.push(new Level(child, to, child.children()));
        } else {
          write(child, attributes, to);
        }
      }
    }

    /** A hostile volume may hang a directory in many places. */
    private void countDirectory(VolumeTree.Node directory) throws IntegrityException {
      if (directory.isProtected() && ++directories > info.directories()) {
        throw new IntegrityException(
            directory.path().toString(), -1, "there are more directories than the commit counts");
      }
    }

    private void write(VolumeTree.Node node, FileAttributes attributes, VolumePath to)
        throws IOException {
      if (attributes.links() > 1) {
        VolumePath first = linked.putIfAbsent(attributes.inode(), to);
        if (first != null) {
          files.link(to, first);
        } else {
          // At once, so that the names to come find it.
          files.write(node, attributes, to);
        }
      } else {
        tasks.run(() -> files.write(node, attributes, to));
      }
    }

    /**
     * Gives directories their attributes, the deepest first: what is made in them changes times.
     */
    private void finish(VolumeTree.Node root, VolumePath top) throws IOException {
      Deque<Level> levels = new ArrayDeque<>();
      levels.push(new Level(root, top, root.children()));
      while (!levels.isEmpty()) {
        crew.checkWanted();
        Level level = levels.element();
        VolumeTree.Node child = level.children().next();
        if (child == null) {
          levels.remove();
          files.finishDirectory(level.node(), level.to());
        } else if (child.attributes().type() == FileType.DIRECTORY) {
          Name name = child.path().name();
          levels.push(new Level(child, level.to().resolve(name), child.children()));
        }
      }
    }
  }
}
