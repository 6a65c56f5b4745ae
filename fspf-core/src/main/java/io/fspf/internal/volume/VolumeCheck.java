package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks all of a volume against its host: every node of the metadata, every chunk of every file,
 * and what authenticated regions show on the host. Goes on behind damage.
 *
 * <p>For one use by one thread, which hands the work on contents to others.
 */
public final class VolumeCheck {
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
  private final Listener listener;
  private final Findings findings;
  private final LostRecords lost = new LostRecords();
  private final ObjectInventory objects;
  private final HostComparison host;
  private final FileCheck contents;
  private final boolean comparesHost;
  private final Set<Long> linked = new HashSet<>();
  private long files;
  private long directories;
  private long symlinks;
  private long bytes;

  /**
   * A check of a volume that was opened for reading.
   *
   * @param strict whether owners and times on the host are compared as well
   */
  public VolumeCheck(Volume volume, boolean strict, Listener listener) throws IOException {
    this.parts = ((LiveVolume) volume).parts();
    this.head = parts.log().head();
    this.tree = parts.log().tree();
    this.listener = listener;
    this.findings = new Findings(listener);
    this.objects = new ObjectInventory(listener);
    this.host = new HostComparison(parts.location(), tree, strict, findings);
    this.contents = new FileCheck(parts, tree, listener, findings, head.fields().openForWriting());
    this.comparesHost = !parts.journal().isPending();
  }

  /** Does all of it. */
  public Counts run() throws IOException {
    new MetadataCheck(parts.log(), parts.location().file().toString(), listener, lost, objects)
        .run();
    for (MountedRegion region : parts.regions().regions()) {
      HostDirectory directory = region.host();
      if (directory != null) {
        host.addRegionHost(HostComparison.look(directory, VolumePath.ROOT));
        if (region.isProtected() && !region.isAuthenticated()) {
          host.addRegionHost(
              HostComparison.look(directory, VolumePath.ROOT.resolve(ObjectStore.DIRECTORY)));
        }
      }
    }
    for (MountedRegion region : parts.regions().regions()) {
      if (region.isProtected() && region.host() != null) {
        walk(region);
      }
    }
    listener.join();
    objects.reportUnknown(parts.regions());
    return new Counts(files, directories, symlinks, bytes);
  }

  /** A directory on the way down. */
  private record Level(
      VolumePath path,
      RegionTable.@Nullable Embedding embedding,
      long number,
      SurvivingEntries entries) {}

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
      SurvivingEntries.Found entry = level.entries().next();
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
    levels.push(
        new Level(
            path, embedding, number, new SurvivingEntries(tree, lost, findings, path, number)));
    if (region.isAuthenticated() && comparesHost) {
      listener.run(
          () -> {
            if (host.isAsSealed(region, path, inode)) {
              host.reportExtraFiles(region, path, embedding, number);
            }
          });
    }
  }

  private void visit(
      Deque<Level> levels, MountedRegion region, Level level, SurvivingEntries.Found entry)
      throws IOException {
    VolumePath path = level.path().resolve(entry.name());
    RegionTable.Embedding outer = level.embedding();
    RegionTable.Embedding embedding = outer == null ? null : outer.child(entry.name());
    if (embedding != null && embedding.region() != null) {
      // Another region's files show here.
      return;
    }
    if (entry.name().equals(DOT) || entry.name().equals(DOT_DOT)) {
      findings.damaged(path, "no legal name for a file");
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
      findings.damaged(path, "its name and its record contradict each other");
    } else if (isDirectory) {
      // More than were counted when they were made: a walk that would never end.
      if (directories > head.fields().directories()) {
        findings.damaged(path, "there are more directories than the commit counts");
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
        findings.damaged(path, "its record is missing");
        return null;
      }
      return Records.inode(value);
    } catch (IntegrityException e) {
      findings.damaged(path, "its record is not what was committed: " + e.getMessage());
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
      listener.run(() -> host.isAsSealed(region, path, inode));
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
          if (region.isAuthenticated() && comparesHost && !host.isAsSealed(region, path, inode)) {
            return;
          }
          contents.check(region, path, number, inode, first);
          listener.advanced(first ? 1 : 0, 0);
        });
  }
}
