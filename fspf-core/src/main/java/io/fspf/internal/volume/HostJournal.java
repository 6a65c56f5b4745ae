package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.MakeLink;
import io.fspf.internal.format.MakeSymlink;
import io.fspf.internal.format.PendingHostOperation;
import io.fspf.internal.format.Publish;
import io.fspf.internal.format.RenameHost;
import io.fspf.internal.format.SetMode;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What commits change in the host directories of authenticated regions.
 *
 * <p>A change is noted when it is made, recorded by the commit that decides it, carried out once
 * that commit is durable, and taken out of the records by the next one. The operations of one
 * commit concern different paths, so that after a crash all of them can be carried out again; a
 * rename or a new link, for which that does not hold, has a commit of its own.
 *
 * <p>Thread-safe.
 */
final class HostJournal {
  /** Below an authenticated region's host directory: where files wait for their commit. */
  static final Name STAGING = Name.of(".fspf-staging");

  private enum Aspect {
    EXISTENCE,
    MODE
  }

  private record Target(int region, VolumePath path, Aspect aspect) {}

  /**
   * What a commit has decided.
   *
   * @param sequence of its record
   */
  private record Decided(long sequence, PendingHostOperation operation) {}

  private final RegionTableSource regions;
  private final Map<Target, PendingHostOperation> noted = new LinkedHashMap<>();
  private final Map<Target, Decided> decided = new LinkedHashMap<>();

  /** The records of what was carried out. */
  private final List<Long> carriedOut = new ArrayList<>();

  private long nextSequence = 1;

  /** To move what stands on the host, and, shared, to open what was located there. */
  private final ReadWriteLock places = new ReentrantReadWriteLock();

  /** The regions at the moment. */
  interface RegionTableSource {
    RegionTable regions();
  }

  HostJournal(RegionTableSource regions) {
    this.regions = regions;
  }

  /** Takes up what the commit at which the volume was opened had decided. */
  synchronized void load(Tree tree) throws IOException {
    Cursor cursor = tree.cursor(Keys.prefix(0, Keys.PENDING));
    while (cursor.next() && Keys.matches(cursor.key(), 0, Keys.PENDING)) {
      long sequence = Keys.number(cursor.key());
      PendingHostOperation operation = Records.parse(PendingHostOperation.parser(), cursor.value());
      if (sequence < 0 || !arePaths(operation)) {
        throw new IntegrityException(null, -1, "a pending operation is malformed");
      }
      nextSequence = sequence + 1;
      decide(target(operation), new Decided(sequence, operation));
    }
  }

  /** The last decision on a path is the one that counts, and comes last. */
  private @Nullable Decided decide(Target target, Decided operation) {
    Decided overtaken = decided.remove(target);
    decided.put(target, operation);
    return overtaken;
  }

  /** Whether something was decided and may not have been carried out. */
  synchronized boolean isPending() {
    return !decided.isEmpty();
  }

  /** Whether there are records that the next commit takes out. */
  synchronized boolean isCarriedOut() {
    return !carriedOut.isEmpty();
  }

  /** Whether something waits for a commit. */
  synchronized boolean isNoted() {
    return !noted.isEmpty();
  }

  // ---------------------------------------------------------------------------------------- noting

  void publish(MountedRegion region, VolumePath staged, VolumePath path) {
    note(
        region,
        path,
        builder(region)
            .setPublish(Publish.newBuilder().setStaged(bytes(staged)).setPath(bytes(path))));
  }

  void remove(MountedRegion region, VolumePath path) {
    note(region, path, builder(region).setRemove(bytes(path)));
  }

  void makeDirectory(MountedRegion region, VolumePath path) {
    note(region, path, builder(region).setMakeDirectory(bytes(path)));
  }

  void makeSymlink(MountedRegion region, VolumePath path, byte[] target) {
    note(
        region,
        path,
        builder(region)
            .setMakeSymlink(
                MakeSymlink.newBuilder()
                    .setPath(bytes(path))
                    .setTarget(ByteString.copyFrom(target))));
  }

  void rename(MountedRegion region, VolumePath from, VolumePath to) {
    note(
        region,
        to,
        builder(region).setRename(RenameHost.newBuilder().setFrom(bytes(from)).setTo(bytes(to))));
  }

  void makeLink(MountedRegion region, VolumePath existing, VolumePath path) {
    note(
        region,
        path,
        builder(region)
            .setMakeLink(MakeLink.newBuilder().setExisting(bytes(existing)).setPath(bytes(path))));
  }

