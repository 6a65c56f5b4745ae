package io.fspf.internal.volume;

import com.google.common.primitives.Longs;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.NodePointer;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeCheck;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Checks all of a volume against its host: every node of the metadata, every chunk of every file,
 * and what authenticated regions show on the host. Goes on behind damage.
 *
 * <p>For one use by one thread, which hands the work on contents to others.
 */
public final class VolumeCheck {
  /** Large files are checked in pieces of so many groups of chunks. */
  private static final long PIECE = 16;

  private static final int MAX_DAMAGE_PER_FILE = 1000;
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");

  /** Hears what is found, and lends threads. All but {@link #run} is called by any thread. */
  public interface Listener {
    /**
     * Something is not what was committed.
     *
     * @param offset negative where none applies
     */
    void damaged(String path, long offset, String reason);

    /** Something is worth knowing. */
    void note(String text);

    /** So much more is checked. */
    void advanced(long files, long bytes);

    /** Does the work at some time, on some thread, before {@link #join} returns. */
    void run(Work work) throws IOException;

    /** Returns when all work is done. */
    void join() throws IOException;
  }

  /** A piece of the check. */
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * What was checked.
   *
   * @param files regular files, whatever the number of their names
   * @param bytes the sum of their sizes
   */
  public record Counts(long files, long directories, long symlinks, long bytes) {}

  private final LiveVolume.Parts parts;
  private final CommitInfo head;
  private final Tree tree;
  private final boolean strict;
  private final Listener listener;
  private final String metadataName;
  private final boolean comparesHost;
  private final Object homeKey;
  private final Set<Object> regionHosts = new HashSet<>();
  private final List<Lost> lost = new ArrayList<>();
  private final LongList objects = new LongList();
  private final Set<Long> linked = new HashSet<>();
  private long files;
  private long directories;
  private long symlinks;
  private long bytes;

  /** A range of keys whose records cannot be read. */
  private record Lost(byte[] low, byte @Nullable [] high) {}

  /**
   * A check of a volume that was opened for reading.
   *
   * @param strict whether owners and times on the host are compared as well
   */
  public VolumeCheck(Volume volume, boolean strict, Listener listener) throws IOException {
    this.parts = ((LiveVolume) volume).parts();
    this.head = parts.log().head();
    this.tree = parts.log().tree();
    this.strict = strict;
    this.listener = listener;
    this.metadataName = parts.location().file().toString();
    this.comparesHost = !parts.journal().isPending();
    this.homeKey = parts.location().home().attributes(VolumePath.ROOT).fileKey();
  }

  /** Does all of it. */
  public Counts run() throws IOException {
    checkEnd();
    checkNodes();
    for (MountedRegion region : parts.regions().regions()) {
      HostDirectory host = region.host();
      if (host != null) {
        addRegionHost(look(host, VolumePath.ROOT));
        if (region.isProtected() && !region.isAuthenticated()) {
          addRegionHost(look(host, VolumePath.ROOT.resolve(ObjectStore.DIRECTORY)));
        }
      }
    }
    for (MountedRegion region : parts.regions().regions()) {
      if (region.isProtected() && region.host() != null) {
        walk(region);
      }
    }
    listener.join();
    reportUnknownObjects();
    return new Counts(files, directories, symlinks, bytes);
  }

  // ---------------------------------------------------------------------------------------
  // metadata

  private boolean isOpenForWriting() {
    return head.fields().openForWriting();
  }

  private void checkEnd() throws IOException {
    if (isOpenForWriting()) {
      listener.note(
          "A writer did not close the volume, so files of the host may hold more than the last"
              + " commit: 'fspf recover' puts that right");
    } else if (parts.log().strayBytes() > 0) {
      listener.damaged(
          metadataName,
          head.end(),
          "bytes stand behind the last commit that no writer who ended well left there: 'fspf"
              + " recover' cuts them off");
    }
  }

  private void checkNodes() throws IOException {
    var lostNodes = new TreeSet<Long>();
    TreeCheck.Result result =
        TreeCheck.verify(
            tree,
            new TreeCheck.Visitor() {
              @Override
              public void record(byte[] key, byte[] value) {
                listener.advanced(0, 0);
                noteObject(key, value);
              }

              @Override
              public void damaged(
                  NodePointer pointer,
                  byte[] low,
                  byte @Nullable [] high,
                  IntegrityException violation) {
                lost.add(new Lost(low, high));
                lostNodes.add(pointer.offset());
                listener.damaged(metadataName, pointer.offset(), violation.reason());
              }
            });
    checkHistory(lostNodes);
    if (result.isSound() && result.nodeBytes() != head.liveNodeBytes()) {
      listener.damaged(
          metadataName, head.offset(), "the commit miscounts the nodes that it refers to");
    }
  }

