package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Time;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of the tree, made of several edits that take effect together or not at all. Holds the
 * namespace lock of the working state while it lives, so for one thread.
 */
final class Transaction implements AutoCloseable {
  /** What follows from a change once it has taken effect. */
  interface Consequence {
    void run() throws IOException;
  }

  private final WorkingState state;
  private final Time now;
  private final TreeEdits edits = new TreeEdits();
  private final Map<Long, @Nullable Inode> inodes = new HashMap<>();
  private final List<Consequence> consequences = new ArrayList<>();
  private final List<Long> claimed = new ArrayList<>();
  private Totals totals;

  private Transaction(WorkingState state, Time now) {
    state.namespace().lock();
    this.state = state;
    this.now = now;
    this.totals = state.totals();
  }

  /** Begins a change at the present time; waits for the one that is under way. */
  static Transaction begin(WorkingState state, InstantSource clock) {
    return new Transaction(state, Records.time(clock.instant()));
  }

  /** The time at which this takes place. */
  Time now() {
    return now;
  }

  /** The record of an inode as this transaction leaves it. */
  Inode inode(long number) throws IOException {
    Inode inode = inodes.containsKey(number) ? inodes.get(number) : state.recorded(number);
    if (inode == null) {
      throw new IntegrityException(null, -1, "an inode record is missing");
    }
    return inode;
  }

  /**
   * The record of a directory that was found since this transaction began, as it leaves it. A
   * directory's record, unlike a file's, is all that there is of it.
   */
  Inode directory(Position at) throws IOException {
    return inodes.containsKey(at.inodeNumber()) ? inode(at.inodeNumber()) : at.inode();
  }

  void put(long number, Inode inode) {
    inodes.put(number, inode);
  }

  /** A new inode's record, under a number never used before. */
  long add(Inode inode) {
    long number = state.newInode();
    inodes.put(number, inode);
    totals = totals.plus(inode);
    return number;
  }

  /** Names an inode in a directory. */
  void link(Position directory, Name name, long number, FileType type) throws IOException {
    edits.put(
        Keys.entry(directory.inodeNumber(), name),
        DirectoryEntry.newBuilder().setInode(number).setType(type).build().toByteArray());
    touchDirectory(directory, type == FileType.FILE_TYPE_DIRECTORY ? 1 : 0);
  }

  /** Takes a name out of a directory. */
  void unlink(Position directory, Name name, FileType type) throws IOException {
    edits.remove(Keys.entry(directory.inodeNumber(), name));
    touchDirectory(directory, type == FileType.FILE_TYPE_DIRECTORY ? -1 : 0);
  }

  private void touchDirectory(Position directory, int moreLinks) throws IOException {
    Inode inode = directory(directory);
    put(
        directory.inodeNumber(),
        inode.toBuilder()
            .setLinks(inode.getLinks() + moreLinks)
            .setModified(now)
            .setChanged(now)
            .build());
  }

  /** Removes an inode's record and all that belongs to it, but for its object file. */
  void remove(long number, Inode inode) throws IOException {
    totals = totals.minus(inode);
    inodes.put(number, null);
    removeAll(number, Keys.XATTR);
    removeAll(number, Keys.GROUP);
  }

  private void removeAll(long number, byte kind) throws IOException {
    Cursor cursor = state.tree().cursor(Keys.prefix(number, kind));
    while (cursor.next() && Keys.matches(cursor.key(), number, kind)) {
      edits.remove(cursor.key());
    }
  }

  /**
   * Whether nobody has the inode open; then nobody opens it while this lives, and it may be
   * removed.
   */
  boolean claim(long number) {
    if (!state.open().claim(number)) {
      return false;
    }
    claimed.add(number);
    return true;
  }

  /** Runs this once all of it has taken effect, and never if it does not. */
  void then(Consequence consequence) {
    consequences.add(consequence);
  }

  /** Any other edit. */
  TreeEdits edits() {
    return edits;
  }

  /** Lets all of it take effect. */
  void apply() throws IOException {
    for (var entry : inodes.entrySet()) {
      Inode inode = entry.getValue();
      if (inode == null) {
        edits.remove(Keys.inode(entry.getKey()));
      } else {
        state.record(entry.getKey(), inode, edits);
      }
    }
    state.apply(edits);
    state.setTotals(totals);
    for (Consequence consequence : consequences) {
      consequence.run();
    }
  }

  @Override
  public void close() {
    claimed.forEach(state.open()::unclaim);
    state.namespace().unlock();
  }
}
