package io.fspf.nio;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mode with which a file is made. */
final class InitialMode {
  private InitialMode() {}

  /** The mode that initial attributes ask for. */
  static int of(int otherwise, FileAttribute<?>... initial) {
    int mode = otherwise;
    for (FileAttribute<?> attribute : initial) {
      if (!attribute.name().equals("posix:permissions")
          && !attribute.name().equals("unix:permissions")) {
        throw new UnsupportedOperationException(
            "'" + attribute.name() + "' not supported as initial attribute");
      }
      mode = FspfFileAttributes.mode(permissions(attribute.value()));
    }
    return mode;
  }

  /** An attribute's value as permissions; anything else is a class cast exception. */
  static Set<PosixFilePermission> permissions(@Nullable Object value) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (Object permission : (Set<?>) Objects.requireNonNull(value)) {
      permissions.add((PosixFilePermission) permission);
    }
    return permissions;
  }
}