  /** Earlier commits, and nodes that only they needed, are part of the file too. */
  private void checkHistory(NavigableSet<Long> lostNodes) throws IOException {
    parts
        .log()
        .checkHistory(
            (from, to, reason) -> {
              listener.advanced(0, 0);
              Long known = lostNodes.ceiling(from);
              if (known == null || known >= to) {
                listener.damaged(metadataName, from, reason);
              }
            });
  }

  /** Remembers the objects that records refer to. */
  private void noteObject(byte[] key, byte[] value) {
    try {
      long number = Keys.inodeOf(key);
      if (Keys.matches(key, number, Keys.INODE)) {
        Inode inode = Records.inode(value);
        if (inode.getObjectSize() > 0) {
          objects.add(objectHash(inode.getFileId().toByteArray(), inode.getKeyEpoch()));
        }
      } else if (Keys.matches(key, 0, Keys.ORPHAN)) {
        Orphan orphan = Records.parse(Orphan.parser(), value);
        objects.add(objectHash(orphan.getFileId().toByteArray(), orphan.getKeyEpoch()));
      }
    } catch (IntegrityException e) {
      // The walk names the file.
    }
  }

  private static long objectHash(byte[] fileId, int epoch) {
    return fileId.length < FileIdentity.FILE_ID_LENGTH
        ? 0
        : Longs.fromByteArray(fileId) + 31L * epoch;
  }

  // -------------------------------------------------------------------------------------------
  // walk

  private void damaged(VolumePath path, String reason) {
    listener.damaged(path.toString(), -1, reason);
  }

  /** A directory on the way down. */
  private record Level(
      VolumePath path, RegionTable.@Nullable Embedding embedding, long number, Entries entries) {}

  private void walk(MountedRegion region) throws IOException {
    RegionTable.Embedding embedding = parts.regions().root();
    for (Name name : region.path().names()) {
      embedding = embedding == null ? null : embedding.child(name);
    }
    Deque<Level> levels = new ArrayDeque<>();
    Inode root = inode(region.path(), region.rootInode());
    if (root == null) {
      return;
    }
    enter(levels, region, region.path(), embedding, region.rootInode(), root);
    while (!levels.isEmpty()) {
      listener.advanced(0, 0);
      Level level = levels.element();
      Entries.Found entry = level.entries().next();
      if (entry == null) {
        levels.remove();
      } else {
        visit(levels, region, level, entry);
      }
    }
  }

  private void enter(
      Deque<Level> levels,
      MountedRegion region,
      VolumePath path,
      RegionTable.@Nullable Embedding embedding,
      long number,
      Inode inode)
      throws IOException {
    directories++;
    levels.push(new Level(path, embedding, number, new Entries(path, number)));
    if (region.isAuthenticated() && comparesHost) {
      listener.run(
          () -> {
            if (isAsSealed(region, path, inode)) {
              reportExtraFiles(region, path, embedding, number);
            }
          });
    }
  }

  private void visit(Deque<Level> levels, MountedRegion region, Level level, Entries.Found entry)
      throws IOException {
    VolumePath path = level.path().resolve(entry.name());
    RegionTable.Embedding outer = level.embedding();
    RegionTable.Embedding embedding = outer == null ? null : outer.child(entry.name());
    if (embedding != null && embedding.region() != null) {
      // Another region's files show here.
      return;
    }
    if (entry.name().equals(DOT) || entry.name().equals(DOT_DOT)) {
      damaged(path, "no legal name for a file");
      return;
    }
    long number = entry.entry().getInode();
    Inode inode = inode(path, number);
    if (inode == null) {
      return;
    }
    boolean isDirectory = inode.getType() == FileType.FILE_TYPE_DIRECTORY;
    if (inode.getType() != entry.entry().getType()
        || inode.getRegion() != region.id()
        || (isDirectory && inode.getParent() != level.number())) {
      damaged(path, "its name and its record contradict each other");
    } else if (isDirectory) {
      // More than were counted when they were made: a walk that would never end.
      if (directories > head.fields().directories()) {
        damaged(path, "there are more directories than the commit counts");
        levels.clear();
      } else {
        enter(levels, region, path, embedding, number, inode);
      }
    } else if (inode.getType() == FileType.FILE_TYPE_SYMLINK) {
      visitSymlink(region, path, number, inode);
    } else {
      visitFile(region, path, number, inode);
    }
  }