  void setMode(MountedRegion region, VolumePath path, int mode) {
    note(
        region,
        path,
        builder(region).setSetMode(SetMode.newBuilder().setPath(bytes(path)).setMode(mode)));
  }

  /**
   * What was noted for a path and for those below it is to be done elsewhere: something was made
   * there that no commit knows, and has another name now.
   */
  synchronized void relocate(MountedRegion region, VolumePath from, VolumePath to) {
    Map<Target, PendingHostOperation> moved = new LinkedHashMap<>();
    noted.forEach(
        (target, operation) -> {
          if (target.region() == region.id() && target.path().startsWith(from)) {
            moved.put(target, operation);
          }
        });
    moved.forEach(
        (target, operation) -> {
          noted.remove(target);
          VolumePath path = to.resolve(target.path().relativize(from));
          note(region, path, madeAt(path, operation));
        });
  }

  /** Whoever finds a file by its new name also finds where it still stands on the host. */
  synchronized void applyTogether(Transaction transaction) throws IOException {
    transaction.apply();
  }

  private static PendingHostOperation.Builder madeAt(
      VolumePath path, PendingHostOperation operation) {
    PendingHostOperation.Builder made = operation.toBuilder();
    switch (operation.getOperationCase()) {
      case MAKE_DIRECTORY -> made.setMakeDirectory(bytes(path));
      case MAKE_SYMLINK -> made.getMakeSymlinkBuilder().setPath(bytes(path));
      case SET_MODE -> made.getSetModeBuilder().setPath(bytes(path));
      case REMOVE -> made.setRemove(bytes(path));
      default ->
          throw new IllegalStateException("Not of something that was only made: " + operation);
    }
    return made;
  }

  private static PendingHostOperation.Builder builder(MountedRegion region) {
    return PendingHostOperation.newBuilder().setRegion(region.id());
  }

  private static ByteString bytes(VolumePath path) {
    return ByteString.copyFrom(path.toBytes());
  }

  /** The last change of a path is the one that counts. */
  private synchronized void note(
      MountedRegion region, VolumePath path, PendingHostOperation.Builder operation) {
    PendingHostOperation built = operation.build();
    Aspect aspect = built.hasSetMode() ? Aspect.MODE : Aspect.EXISTENCE;
    if (built.hasRemove()) {
      noted.remove(new Target(region.id(), path, Aspect.MODE));
    }
    var target = new Target(region.id(), path, aspect);
    noted.remove(target);
    noted.put(target, built);
  }

  private static Target target(PendingHostOperation operation) throws IntegrityException {
    ByteString path =
        switch (operation.getOperationCase()) {
          case PUBLISH -> operation.getPublish().getPath();
          case REMOVE -> operation.getRemove();
          case MAKE_DIRECTORY -> operation.getMakeDirectory();
          case MAKE_SYMLINK -> operation.getMakeSymlink().getPath();
          case RENAME -> operation.getRename().getTo();
          case MAKE_LINK -> operation.getMakeLink().getPath();
          case SET_MODE -> operation.getSetMode().getPath();
          case OPERATION_NOT_SET ->
              throw new IntegrityException(null, -1, "a pending host operation is malformed");
        };
    return new Target(
        operation.getRegion(), path(path), operation.hasSetMode() ? Aspect.MODE : Aspect.EXISTENCE);
  }

  private static List<ByteString> pathsOf(PendingHostOperation operation) {
    return switch (operation.getOperationCase()) {
      case PUBLISH -> List.of(operation.getPublish().getStaged(), operation.getPublish().getPath());
      case REMOVE -> List.of(operation.getRemove());
      case MAKE_DIRECTORY -> List.of(operation.getMakeDirectory());
      case MAKE_SYMLINK -> List.of(operation.getMakeSymlink().getPath());
      case RENAME -> List.of(operation.getRename().getFrom(), operation.getRename().getTo());
      case MAKE_LINK ->
          List.of(operation.getMakeLink().getExisting(), operation.getMakeLink().getPath());
      case SET_MODE -> List.of(operation.getSetMode().getPath());
      case OPERATION_NOT_SET -> List.of();
    };
  }

