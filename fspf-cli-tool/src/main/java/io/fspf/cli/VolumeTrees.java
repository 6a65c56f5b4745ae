package io.fspf.cli;

import io.fspf.DirectoryCursor;
import io.fspf.DirectoryEntry;
import io.fspf.FileType;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** What the commands that change a volume do with whole trees. */
final class VolumeTrees {
  private VolumeTrees() {}

  /** Whether there is a directory at the path, or a symbolic link to one. */
  static boolean isDirectory(VolumeView view, VolumePath path) throws IOException {
    try {
      return view.attributes(path).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * The path {@code to} or, where that is a directory, the path in it of what {@code from} names.
   */
  static VolumePath into(VolumeView view, VolumePath to, VolumePath from) throws IOException {
    return isDirectory(view, to) && !from.isRoot() ? to.resolve(from.name()) : to;
  }

  /** Deletes a file, or a directory with all that is in it; follows no link. */
  static void delete(Volume volume, VolumePath path) throws IOException {
    if (volume.attributes(path, LinkOption.NOFOLLOW_LINKS).isDirectory()) {
      for (DirectoryEntry entry : entries(volume, path)) {
        VolumePath at = path.resolve(entry.name());
        if (entry.type() == FileType.DIRECTORY) {
          delete(volume, at);
        } else {
          volume.delete(at);
        }
      }
    }
    volume.delete(path);
  }

  private static List<DirectoryEntry> entries(VolumeView view, VolumePath directory)
      throws IOException {
    var entries = new ArrayList<DirectoryEntry>();
    DirectoryCursor cursor = view.list(directory);
    while (cursor.next()) {
      entries.add(cursor.entry());
    }
    return entries;
  }
}