  private @Nullable Inode inode(VolumePath path, long number) throws IOException {
    try {
      byte[] value = tree.get(Keys.inode(number));
      if (value == null) {
        damaged(path, "its record is missing");
        return null;
      }
      return Records.inode(value);
    } catch (IntegrityException e) {
      damaged(path, "its record is not what was committed: " + e.getMessage());
      return null;
    }
  }

  private boolean isFirstName(long number, Inode inode) {
    return inode.getLinks() <= 1 || linked.add(number);
  }

  private void visitSymlink(MountedRegion region, VolumePath path, long number, Inode inode)
      throws IOException {
    if (isFirstName(number, inode)) {
      symlinks++;
    }
    if (region.isAuthenticated() && comparesHost) {
      listener.run(() -> isAsSealed(region, path, inode));
    }
  }

  private void visitFile(MountedRegion region, VolumePath path, long number, Inode inode)
      throws IOException {
    boolean first = isFirstName(number, inode);
    if (first) {
      files++;
      bytes += inode.getSize();
    } else if (!region.isAuthenticated()) {
      return;
    }
    listener.run(
        () -> {
          if (region.isAuthenticated() && comparesHost && !isAsSealed(region, path, inode)) {
            return;
          }
          checkContent(region, path, number, inode, first);
          listener.advanced(first ? 1 : 0, 0);
        });
  }

  /** Goes through the names of a directory, also behind nodes that are lost. */
  private final class Entries {
    record Found(Name name, DirectoryEntry entry) {}

    private final VolumePath path;
    private final long directory;
    private byte[] position;
    private Cursor cursor;
    private boolean ended;

    Entries(VolumePath path, long directory) {
      this.path = path;
      this.directory = directory;
      this.position = Keys.prefix(directory, Keys.ENTRY);
      this.cursor = tree.cursor(position);
    }

    @Nullable Found next() throws IOException {
      while (!ended) {
        try {
          if (!cursor.next() || !Keys.matches(cursor.key(), directory, Keys.ENTRY)) {
            return null;
          }
        } catch (IntegrityException e) {
          damaged(path, "names in it are lost: " + e.getMessage());
          skipLost();
          continue;
        }
        position = cursor.key();
        try {
          return new Found(Keys.name(position), Records.entry(cursor.value()));
        } catch (IntegrityException | IllegalArgumentException e) {
          damaged(path, "a name in it is malformed");
        }
      }
      return null;
    }

    private void skipLost() {
      for (Lost range : lost) {
        byte[] high = range.high();
        if (high == null || Arrays.compareUnsigned(high, position) > 0) {
          ended = high == null;
          if (high != null) {
            position = high;
            cursor = tree.cursor(high);
          }
          return;
        }
      }
      ended = true;
    }
  }

  // ---------------------------------------------------------------------------------------
  // contents

  private void checkContent(
      MountedRegion region, VolumePath path, long number, Inode inode, boolean counted)
      throws IOException {
    var report = new FileReport(path, inode.getChunkSize());
    guarded(
        report,
        () -> {
          var content =
              new FileContent(
                  number,
                  path.toString(),
                  region.region(),
                  region.id(),
                  Records.content(inode, region),
                  new TreeGroups(() -> tree, number),
                  parts
                      .stores()
                      .storeOf(
                          region, region.isAuthenticated() ? path.relativize(region.path()) : null),
                  parts.services(),
                  () -> 0);
          check(content, report, counted);
        });
  }

  /** What cannot be read was not verified, whyever. */
  private static void guarded(FileReport report, Work work) throws IOException {
    try {
      work.run();
    } catch (IntegrityException e) {
      report.damaged(e.offset().orElse(-1), e.reason());
    } catch (IOException e) {
      report.damaged(-1, "it cannot be read: " + reason(e));
    }
  }