  /** Whether there are some, each below the region's root and leading to nowhere else. */
  private static boolean arePaths(PendingHostOperation operation) {
    List<ByteString> paths = pathsOf(operation);
    for (ByteString bytes : paths) {
      try {
        VolumePath path = path(bytes);
        boolean isPlain = ByteString.copyFrom(path.normalize().toBytes()).equals(bytes);
        if (!isPlain || (path.isRoot() && !operation.hasSetMode())) {
          return false;
        }
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return !paths.isEmpty();
  }

  private static VolumePath path(ByteString bytes) {
    return VolumePath.ofBytes(bytes.toByteArray());
  }

  /**
   * Opens a file of the volume for reading where it stands on the host: at its path, still staged,
   * or where it stood before a rename. No commit moves it meanwhile.
   *
   * @param path its path in the region, asked for when nothing moves
   */
  HostFile open(MountedRegion region, Supplier<VolumePath> path) throws IOException {
    places.readLock().lock();
    try {
      return RegularFiles.open(
          region.hostDirectory(), locate(region, path.get()), HostDirectory.Mode.READ);
    } finally {
      places.readLock().unlock();
    }
  }

  private synchronized VolumePath locate(MountedRegion region, VolumePath path) throws IOException {
    VolumePath before = locate(region, path, noted::get);
    return locate(
        region,
        before,
        target -> {
          Decided found = decided.get(target);
          return found == null ? null : found.operation();
        });
  }

  /** What was to be done with a target. */
  private interface Batch {
    @Nullable PendingHostOperation operation(Target target);
  }

  private static VolumePath locate(MountedRegion region, VolumePath path, Batch batch)
      throws IOException {
    HostDirectory host = region.hostDirectory();
    VolumePath at = path;
    PendingHostOperation own = batch.operation(existence(region, at));
    if (own != null && own.hasMakeLink()) {
      at = path(own.getMakeLink().getExisting());
      own = batch.operation(existence(region, at));
    }
    if (own != null && own.hasPublish()) {
      VolumePath staged = path(own.getPublish().getStaged());
      return exists(host, staged) ? staged : at;
    }
    for (VolumePath above = at; !above.isRoot(); above = above.parent()) {
      PendingHostOperation operation = batch.operation(existence(region, above));
      if (operation != null && operation.hasRename()) {
        VolumePath from = path(operation.getRename().getFrom());
        return exists(host, from) ? from.resolve(at.relativize(above)) : at;
      }
    }
    return at;
  }

  private static Target existence(MountedRegion region, VolumePath path) {
    return new Target(region.id(), path, Aspect.EXISTENCE);
  }

  // ------------------------------------------------------------------------------------- with
  // commits

  /** Records what was noted, and takes out what an earlier commit recorded and was carried out. */
  synchronized void freeze(TreeEdits edits) {
    for (long sequence : carriedOut) {
      edits.remove(Keys.pending(sequence));
    }
    carriedOut.clear();
    for (var entry : noted.entrySet()) {
      var operation = new Decided(nextSequence++, entry.getValue());
      edits.put(Keys.pending(operation.sequence()), entry.getValue().toByteArray());
      Decided overtaken = decide(entry.getKey(), operation);
      if (overtaken != null) {
        edits.remove(Keys.pending(overtaken.sequence()));
      }
    }
    noted.clear();
  }

  /**
   * Carries out what a durable commit decided; never two at a time. Files can be {@linkplain #open
   * opened} between any two.
   */
  void carryOut() throws IOException {
    List<Decided> operations;
    synchronized (this) {
      operations = List.copyOf(decided.values());
    }
    var removals = new ArrayList<PendingHostOperation>();
    var makings = new ArrayList<PendingHostOperation>();
    var movings = new ArrayList<PendingHostOperation>();
    var modes = new ArrayList<PendingHostOperation>();
    for (Decided decision : operations) {
      PendingHostOperation operation = decision.operation();
      switch (operation.getOperationCase()) {
        case REMOVE -> removals.add(operation);
        case PUBLISH, RENAME, MAKE_LINK -> movings.add(operation);
        case SET_MODE -> modes.add(operation);
        default -> makings.add(operation);
      }
    }
    // What lies deeper goes first, and comes last.
    removals.sort((a, b) -> path(b.getRemove()).compareTo(path(a.getRemove())));
    Set<DirectoryToSync> directories = new LinkedHashSet<>();
    carryOut(removals, directories);
    carryOut(makings, directories);
    if (!makings.isEmpty()) {
      // A crash may keep a move, and lose the directory that it leads to.
      sync(directories);
    }
    carryOut(movings, directories);
    carryOut(modes, directories);
    sync(directories);
    synchronized (this) {
      decided.clear();
      operations.forEach(decision -> carriedOut.add(decision.sequence()));
    }
  }

  private void carryOut(List<PendingHostOperation> operations, Set<DirectoryToSync> directories)
      throws IOException {
    for (PendingHostOperation operation : operations) {
      places.writeLock().lock();
      try {
        carryOut(operation, directories);
      } finally {
        places.writeLock().unlock();
      }
    }
  }

  private static void sync(Set<DirectoryToSync> directories) throws IOException {
    for (DirectoryToSync directory : directories) {
      if (isDirectory(directory.host(), directory.path())) {
        directory.host().syncDirectory(directory.path());
      }
    }
    directories.clear();
  }

  private record DirectoryToSync(HostDirectory host, VolumePath path) {}

  private void carryOut(PendingHostOperation operation, Set<DirectoryToSync> directories)
      throws IOException {
    MountedRegion region = regions.regions().byId(operation.getRegion());
    if (region == null) {
      throw new IntegrityException(null, -1, "a pending host operation names no region");
    }
    HostDirectory host = region.hostDirectory();
    VolumePath path = target(operation).path();
    switch (operation.getOperationCase()) {
      case PUBLISH -> {
        VolumePath staged = path(operation.getPublish().getStaged());
        if (exists(host, staged)) {
          removeUnless(host, path, HostAttributes.Kind.REGULAR);
          host.rename(staged, path);
        }
      }
      case REMOVE -> {
        try {
          deleteIfThere(host, path);
        } catch (DirectoryNotEmptyException e) {
          // The host's own files in it are not ours to remove; no name of the volume leads there.
        }
      }
      case MAKE_DIRECTORY -> {
        removeUnless(host, path, HostAttributes.Kind.DIRECTORY);
        try {
          host.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
          // Carried out before a crash.
        }
      }
      case MAKE_SYMLINK -> {
        byte[] target = operation.getMakeSymlink().getTarget().toByteArray();
        if (!isLinkTo(host, path, target)) {
          deleteIfThere(host, path);
          host.createSymbolicLink(path, target);
        }
      }
      case RENAME -> {
        VolumePath from = path(operation.getRename().getFrom());
        HostAttributes moved = look(host, from);
        if (moved != null) {
          boolean directory = moved.kind() == HostAttributes.Kind.DIRECTORY;
          HostAttributes replaced = look(host, path);
          if (replaced != null && directory != (replaced.kind() == HostAttributes.Kind.DIRECTORY)) {
            host.delete(path);
          }
          host.rename(from, path);
          directories.add(new DirectoryToSync(host, from.parent()));
        }
      }
      case MAKE_LINK -> {
        deleteIfThere(host, path);
        host.createLink(path, path(operation.getMakeLink().getExisting()));
      }
      case SET_MODE -> {
        HostAttributes found = look(host, path);
        if (found != null
            && (found.kind() == HostAttributes.Kind.REGULAR
                || found.kind() == HostAttributes.Kind.DIRECTORY)) {
          host.setMode(path, operation.getSetMode().getMode());
        }
      }
      case OPERATION_NOT_SET ->
          throw new IntegrityException(null, -1, "a pending host operation is malformed");
    }
    directories.add(new DirectoryToSync(host, path.parent()));
  }

  /**
   * What stands at a path, by no way over symbolic links: where an operation is carried out once
   * more, there may be one by now where its directory was.
   */
  private static @Nullable HostAttributes look(HostDirectory host, VolumePath path)
      throws IOException {
    if (!path.isRoot() && !isDirectory(host, path.parent())) {
      return null;
    }
    try {
      return host.attributes(path);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static boolean isDirectory(HostDirectory host, VolumePath path) throws IOException {
    if (path.isRoot()) {
      return true;
    }
    HostAttributes found = look(host, path);
    return found != null && found.kind() == HostAttributes.Kind.DIRECTORY;
  }

  private static boolean exists(HostDirectory host, VolumePath path) throws IOException {
    return look(host, path) != null;
  }

  private static boolean isLinkTo(HostDirectory host, VolumePath path, byte[] target)
      throws IOException {
    HostAttributes found = look(host, path);
    return found != null
        && found.kind() == HostAttributes.Kind.SYMLINK
        && Arrays.equals(host.readSymbolicLink(path), target);
  }

  private static void removeUnless(HostDirectory host, VolumePath path, HostAttributes.Kind kind)
      throws IOException {
    HostAttributes found = look(host, path);
    if (found != null && found.kind() != kind) {
      host.delete(path);
    }
  }

  private static void deleteIfThere(HostDirectory host, VolumePath path) throws IOException {
    if (exists(host, path)) {
      host.delete(path);
    }
  }
}
