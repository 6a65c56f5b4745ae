package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.PendingHostOperation;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import io.fspf.internal.volume.PendingOperation.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * What a commit has decided.
   *
   * @param sequence of its record
   */
  private record Decided(long sequence, PendingOperation operation) {}

  private final Map<Target, PendingOperation> noted = new LinkedHashMap<>();
  private final Map<Target, Decided> decided = new LinkedHashMap<>();

  /** The records of what was carried out, or overtaken by another decision. */
  private final List<Long> carriedOut = new ArrayList<>();

  private long nextSequence = 1;

  /** To move what stands on the host, and, shared, to open what was located there. */
  private final ReadWriteLock places = new ReentrantReadWriteLock();

  /** The regions at the moment. */
  interface RegionTableSource {
    RegionTable regions();
  }

  private final HostOperations operations;

  HostJournal(RegionTableSource regions) {
    this.operations = new HostOperations(regions, places.writeLock());
  }

  /** Takes up what the commit at which the volume was opened had decided. */
  synchronized void load(Tree tree) throws IOException {
    Cursor cursor = tree.cursor(Keys.prefix(0, Keys.PENDING));
    while (cursor.next() && Keys.matches(cursor.key(), 0, Keys.PENDING)) {
      long sequence = Keys.number(cursor.key());
      PendingOperation operation = PendingOperation.parse(cursor.value());
      if (sequence < 0) {
        throw new IntegrityException(null, -1, "a pending operation is malformed");
      }
      nextSequence = sequence + 1;
      decide(new Decided(sequence, operation));
    }
  }

  /** The last decision on a path is the one that counts, and comes last. */
  private void decide(Decided operation) {
    Target target = operation.operation().target();
    Decided overtaken = decided.remove(target);
    if (overtaken != null) {
      carriedOut.add(overtaken.sequence());
    }
    decided.put(target, operation);
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

  /** A staged copy is to get a path. */
  void publish(MountedRegion region, VolumePath staged, VolumePath path) {
    note(PendingOperation.publish(region, staged, path));
  }

  /** What stands at a path is to go. */
  void remove(MountedRegion region, VolumePath path) {
    note(PendingOperation.remove(region, path));
  }

  /** There is to be a directory. */
  void makeDirectory(MountedRegion region, VolumePath path) {
    note(PendingOperation.makeDirectory(region, path));
  }

  /** There is to be a symbolic link. */
  void makeSymlink(MountedRegion region, VolumePath path, byte[] target) {
    note(PendingOperation.makeSymlink(region, path, target));
  }

  /** A file or directory is to get another path; in a commit of its own. */
  void rename(MountedRegion region, VolumePath from, VolumePath to) {
    note(PendingOperation.rename(region, from, to));
  }

  /** A file is to have a further path; in a commit of its own. */
  void makeLink(MountedRegion region, VolumePath existing, VolumePath path) {
    note(PendingOperation.makeLink(region, existing, path));
  }

  /** A file or directory is to have a mode. */
  void setMode(MountedRegion region, VolumePath path, int mode) {
    note(PendingOperation.setMode(region, path, mode));
  }

  /**
   * What was noted for a path and for those below it is to be done elsewhere: something was made
   * there that no commit knows, and has another name now.
   */
  synchronized void relocate(MountedRegion region, VolumePath from, VolumePath to) {
    Map<Target, PendingOperation> moved = new LinkedHashMap<>();
    noted.forEach(
        (target, operation) -> {
          if (target.region() == region.id() && target.path().startsWith(from)) {
            moved.put(target, operation);
          }
        });
    moved.forEach(
        (target, operation) -> {
          noted.remove(target);
          note(operation.at(region, to.resolve(target.path().relativize(from))));
        });
  }

  /** Whoever finds a file by its new name also finds where it still stands on the host. */
  synchronized void applyTogether(Transaction transaction) throws IOException {
    transaction.apply();
  }

  /** The last change of a path is the one that counts. */
  private synchronized void note(PendingOperation operation) {
    Target target = operation.target();
    if (operation.kind() == PendingHostOperation.OperationCase.REMOVE) {
      noted.remove(new Target(target.region(), target.path(), PendingOperation.Aspect.MODE));
    }
    noted.remove(target);
    noted.put(target, operation);
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
    @Nullable PendingOperation operation(Target target);
  }

  private static VolumePath locate(MountedRegion region, VolumePath path, Batch batch)
      throws IOException {
    HostDirectory host = region.hostDirectory();
    VolumePath at = path;
    PendingOperation own = batch.operation(Target.existence(region, at));
    if (own != null && own.kind() == PendingHostOperation.OperationCase.MAKE_LINK) {
      at = own.source();
      own = batch.operation(Target.existence(region, at));
    }
    if (own != null && own.kind() == PendingHostOperation.OperationCase.PUBLISH) {
      return HostOperations.exists(host, own.source()) ? own.source() : at;
    }
    for (VolumePath above = at; !above.isRoot(); above = above.parent()) {
      PendingOperation operation = batch.operation(Target.existence(region, above));
      if (operation != null && operation.kind() == PendingHostOperation.OperationCase.RENAME) {
        VolumePath from = operation.source();
        return HostOperations.exists(host, from) ? from.resolve(at.relativize(above)) : at;
      }
    }
    return at;
  }

  // ------------------------------------------------------------------------------------------
  // with commits

  /** Records what was noted, and takes out what an earlier commit recorded and was carried out. */
  synchronized void freeze(TreeEdits edits) {
    for (long sequence : carriedOut) {
      edits.remove(Keys.pending(sequence));
    }
    carriedOut.clear();
    for (PendingOperation noting : noted.values()) {
      var operation = new Decided(nextSequence++, noting);
      edits.put(Keys.pending(operation.sequence()), noting.encode());
      decide(operation);
    }
    noted.clear();
  }

  /**
   * Carries out what a durable commit decided; never two at a time. Files can be {@linkplain #open
   * opened} between any two.
   */
  void carryOut() throws IOException {
    List<Decided> decisions;
    synchronized (this) {
      decisions = List.copyOf(decided.values());
    }
    operations.carryOut(decisions.stream().map(Decided::operation).toList());
    synchronized (this) {
      decided.clear();
      decisions.forEach(decision -> carriedOut.add(decision.sequence()));
    }
  }
}
