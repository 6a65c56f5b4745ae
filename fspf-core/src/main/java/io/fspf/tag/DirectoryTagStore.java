package io.fspf.tag;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.util.concurrent.Uninterruptibles;
import io.fspf.Name;
import io.fspf.RootTag;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostDirectory.Mode;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.HostLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One small text file per volume in a directory.
 *
 * <p>A state is written aside, synced, renamed over the old one, and the directory is synced; so a
 * file is always one whole state. Who changes one holds the lock on the file {@code lock}, which
 * excludes threads and processes alike.
 */
final class DirectoryTagStore implements TagStore {
  private static final String FORMAT = "fspf-tag-1";
  private static final int MAX_LENGTH = 1024;
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);
  private static final VolumePath LOCK = VolumePath.of("lock");

  private final HostDirectory directory;

  /** Threads of this object wait here, in order, before they try for the lock. */
  private final Object monitor = new Object();

  /** The directory exists. */
  DirectoryTagStore(HostDirectory directory) {
    this.directory = directory;
  }

  private static VolumePath path(String volume, String suffix) {
    return VolumePath.ROOT.resolve(Name.of(volume + suffix));
  }

  @Override
  public Optional<TagState> load(String volume) throws IOException {
    TagNames.check(volume);
    byte[] content = new byte[MAX_LENGTH + 1];
    int length;
    try (HostFile file = directory.open(path(volume, ".tag"), Mode.READ)) {
      length = file.read(0, content, 0, content.length);
    } catch (NoSuchFileException e) {
      // Not the same as a directory that is gone, which must not pass for one without tags.
      directory.list(VolumePath.ROOT);
      return Optional.empty();
    }
    return Optional.of(parse(volume, content, length));
  }

  private static TagState parse(String volume, byte[] content, int length) throws IOException {
    String source = "tag file of " + volume;
    String text = new String(content, 0, length, UTF_8);
    if (length > MAX_LENGTH || !text.endsWith("\n")) {
      throw TagText.malformed(source, "it does not end as it should");
    }
    List<String> lines = Splitter.on('\n').splitToList(text.substring(0, text.length() - 1));
    Map<String, String> values = TagText.parse(lines, source);
    TagState state = TagText.state(values.get("tag"), values.get("generation"), source);
    if (!text.equals(format(volume, state))) {
      throw TagText.malformed(source, "it is of another format or another volume");
    }
    return state;
  }

  private static String format(String volume, TagState state) {
    return "format=%s\nvolume=%s\ntag=%s\ngeneration=%d\n"
        .formatted(FORMAT, volume, state.tag(), state.generation());
  }

  @Override
  public boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
      throws IOException {
    TagNames.check(volume);
    synchronized (monitor) {
      HostLock lock = lock();
      try {
        RootTag current = load(volume).map(TagState::tag).orElse(null);
        if (!Objects.equals(current, expected)) {
          return false;
        }
        store(volume, next);
        return true;
      } finally {
        lock.close();
      }
    }
  }

  private HostLock lock() throws IOException {
    long end = System.nanoTime() + LOCK_WAIT.toNanos();
    while (true) {
      try {
        return directory.lock(LOCK, true);
      } catch (NoSuchFileException e) {
        createLockFile();
      } catch (VolumeLockedException e) {
        if (System.nanoTime() - end > 0) {
          throw new IOException("The tag store is busy: " + e.getMessage(), e);
        }
        Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(1));
      }
    }
  }

  private void createLockFile() throws IOException {
    try {
      directory.open(LOCK, Mode.CREATE).close();
    } catch (FileAlreadyExistsException e) {
      // Another one was faster.
    }
  }

  private void store(String volume, TagState state) throws IOException {
    VolumePath aside = path(volume, ".new");
    byte[] content = format(volume, state).getBytes(UTF_8);
    try {
      // What a crash has left.
      directory.delete(aside);
    } catch (NoSuchFileException e) {
      // As it should be.
    }
    try (HostFile file = directory.open(aside, Mode.CREATE)) {
      file.write(0, content, 0, content.length);
      file.sync();
    }
    directory.rename(aside, path(volume, ".tag"));
    directory.syncDirectory(VolumePath.ROOT);
  }
}
