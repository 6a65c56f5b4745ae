package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The object files of one encrypted region: {@code objects/ab/ab12…}, named by random file ids.
 *
 * <p>Thread-safe.
 */
public final class ObjectStore implements ContentStore {
  /** The directory below the region's host directory that holds the objects. */
  public static final Name DIRECTORY = Name.of("objects");

  private final HostDirectory host;
  private final boolean writable;
  private final Consumer<FileIdentity> discarded;

  /** Directories with names that are not durable yet. */
  private final Set<VolumePath> unsynced = ConcurrentHashMap.newKeySet();

  private final Set<VolumePath> known = ConcurrentHashMap.newKeySet();

  /**
   * The objects below a host directory.
   *
   * @param discarded told of each object that the commit to come no longer refers to
   */
  public ObjectStore(HostDirectory host, boolean writable, Consumer<FileIdentity> discarded) {
    this.host = host;
    this.writable = writable;
    this.discarded = discarded;
  }

  /** Where the object stands. */
  public static VolumePath path(FileIdentity identity) {
    String name = identity.objectName();
    return shard(name).resolve(Name.of(name));
  }

  private static VolumePath shard(String objectName) {
    return VolumePath.ROOT.resolve(DIRECTORY).resolve(Name.of(objectName.substring(0, 2)));
  }

  @Override
  public HostFile open(FileIdentity identity) throws IOException {
    return RegularFiles.open(
        host, path(identity), writable ? HostDirectory.Mode.WRITE : HostDirectory.Mode.READ);
  }

  @Override
  public HostFile create(FileIdentity identity) throws IOException {
    VolumePath path = path(identity);
    ensureDirectory(path.parent());
    HostFile file;
    try {
      file = host.open(path, HostDirectory.Mode.CREATE);
    } catch (FileAlreadyExistsException e) {
      file = emptied(path);
    }
    unsynced.add(path.parent());
    return file;
  }

  private HostFile emptied(VolumePath path) throws IOException {
    HostFile file = host.open(path, HostDirectory.Mode.WRITE);
    try {
      if (file.size() > 0) {
        file.setSize(0);
      }
      return file;
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private void ensureDirectory(VolumePath directory) throws IOException {
    if (directory.isRoot() || known.contains(directory)) {
      return;
    }
    ensureDirectory(directory.parent());
    try {
      host.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      // Made before; its name may still be in the host's cache only, so it is synced all the same.
    }
    unsynced.add(directory.parent());
    known.add(directory);
  }

  @Override
  public void discard(FileIdentity identity) {
    discarded.accept(identity);
  }

  /** Makes durable the names of all objects made so far, and the absence of those deleted. */
  void syncNames() throws IOException {
    syncNames(NameSync::sync);
  }

  /** Makes the names in one directory durable. */
  public interface NameSync {
    /** Returns when they are. */
    void sync() throws IOException;
  }

  /** Has pieces of work done, at once or later. */
  public interface Workers {
    /** Does one. */
    void run(NameSync work) throws IOException;
  }

  /** The same, on others' threads: it is done when they are. */
  public void syncNames(Workers workers) throws IOException {
    for (VolumePath directory : List.copyOf(unsynced)) {
      unsynced.remove(directory);
      workers.run(() -> host.syncDirectory(directory));
    }
  }

  /** Deletes an object, if it is there. */
  public void delete(FileIdentity identity) throws IOException {
    try {
      VolumePath path = path(identity);
      host.delete(path);
      unsynced.add(path.parent());
    } catch (NoSuchFileException e) {
      // It was never made, or deleted before a crash.
    }
  }

  /** Removes the directories that this store made or used, where nothing is in them any more. */
  public void removeEmptyDirectories() throws IOException {
    var directories = new ArrayList<>(known);
    directories.sort(Comparator.reverseOrder());
    for (VolumePath directory : directories) {
      try {
        host.delete(directory);
      } catch (NoSuchFileException | DirectoryNotEmptyException e) {
        // It holds other objects.
      }
    }
    known.clear();
    unsynced.clear();
  }
}
