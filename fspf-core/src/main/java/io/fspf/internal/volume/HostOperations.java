package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Carries out on the host what a durable commit decided for its authenticated regions.
 *
 * <p>Every operation can be carried out once more, as it is after a crash. Never two at a time: the
 * committer's lock guards it. Between any two operations files can be opened, which is what the
 * lock that it is given is for.
 */
final class HostOperations {
  private record DirectoryToSync(HostDirectory host, VolumePath path) {}

  private final HostJournal.RegionTableSource regions;
  private final Lock moving;

  /** The directories in which names changed that are not durable yet. */
  private final Set<DirectoryToSync> directories = new LinkedHashSet<>();

  /**
   * For one volume.
   *
   * @param moving taken for each operation
   */
  HostOperations(HostJournal.RegionTableSource regions, Lock moving) {
    this.regions = regions;
    this.moving = moving;
  }

  /** Carries out the operations of a commit, and makes them durable. */
  void carryOut(List<PendingOperation> operations) throws IOException {
    directories.clear();
    var removals = new ArrayList<PendingOperation>();
    var makings = new ArrayList<PendingOperation>();
    var movings = new ArrayList<PendingOperation>();
    var modes = new ArrayList<PendingOperation>();
    for (PendingOperation operation : operations) {
      switch (operation.kind()) {
        case REMOVE -> removals.add(operation);
        case PUBLISH, RENAME, MAKE_LINK -> movings.add(operation);
        case SET_MODE -> modes.add(operation);
        default -> makings.add(operation);
      }
    }
    // What lies deeper goes first, and comes last.
    removals.sort((a, b) -> b.path().compareTo(a.path()));
    carryOutAll(removals);
    carryOutAll(makings);
    if (!makings.isEmpty()) {
      // A crash may keep a move, and lose the directory that it leads to.
      sync();
    }
    carryOutAll(movings);
    carryOutAll(modes);
    sync();
  }

  private void carryOutAll(List<PendingOperation> operations) throws IOException {
    for (PendingOperation operation : operations) {
      moving.lock();
      try {
        carryOut(operation);
      } finally {
        moving.unlock();
      }
    }
  }

  private void sync() throws IOException {
    for (DirectoryToSync directory : directories) {
      if (isDirectory(directory.host(), directory.path())) {
        directory.host().syncDirectory(directory.path());
      }
    }
    directories.clear();
  }

  private void carryOut(PendingOperation operation) throws IOException {
    MountedRegion region = regions.regions().byId(operation.target().region());
    if (region == null) {
      throw new IntegrityException(null, -1, "a pending host operation names no region");
    }
    HostDirectory host = region.hostDirectory();
    VolumePath path = operation.path();
    switch (operation.kind()) {
      case PUBLISH -> {
        VolumePath staged = operation.source();
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
        byte[] target = operation.linkTarget();
        if (!isLinkTo(host, path, target)) {
          deleteIfThere(host, path);
          host.createSymbolicLink(path, target);
        }
      }
      case RENAME -> {
        VolumePath from = operation.source();
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
        host.createLink(path, operation.source());
      }
      case SET_MODE -> {
        HostAttributes found = look(host, path);
        if (found != null
            && (found.kind() == HostAttributes.Kind.REGULAR
                || found.kind() == HostAttributes.Kind.DIRECTORY)) {
          host.setMode(path, operation.mode());
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

  /** Whether something stands at a path. */
  static boolean exists(HostDirectory host, VolumePath path) throws IOException {
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
