package io.fspf.nio;

import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.LinkOption;
import org.jspecify.annotations.Nullable;

/** Tells of changes whom it concerns: watchers, and who holds on to a directory. Thread-safe. */
final class ChangeNotices {
  private static final LinkOption[] FOLLOW = {};

  private final Volume volume;
  private final DirectoryHandles handles = new DirectoryHandles();
  private final Watched watched = new Watched();

  ChangeNotices(Volume volume) {
    this.volume = volume;
  }

  DirectoryHandles handles() {
    return handles;
  }

  Watched watched() {
    return watched;
  }

  /** The path without symbolic links before its last name. */
  VolumePath real(VolumePath path) throws IOException {
    return path.isRoot() ? path : volume.toRealPath(path.parent(), FOLLOW).resolve(path.name());
  }

  /** The same where somebody wants to know. */
  @Nullable VolumePath realIfTold(VolumePath path) throws IOException {
    return watched.isActive() || handles.isActive() ? real(path) : null;
  }

  private interface Event {
    void tell(VolumePath real);
  }

  private void tell(VolumePath path, Event event) {
    if (!watched.isActive()) {
      return;
    }
    try {
      event.tell(real(path));
    } catch (IOException e) {
      // The path has changed since; who changed it has told.
    }
  }

  void created(VolumePath path) {
    tell(path, watched::created);
  }

  void removed(VolumePath path) {
    tell(path, watched::removed);
  }

  void modified(VolumePath path, boolean follow) {
    if (!watched.isActive()) {
      return;
    }
    try {
      watched.modified(follow ? volume.toRealPath(path, FOLLOW) : real(path));
    } catch (IOException e) {
      // The file has lost its name: nobody can watch it.
    }
  }

  /** A name is gone that was {@link #realIfTold}. */
  void removedReal(VolumePath real) {
    handles.removed(real);
    watched.removed(real);
  }

  /** A file has another name, of two that were {@link #realIfTold}. */
  void moved(VolumePath realFrom, VolumePath realTo) {
    handles.moved(realFrom, realTo);
    watched.moved(realFrom, realTo);
  }
}