  private void check(FileContent content, FileReport report, boolean counted) throws IOException {
    long groups = content.groupCount();
    var pieces = new AtomicInteger(1);
    try {
      boolean there = content.verifyHostFile(isOpenForWriting(), report::damaged);
      long done = 0;
      int lost = 0;
      for (long from = 0; there && from < groups; from = done) {
        long next = from;
        try {
          // Holes, however large, take no time.
          next = content.nextCommittedGroup(from);
        } catch (IntegrityException e) {
          lost++; // The piece says so, and the ones behind it may be sound.
        }
        if (next < 0 || next >= groups) {
          break;
        }
        long first = next;
        long end = lost > MAX_DAMAGE_PER_FILE ? groups : first + Math.min(PIECE, groups - first);
        advance(content, done, first, counted);
        pieces.incrementAndGet();
        Work piece = () -> checkPiece(content, first, end, report, counted, pieces);
        if (end == groups) {
          piece.run();
        } else {
          listener.run(piece);
        }
        done = end;
      }
      if (groups == 0) {
        listener.advanced(0, counted ? content.size() : 0);
      } else if (there) {
        advance(content, done, groups, counted);
        checkBehind(content, groups, report);
      }
    } finally {
      closeLast(content, pieces);
    }
  }

  private void advance(FileContent content, long from, long to, boolean counted) {
    listener.advanced(0, counted ? content.groupStart(to) - content.groupStart(from) : 0);
  }

  private static void checkBehind(FileContent content, long groups, FileReport report)
      throws IOException {
    if (content.nextCommittedGroup(groups) >= 0) {
      report.damaged(content.size(), "a chunk lies behind the end of the file");
    }
  }

  private void checkPiece(
      FileContent content,
      long from,
      long end,
      FileReport report,
      boolean counted,
      AtomicInteger pieces)
      throws IOException {
    try {
      guarded(
          report,
          () ->
              content.verify(
                  from, end, report::damaged, done -> listener.advanced(0, counted ? done : 0)));
    } finally {
      closeLast(content, pieces);
    }
  }

  private static void closeLast(FileContent content, AtomicInteger pieces) throws IOException {
    if (pieces.decrementAndGet() == 0) {
      content.close();
    }
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String said = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    return said == null ? e.getClass().getSimpleName() : said;
  }

  /** What is wrong with one file: one entry for a chunk. */
  private final class FileReport {
    private final VolumePath path;
    private final int chunkSize;
    private final Set<Long> chunks = new HashSet<>();

    FileReport(VolumePath path, int chunkSize) {
      this.path = path;
      this.chunkSize = chunkSize;
    }

    synchronized void damaged(long offset, String reason) {
      long chunk = chunkSize == 0 || offset < 0 ? -1 : offset / chunkSize;
      if (chunks.size() == MAX_DAMAGE_PER_FILE && !chunks.contains(chunk)) {
        listener.note(path + " is damaged in more places than the " + chunks.size() + " listed");
      }
      if (chunks.size() <= MAX_DAMAGE_PER_FILE && chunks.add(chunk)) {
        if (chunks.size() <= MAX_DAMAGE_PER_FILE) {
          listener.damaged(path.toString(), offset, reason);
        }
      }
    }
  }

  // -------------------------------------------------------------------------------------------
  // host

  private static @Nullable HostAttributes look(HostDirectory host, VolumePath path)
      throws IOException {
    try {
      return host.attributes(path);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    }
  }

  /** Compares what the host shows of a file with what was sealed. */
  private boolean isAsSealed(MountedRegion region, VolumePath path, Inode inode)
      throws IOException {
    VolumePath below = path.relativize(region.path());
    HostDirectory host = region.hostDirectory();
    try {
      HostAttributes found = look(host, below);
      if (found == null) {
        damaged(path, "it is missing on the host");
        return false;
      }
      if (found.kind() != kind(inode.getType())) {
        damaged(
            path,
            "it is " + text(found.kind()) + " on the host, not " + text(kind(inode.getType())));
        return false;
      }
      boolean link = found.kind() == HostAttributes.Kind.SYMLINK;
      if (link && !Arrays.equals(host.readSymbolicLink(below), inode.getTarget().toByteArray())) {
        damaged(path, "the link leads elsewhere on the host");
      }
      if (!link && found.mode() != inode.getMode()) {
        damaged(
            path,
            String.format("its mode is %04o on the host, not %04o", found.mode(), inode.getMode()));
      }
      if (strict) {
        compareOwnerAndTime(path, found, inode);
      }
      return true;
    } catch (IOException e) {
      damaged(path, "it cannot be looked at on the host: " + reason(e));
      return false;
    }
  }

