package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import io.fspf.VolumePath;
import io.fspf.internal.format.MakeLink;
import io.fspf.internal.format.MakeSymlink;
import io.fspf.internal.format.PendingHostOperation;
import io.fspf.internal.format.Publish;
import io.fspf.internal.format.RenameHost;
import io.fspf.internal.format.SetMode;
import java.util.List;

/**
 * One change of what stands on the host of an authenticated region, as a commit records it. Its
 * paths are below the region's root and lead to nowhere else. Immutable.
 *
 * @param target what it decides about
 * @param message its record
 */
record PendingOperation(Target target, PendingHostOperation message) {
  /** What an operation decides about. */
  enum Aspect {
    EXISTENCE,
    MODE
  }

  /** A path below a region's root, and what of it is decided: the last decision counts. */
  record Target(int region, VolumePath path, Aspect aspect) {
    /** Whether there is something at a path, and what. */
    static Target existence(MountedRegion region, VolumePath path) {
      return new Target(region.id(), path, Aspect.EXISTENCE);
    }

    /** The mode of what is at a path. */
    static Target mode(MountedRegion region, VolumePath path) {
      return new Target(region.id(), path, Aspect.MODE);
    }
  }

  // ------------------------------------------------------------------------------------------
  // making

  /** A staged copy is to get a path. */
  static PendingOperation publish(MountedRegion region, VolumePath staged, VolumePath path) {
    return new PendingOperation(
        Target.existence(region, path),
        builder(region)
            .setPublish(Publish.newBuilder().setStaged(bytes(staged)).setPath(bytes(path)))
            .build());
  }

  /** What stands at a path is to go. */
  static PendingOperation remove(MountedRegion region, VolumePath path) {
    return new PendingOperation(
        Target.existence(region, path), builder(region).setRemove(bytes(path)).build());
  }

  /** There is to be a directory. */
  static PendingOperation makeDirectory(MountedRegion region, VolumePath path) {
    return new PendingOperation(
        Target.existence(region, path), builder(region).setMakeDirectory(bytes(path)).build());
  }

  /** There is to be a symbolic link. */
  static PendingOperation makeSymlink(MountedRegion region, VolumePath path, byte[] target) {
    return new PendingOperation(
        Target.existence(region, path),
        builder(region)
            .setMakeSymlink(
                MakeSymlink.newBuilder()
                    .setPath(bytes(path))
                    .setTarget(ByteString.copyFrom(target)))
            .build());
  }

  /** A file or directory is to get another path. */
  static PendingOperation rename(MountedRegion region, VolumePath from, VolumePath to) {
    return new PendingOperation(
        Target.existence(region, to),
        builder(region)
            .setRename(RenameHost.newBuilder().setFrom(bytes(from)).setTo(bytes(to)))
            .build());
  }

  /** A file is to have a further path. */
  static PendingOperation makeLink(MountedRegion region, VolumePath existing, VolumePath path) {
    return new PendingOperation(
        Target.existence(region, path),
        builder(region)
            .setMakeLink(MakeLink.newBuilder().setExisting(bytes(existing)).setPath(bytes(path)))
            .build());
  }

  /** A file or directory is to have a mode. */
  static PendingOperation setMode(MountedRegion region, VolumePath path, int mode) {
    return new PendingOperation(
        Target.mode(region, path),
        builder(region)
            .setSetMode(SetMode.newBuilder().setPath(bytes(path)).setMode(mode))
            .build());
  }

  /** The same operation at another path, for something that no commit knows yet. */
  PendingOperation at(MountedRegion region, VolumePath path) {
    return switch (message.getOperationCase()) {
      case MAKE_DIRECTORY -> makeDirectory(region, path);
      case MAKE_SYMLINK ->
          makeSymlink(region, path, message.getMakeSymlink().getTarget().toByteArray());
      case SET_MODE -> setMode(region, path, message.getSetMode().getMode());
      case REMOVE -> remove(region, path);
      default -> throw new IllegalStateException("Not of something that was only made: " + message);
    };
  }

