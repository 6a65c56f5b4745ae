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
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final RegionTableSource regions;
  private final Map<Target, PendingHostOperation> noted = new LinkedHashMap<>();
  private final Map<Target, PendingHostOperation> decided = new LinkedHashMap<>();
  private final List<Long> recorded = new ArrayList<>();
  private long nextSequence = 1;

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
      recorded.add(sequence);
      nextSequence = sequence + 1;
      decided.put(target(operation), operation);
    }
  }

  /** Whether a commit has something to record, or records of it to take out. */
  synchronized boolean isPending() {
    return !noted.isEmpty() || !recorded.isEmpty();
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

  private static VolumePath path(ByteString bytes) {
    return VolumePath.ofBytes(bytes.toByteArray());
  }

  /** Where a file of the volume stands on the host now: at its path, or still staged. */
  synchronized VolumePath locate(MountedRegion region, VolumePath path) throws IOException {
    var target = new Target(region.id(), path, Aspect.EXISTENCE);
    for (Map<Target, PendingHostOperation> batch : List.of(noted, decided)) {
      PendingHostOperation operation = batch.get(target);
      if (operation != null && operation.hasPublish()) {
        VolumePath staged = path(operation.getPublish().getStaged());
        if (exists(region.hostDirectory(), staged)) {
          return staged;
        }
      }
      if (operation != null && operation.hasRename()) {
        VolumePath from = path(operation.getRename().getFrom());
        if (exists(region.hostDirectory(), from)) {
          return from;
        }
      }
    }
    return path;
  }

  // ------------------------------------------------------------------------------------- with
  // commits

  /** Records what was noted, and takes out what an earlier commit recorded and was carried out. */
  synchronized void freeze(TreeEdits edits) {
    for (long sequence : recorded) {
      edits.remove(Keys.pending(sequence));
    }
    recorded.clear();
    for (var entry : noted.entrySet()) {
      edits.put(Keys.pending(nextSequence), entry.getValue().toByteArray());
      recorded.add(nextSequence++);
      decided.put(entry.getKey(), entry.getValue());
    }
    noted.clear();
  }

  /** Carries out what a durable commit decided. */
  synchronized void carryOut() throws IOException {
    Set<DirectoryToSync> directories = new LinkedHashSet<>();
    List<PendingHostOperation> removals = new ArrayList<>();
    List<PendingHostOperation> others = new ArrayList<>();
    for (PendingHostOperation operation : decided.values()) {
      (operation.hasRemove() ? removals : others).add(operation);
    }
    // What lies deeper goes first, and comes last.
    removals.sort((a, b) -> path(b.getRemove()).compareTo(path(a.getRemove())));
    for (PendingHostOperation operation : removals) {
      carryOut(operation, directories);
    }
    for (PendingHostOperation operation : others) {
      carryOut(operation, directories);
    }
    for (DirectoryToSync directory : directories) {
      directory.host().syncDirectory(directory.path());
    }
    decided.clear();
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
      case REMOVE -> deleteIfThere(host, path);
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
        if (exists(host, from)) {
          host.rename(from, path);
          directories.add(new DirectoryToSync(host, from.parent()));
        }
      }
      case MAKE_LINK -> {
        deleteIfThere(host, path);
        host.createLink(path, path(operation.getMakeLink().getExisting()));
      }
      case SET_MODE -> {
        if (exists(host, path)) {
          host.setMode(path, operation.getSetMode().getMode());
        }
      }
      case OPERATION_NOT_SET ->
          throw new IntegrityException(null, -1, "a pending host operation is malformed");
    }
    directories.add(new DirectoryToSync(host, path.parent()));
  }

  private static @Nullable HostAttributes look(HostDirectory host, VolumePath path)
      throws IOException {
    try {
      return host.attributes(path);
    } catch (NoSuchFileException e) {
      return null;
    }
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
    try {
      host.delete(path);
    } catch (NoSuchFileException e) {
      // Carried out before a crash.
    }
  }
}
