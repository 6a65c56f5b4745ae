package io.fspf.seal;

import com.google.common.base.CharMatcher;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.volume.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;

/** The objects of a volume that is being replaced: remembered before, deleted after. */
final class OldObjects {
  /** Of a place where nothing is replaced. */
  static final OldObjects NONE = new OldObjects(List.of());

  private static final VolumePath DIRECTORY = VolumePath.ROOT.resolve(ObjectStore.DIRECTORY);
  private static final CharMatcher HEX =
      CharMatcher.inRange('0', '9').or(CharMatcher.inRange('a', 'f'));
  private static final int ID_DIGITS = 32;

  /** The objects of one directory, their names one after the other, each with a slash behind. */
  private record Shard(Name directory, byte[] names) {}

  private final List<Shard> shards;

  private OldObjects(List<Shard> shards) {
    this.shards = shards;
  }

  /** The objects that are there now. */
  static OldObjects in(HostDirectory host) throws IOException {
    var shards = new ArrayList<Shard>();
    for (Name shard : list(host, DIRECTORY)) {
      if (shard.length() != 2) {
        continue;
      }
      var names = new ByteArrayOutputStream();
      for (Name name : list(host, DIRECTORY.resolve(shard))) {
        if (isObject(name)) {
          names.writeBytes(name.toBytes());
          names.write('/');
        }
      }
      shards.add(new Shard(shard, names.toByteArray()));
    }
    return new OldObjects(shards);
  }

  private static List<Name> list(HostDirectory host, VolumePath directory) throws IOException {
    try {
      return host.list(directory);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  /** Whether this is a name that a volume gives to objects; nothing else is ever deleted. */
  private static boolean isObject(Name name) {
    String text = name.toString();
    return text.length() >= ID_DIGITS
        && HEX.matchesAllOf(text.substring(0, ID_DIGITS))
        && (text.length() == ID_DIGITS || text.charAt(ID_DIGITS) == '-');
  }

  /** Deletes them. */
  void delete(HostDirectory host) throws IOException {
    for (Shard shard : shards) {
      VolumePath directory = DIRECTORY.resolve(shard.directory());
      for (Name name : VolumePath.ofBytes(shard.names()).names()) {
        deleteIfThere(host, directory.resolve(name));
      }
      deleteIfThere(host, directory);
    }
  }

  private static void deleteIfThere(HostDirectory host, VolumePath path) throws IOException {
    try {
      host.delete(path);
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Gone already, or the new volume's objects are in it.
    }
  }
}