  private static PendingHostOperation.Builder builder(MountedRegion region) {
    return PendingHostOperation.newBuilder().setRegion(region.id());
  }

  private static ByteString bytes(VolumePath path) {
    return ByteString.copyFrom(path.toBytes());
  }

  // ------------------------------------------------------------------------------------------
  // reading

  /**
   * Reads a record.
   *
   * @throws IntegrityException if it is none, or leads out of its region
   */
  static PendingOperation parse(byte[] record) throws IntegrityException {
    PendingHostOperation message = Records.parse(PendingHostOperation.parser(), record);
    if (!arePaths(message)) {
      throw new IntegrityException(null, -1, "a pending operation is malformed");
    }
    ByteString path =
        switch (message.getOperationCase()) {
          case PUBLISH -> message.getPublish().getPath();
          case REMOVE -> message.getRemove();
          case MAKE_DIRECTORY -> message.getMakeDirectory();
          case MAKE_SYMLINK -> message.getMakeSymlink().getPath();
          case RENAME -> message.getRename().getTo();
          case MAKE_LINK -> message.getMakeLink().getPath();
          case SET_MODE -> message.getSetMode().getPath();
          case OPERATION_NOT_SET ->
              throw new IntegrityException(null, -1, "a pending host operation is malformed");
        };
    Aspect aspect = message.hasSetMode() ? Aspect.MODE : Aspect.EXISTENCE;
    return new PendingOperation(new Target(message.getRegion(), path(path), aspect), message);
  }

  /** Whether there are some, each below the region's root and leading to nowhere else. */
  private static boolean arePaths(PendingHostOperation message) {
    List<ByteString> paths = pathsOf(message);
    for (ByteString bytes : paths) {
      try {
        VolumePath path = path(bytes);
        boolean isPlain = ByteString.copyFrom(path.normalize().toBytes()).equals(bytes);
        if (!isPlain || (path.isRoot() && !message.hasSetMode())) {
          return false;
        }
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return !paths.isEmpty();
  }

  private static List<ByteString> pathsOf(PendingHostOperation message) {
    return switch (message.getOperationCase()) {
      case PUBLISH -> List.of(message.getPublish().getStaged(), message.getPublish().getPath());
      case REMOVE -> List.of(message.getRemove());
      case MAKE_DIRECTORY -> List.of(message.getMakeDirectory());
      case MAKE_SYMLINK -> List.of(message.getMakeSymlink().getPath());
      case RENAME -> List.of(message.getRename().getFrom(), message.getRename().getTo());
      case MAKE_LINK ->
          List.of(message.getMakeLink().getExisting(), message.getMakeLink().getPath());
      case SET_MODE -> List.of(message.getSetMode().getPath());
      case OPERATION_NOT_SET -> List.of();
    };
  }

  private static VolumePath path(ByteString bytes) {
    return VolumePath.ofBytes(bytes.toByteArray());
  }

  /** Its record. */
  byte[] encode() {
    return message.toByteArray();
  }

  PendingHostOperation.OperationCase kind() {
    return message.getOperationCase();
  }

  /** The path that it decides about. */
  VolumePath path() {
    return target.path();
  }

  /** Where a file stands until now that is to be published, renamed or linked to. */
  VolumePath source() {
    return switch (message.getOperationCase()) {
      case PUBLISH -> path(message.getPublish().getStaged());
      case RENAME -> path(message.getRename().getFrom());
      case MAKE_LINK -> path(message.getMakeLink().getExisting());
      default -> throw new IllegalStateException("Not from anywhere: " + message);
    };
  }

  /** Where a symbolic link that is to be made leads. */
  byte[] linkTarget() {
    return message.getMakeSymlink().getTarget().toByteArray();
  }

  /** The mode that is to be set. */
  int mode() {
    return message.getSetMode().getMode();
  }
}
