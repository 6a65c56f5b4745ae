package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.fspf.Freshness;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.cas.wire.Message;
import io.fspf.key.KeyProvider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the service remembers: JSON objects of several kinds in an encrypted volume, whose root tag
 * is in a tag store, so that the service itself cannot be rolled back. Nothing counts before {@link
 * #commit}. Not thread-safe.
 */
final class Records implements Closeable {
  private static final int MAX_LENGTH = 16 << 20;

  private final Volume volume;
  private boolean changed;

  private Records(Volume volume) {
    this.volume = volume;
  }

  /** The kinds; each has a directory. */
  enum Kind {
    SERVICE,
    SESSION,
    TAG,
    DRAWN_KEY,
    GRANT,
    BUNDLE,
    AUDIT;

    private VolumePath directory() {
      return VolumePath.of("/" + name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static VolumeOptions options(KeyProvider keys, Freshness freshness) {
    // Half a change must not be committed because time went by.
    return VolumeOptions.of(freshness).withKeys(keys).writable().withCommitInterval(Duration.ZERO);
  }

  static Records create(Path directory, KeyProvider keys, Freshness freshness) throws IOException {
    Files.createDirectories(directory);
    Volume volume =
        Volume.create(
            directory, options(keys, freshness), List.of(Region.encrypted(VolumePath.ROOT, ".")));
    for (Kind kind : Kind.values()) {
      volume.createDirectory(kind.directory(), 0700);
    }
    volume.commit();
    return new Records(volume);
  }

  static Records open(Path directory, KeyProvider keys, Freshness freshness) throws IOException {
    return new Records(Volume.open(directory, options(keys, freshness)));
  }

  private static VolumePath path(Kind kind, String name) {
    // Names are of any length and form; those of files are not.
    return kind.directory().resolve(Name.of(Hashing.sha256().hashString(name, UTF_8).toString()));
  }

  Optional<Message> get(Kind kind, String name) throws IOException {
    try {
      return Optional.of(read(path(kind, name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  List<Message> all(Kind kind) throws IOException {
    List<VolumePath> paths = new ArrayList<>();
    var cursor = volume.list(kind.directory());
    while (cursor.next()) {
      paths.add(kind.directory().resolve(cursor.entry().name()));
    }
    List<Message> messages = new ArrayList<>();
    for (VolumePath path : paths) {
      messages.add(read(path));
    }
    return messages;
  }

  private Message read(VolumePath path) throws IOException {
    try (VolumeFile file = volume.open(path)) {
      if (file.size() > MAX_LENGTH) {
        throw new IOException("A record of the service is too long");
      }
      ByteBuffer content = ByteBuffer.allocate((int) file.size());
      while (content.hasRemaining() && file.read(content, content.position()) > 0) {
        // Until all of it is there.
      }
      return Message.read(content.array());
    }
  }

  void put(Kind kind, String name, Message message) throws IOException {
    changed = true;
    try (VolumeFile file =
        volume.open(
            path(kind, name),
            0600,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(message.toBytes()), 0);
    }
  }

  void remove(Kind kind, String name) throws IOException {
    changed = true;
    try {
      volume.delete(path(kind, name));
    } catch (NoSuchFileException e) {
      // It is as it should be.
    }
  }

  /** Whether anything was put or removed since the last commit. */
  boolean isChanged() {
    return changed;
  }

  /** When this returns, what was put and removed is durable, as one change. */
  void commit() throws IOException {
    volume.commit();
    changed = false;
  }

  @Override
  public void close() throws IOException {
    volume.close();
  }
}
