package io.fspf.internal.volume;

import com.google.common.io.BaseEncoding;
import io.fspf.Name;
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
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/**
 * Writes an fspf file anew, and puts it in the place of the old one: complete, durable and locked
 * before it gets its name, so that there is a whole volume under that name at any moment.
 */
final class Rewriter implements AutoCloseable {
  /** Makes the new file's log. */
  interface Start {
    MetadataLog start(HostFile file) throws IOException;
  }

  /** Changes a record on its way from one file to the other. */
  interface Mapping {
    byte[] map(byte[] key, byte[] value) throws IOException;
  }

  private static final Pattern DRAFT = Pattern.compile("\\.fspf-[0-9a-f]{8}\\.new");

  private final VolumeLocation location;
  private final HostDirectory home;
  private final VolumePath draft;
  private final HostLock lock;
  private final MetadataLog log;
  private boolean installed;

  private Rewriter(VolumeLocation location, VolumePath draft, HostLock lock, MetadataLog log)
      throws IOException {
    this.location = location;
    this.home = location.home();
    this.draft = draft;
    this.lock = lock;
    this.log = log;
  }

  /** A name for a new fspf file beside its place: what a crash leaves there is no volume. */
  static VolumePath draft(VolumeEnvironment environment, VolumeLocation location) {
    String suffix =
        BaseEncoding.base16().lowerCase().encode(environment.crypto().random().bytes(4));
    return VolumePath.ROOT.resolve(Name.of(".fspf-" + suffix + ".new"));
  }

  /** Whether a file of this name is an fspf file in the making, or what a crash left of one. */
  static boolean isDraft(Name name) {
    return DRAFT.matcher(name.toString()).matches();
  }

  /** Removes what crashes left of files in the making: nobody has such a one locked. */
  static void removeStale(HostDirectory home) throws IOException {
    for (Name name : home.list(VolumePath.ROOT)) {
      if (isDraft(name)) {
        VolumePath draft = VolumePath.ROOT.resolve(name);
        try (HostLock lock = home.lock(draft, true)) {
          home.delete(draft);
        } catch (VolumeLockedException | NoSuchFileException e) {
          // It is being made, or has got its name.
        }
      }
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

  /** Takes back what was not installed. */
  @Override
  public void close() throws IOException {
    if (!installed) {
      try (lock) {
        log.close();
      } finally {
        home.delete(draft);
      }
    }
  }
}
