package io.fspf.internal.volume;

import com.google.common.primitives.Longs;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which object files the records of a volume refer to, and which stand on the host for nothing.
 * Objects are told apart by 64 bits of their ids, since there may be millions. For one thread.
 */
final class ObjectInventory {
  private static final int ID_DIGITS = 2 * FileIdentity.FILE_ID_LENGTH;

  private final VolumeCheck.Listener listener;
  private final LongList objects = new LongList();

  ObjectInventory(VolumeCheck.Listener listener) {
    this.listener = listener;
  }

  /** Remembers the object that a record refers to, if it is such a record. */
  void note(byte[] key, byte[] value) {
    try {
      long number = Keys.inodeOf(key);
      if (Keys.matches(key, number, Keys.INODE)) {
        Inode inode = Records.inode(value);
        if (inode.getObjectSize() > 0) {
          objects.add(hash(inode.getFileId().toByteArray(), inode.getKeyEpoch()));
        }
      } else if (Keys.matches(key, 0, Keys.ORPHAN)) {
        Orphan orphan = Records.parse(Orphan.parser(), value);
        objects.add(hash(orphan.getFileId().toByteArray(), orphan.getKeyEpoch()));
      }
    } catch (IntegrityException e) {
      // The walk names the file.
    }
  }

  private static long hash(byte[] fileId, int epoch) {
    return fileId.length < FileIdentity.FILE_ID_LENGTH
        ? 0
        : Longs.fromByteArray(fileId) + 31L * epoch;
  }

  /** Tells how many object files of each region no record refers to. */
  void reportUnknown(RegionTable regions) throws IOException {
    objects.sort();
    Set<Object> seen = new HashSet<>();
    for (MountedRegion region : regions.regions()) {
      HostDirectory host = region.host();
      if (!region.isProtected() || region.isAuthenticated() || host == null) {
        continue;
      }
      HostAttributes directory =
          HostComparison.look(host, VolumePath.ROOT.resolve(ObjectStore.DIRECTORY));
      if (directory != null && seen.add(directory.fileKey())) {
        reportUnknown(region, host);
      }
    }
  }

  private void reportUnknown(MountedRegion region, HostDirectory host) throws IOException {
    VolumePath root = VolumePath.ROOT.resolve(ObjectStore.DIRECTORY);
    long unknown = 0;
    for (Name shard : list(host, root)) {
      for (Name name : list(host, root.resolve(shard))) {
        listener.advanced(0, 0);
        Long object = hash(name);
        if (object == null || !objects.contains(object)) {
          unknown++;
        }
      }
    }
    if (unknown > 0) {
      listener.note(
          unknown
              + " files among the objects of region "
              + region.path()
              + " belong to no file of the volume");
    }
  }

  private static List<Name> list(HostDirectory host, VolumePath path) throws IOException {
    try {
      return host.list(path);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  /** The object of that name as a number; null if it is no object's name. */
  private static @Nullable Long hash(Name name) {
    String text = name.toString();
    try {
      if (text.length() < ID_DIGITS) {
        return null;
      }
      long start = Long.parseUnsignedLong(text.substring(0, 16), 16);
      boolean first = text.length() == ID_DIGITS;
      int epoch = first ? 0 : Integer.parseInt(text.substring(ID_DIGITS + 1));
      return start + 31L * epoch;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Numbers in an array that grows. */
  private static final class LongList {
    private long[] numbers = new long[256];
    private int size;

    void add(long number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = number;
    }

    void sort() {
      Arrays.sort(numbers, 0, size);
    }

    boolean contains(long number) {
      return Arrays.binarySearch(numbers, 0, size, number) >= 0;
    }
  }
}
