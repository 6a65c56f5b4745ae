package io.fspf.internal.volume;

import com.google.common.io.BaseEncoding;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.RootTag;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes an fspf file anew, and puts it in the place of the old one: complete, durable and locked
 * before it gets its name, so that there is a whole volume under that name at any moment.
 */
final class Rewriter implements Closeable {
  /** Makes the new file's log. */
  interface Start {
    MetadataLog start(HostFile file) throws IOException;
  }

  /** Changes a record on its way from one file to the other. */
  interface Mapping {
    byte[] map(byte[] key, byte[] value) throws IOException;
  }

  private static final Pattern DRAFT_SUFFIX = Pattern.compile("-[0-9a-f]{8}\\.new");

  private final VolumeLocation location;
  private final HostDirectory home;
  private final VolumePath draft;
  private final HostLock lock;
  private final MetadataLog log;
  private boolean installed;
  private boolean kept;

  private Rewriter(VolumeLocation location, VolumePath draft, HostLock lock, MetadataLog log)
      throws IOException {
    this.location = location;
    this.home = location.home();
    this.draft = draft;
    this.lock = lock;
    this.log = log;
  }

  /** A name for a new fspf file beside its place: what a crash leaves there is no volume. */
  private static VolumePath draft(VolumeEnvironment environment, VolumeLocation location) {
    String suffix =
        BaseEncoding.base16().lowerCase().encode(environment.crypto().random().bytes(4));
    return VolumePath.ROOT.resolve(Name.of("." + location.file() + "-" + suffix + ".new"));
  }

  /**
   * Whether a file of this name is one in the making that is to replace the fspf file of that name,
   * or what a crash left of one.
   */
  static boolean isDraft(VolumeLocation location, Name name) {
    String text = name.toString();
    String prefix = "." + location.file();
    return text.startsWith(prefix)
        && DRAFT_SUFFIX.matcher(text.substring(prefix.length())).matches();
  }

  private static List<VolumePath> drafts(VolumeLocation location) throws IOException {
    return location.home().list(VolumePath.ROOT).stream()
        .filter(name -> isDraft(location, name))
        .map(VolumePath.ROOT::resolve)
        .toList();
  }

  /**
   * Removes what crashes left of files in the making: nobody has such a one locked. For who knows
   * that the tag store remembers none of them.
   */
  static void removeStale(VolumeLocation location) throws IOException {
    HostDirectory home = location.home();
    for (VolumePath draft : drafts(location)) {
      try (HostLock lock = home.lock(draft, true)) {
        home.delete(draft);
      } catch (VolumeLockedException | NoSuchFileException e) {
        // It is being made, or has got its name.
      }
    }
  }

  /**
   * Finds the complete file that a crash kept from getting its name after it had been made known.
   *
   * @param remembered the only commit that may be its last
   */
  static Optional<VolumePath> findPublished(VolumeLocation location, RootTag remembered)
      throws IOException {
    for (VolumePath draft : drafts(location)) {
      try (HostFile file = location.home().open(draft, HostDirectory.Mode.READ)) {
        if (MetadataLog.tagOf(file).equals(remembered)) {
          return Optional.of(draft);
        }
      } catch (IntegrityException | FileSystemException e) {
        // It was not complete, or is no file.
      }
    }
    return Optional.empty();
  }

  /**
   * Gives the file that was found its name at last, under the locks of both.
   *
   * @throws VolumeLockedException if somebody uses one of them
   */
  static void installPublished(VolumeLocation location, VolumePath draft) throws IOException {
    HostDirectory home = location.home();
    try (HostLock old = home.lock(location.path(), true);
        HostLock own = home.lock(draft, true)) {
      home.rename(draft, location.path());
      home.syncDirectory(VolumePath.ROOT);
    }
  }

  /** Starts a new file beside the old one. */
  static Rewriter begin(VolumeEnvironment environment, VolumeLocation location, Start start)
      throws IOException {
    HostDirectory home = location.home();
    VolumePath draft = draft(environment, location);
    HostFile file = home.open(draft, HostDirectory.Mode.CREATE);
    HostLock lock = null;
    try {
      lock = home.lock(draft, true);
      return new Rewriter(location, draft, lock, start.start(file));
    } catch (Throwable e) {
      file.close();
      if (lock != null) {
        lock.close();
      }
      home.delete(draft);
      throw e;
    }
  }

  /** Copies all records, and commits them. */
  void copy(Tree from, CommitFields fields, Mapping mapping) throws IOException {
    TreeBuilder builder = log.builder();
    Cursor cursor = from.cursor(new byte[0]);
    while (cursor.next()) {
      byte[] key = cursor.key();
      builder.add(key, mapping.map(key, cursor.value()));
    }
    log.commit(builder.finish(), fields);
  }

  /**
   * Makes the new file's present name durable, and does not take it back any more: it may become
   * known now, before it has its place. If a crash comes between, opening finds it.
   */
  void keep() throws IOException {
    kept = true;
    home.syncDirectory(VolumePath.ROOT);
  }

  /** Puts the new file in the old one's place. */
  void install() throws IOException {
    home.rename(draft, location.path());
    installed = true;
    home.syncDirectory(VolumePath.ROOT);
  }

  /** Whether the new file has its name; it may not be durable yet. */
  boolean isInstalled() {
    return installed;
  }

  MetadataLog log() {
    return log;
  }

  HostLock lock() {
    return lock;
  }

  /** Takes back what was not installed, unless it was to be kept. */
  @Override
  public void close() throws IOException {
    if (!installed) {
      try (lock) {
        log.close();
      } finally {
        if (!kept) {
          home.delete(draft);
        }
      }
    }
  }
}