  private void compareOwnerAndTime(VolumePath path, HostAttributes found, Inode inode) {
    if (found.uid() != inode.getUid() || found.gid() != inode.getGid()) {
      damaged(
          path,
          "its owner is "
              + found.uid()
              + ":"
              + found.gid()
              + " on the host, not "
              + inode.getUid()
              + ":"
              + inode.getGid());
    }
    // Writing the fspf file has changed the time of its directory.
    boolean home = found.fileKey().equals(homeKey);
    Instant modified = Records.instant(inode.getModified());
    if (!home && !isTime(found, modified)) {
      damaged(path, "it was modified at " + found.modified() + " on the host, not at " + modified);
    }
  }

  /** Before Java 18, copies of symbolic links could be given their times in microseconds only. */
  private static boolean isTime(HostAttributes found, Instant sealed) {
    return found.modified().equals(sealed)
        || (found.kind() == HostAttributes.Kind.SYMLINK
            && found.modified().equals(sealed.truncatedTo(ChronoUnit.MICROS)));
  }

  private static HostAttributes.Kind kind(FileType type) {
    return switch (type) {
      case FILE_TYPE_DIRECTORY -> HostAttributes.Kind.DIRECTORY;
      case FILE_TYPE_SYMLINK -> HostAttributes.Kind.SYMLINK;
      default -> HostAttributes.Kind.REGULAR;
    };
  }

  private static String text(HostAttributes.Kind kind) {
    return switch (kind) {
      case REGULAR -> "a regular file";
      case DIRECTORY -> "a directory";
      case SYMLINK -> "a symbolic link";
      case SPECIAL -> "a device, FIFO or socket";
    };
  }

  /**
   * Files that the volume does not know do not exist in it; whoever looks at the host may wonder.
   */
  private void reportExtraFiles(
      MountedRegion region,
      VolumePath path,
      RegionTable.@Nullable Embedding embedding,
      long directory)
      throws IOException {
    HostDirectory host = region.hostDirectory();
    VolumePath below = path.relativize(region.path());
    HostAttributes attributes;
    List<Name> names;
    try {
      attributes = host.attributes(below);
      names = host.list(below);
    } catch (IOException e) {
      damaged(path, "it cannot be listed on the host: " + reason(e));
      return;
    }
    boolean home = attributes.fileKey().equals(homeKey);
    for (Name name : names) {
      VolumePath child = below.resolve(name);
      boolean own =
          (home && VolumeBuilder.isOwnName(parts.location(), name))
              || VolumeBuilder.isStaging(child)
              || (embedding != null && embedding.child(name) != null);
      if (!own && !isKnown(directory, name) && !isRegionHost(host, child)) {
        listener.note(path.resolve(name) + " is on the host, but not in the volume");
      }
    }
  }

  private boolean isKnown(long directory, Name name) throws IOException {
    try {
      return tree.get(Keys.entry(directory, name)) != null;
    } catch (IntegrityException e) {
      // It may have been known: the lost node is reported.
      return true;
    }
  }

  private void addRegionHost(@Nullable HostAttributes directory) {
    if (directory != null) {
      regionHosts.add(directory.fileKey());
    }
  }

  private boolean isRegionHost(HostDirectory host, VolumePath path) throws IOException {
    HostAttributes attributes = look(host, path);
    return attributes != null && regionHosts.contains(attributes.fileKey());
  }

  // ----------------------------------------------------------------------------------------
  // objects

  private void reportUnknownObjects() throws IOException {
    objects.sort();
    Set<Object> seen = new HashSet<>();
    for (MountedRegion region : parts.regions().regions()) {
      HostDirectory host = region.host();
      if (!region.isProtected() || region.isAuthenticated() || host == null) {
        continue;
      }
      HostAttributes directory = look(host, VolumePath.ROOT.resolve(ObjectStore.DIRECTORY));
      if (directory != null && seen.add(directory.fileKey())) {
        reportUnknownObjects(region, host);
      }
    }
  }

  private void reportUnknownObjects(MountedRegion region, HostDirectory host) throws IOException {
    VolumePath root = VolumePath.ROOT.resolve(ObjectStore.DIRECTORY);
    long unknown = 0;
    for (Name shard : list(host, root)) {
      for (Name name : list(host, root.resolve(shard))) {
        listener.advanced(0, 0);
        Long object = ObjectNames.hash(name);
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

  /** The names of object files, as numbers. */
  private static final class ObjectNames {
    private static final int ID_DIGITS = 2 * FileIdentity.FILE_ID_LENGTH;

    static @Nullable Long hash(Name name) {
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
