package io.fspf.internal.tree;

import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One fspf file: a header, then the nodes and commits of a copy-on-write B+tree, only ever
 * appended.
 *
 * <p><b>Guarantees.</b> What a tree of this log returns is what the head commits to by digests, or
 * an {@link IntegrityException} is thrown. {@link #commit} returns when the commit is durable;
 * after a crash the file's last whole commit is that one or a newer one. Which commit of a file is
 * the right one is for the caller to say, with a pinned tag: an unpinned opener takes the last
 * whole one.
 *
 * <p><b>Threads.</b> Thread-safe. Trees are immutable and are read without locks, also while
 * commits run. Everything that appends ({@link #commit}, {@link #spill}, builders) takes one lock,
 * which a commit holds until its sync has returned. While it runs, other threads may go on making
 * newer trees with {@link Tree#apply}, and these share nodes with the tree that is being committed.
 * That is safe because nodes are immutable and a {@link NodeRef} changes only once, atomically,
 * from the node to the pointer to what was written of it: whoever reads it before or after sees the
 * same content. It does so when the node can be had from the file: for a commit after its sync, so
 * that a failed one loses nothing. A newer tree that shares the place then has a written node there
 * and does not write it again.
 *
 * <p><b>Failures.</b> After a failed append or sync the log is failed: nothing is appended any
 * more, as nobody knows what the host kept. Reading goes on.
 */
public final class MetadataLog implements Closeable {
  private final HostFile file;
  private final VolumeHeader header;
  private final TreeOptions options;
  private final CommitCodec commits;
  private final NodeStore store;
  private final HeaderFields.@Nullable Predecessor predecessor;
  private final long trailingBytes;
  private final long strayBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Appender appender;
  private final NodeWriter nodes;

  /**
   * Whether this log has committed: one that does it again will do it often, and reserves space.
   */
  private boolean committed;

  private volatile long size;
  private volatile @Nullable CommitInfo head;
  private volatile Tree tree;

  private MetadataLog(
      HostFile file,
      VolumeHeader header,
      @Nullable MetadataKeys keys,
      TreeOptions options,
      HeaderFields.@Nullable Predecessor predecessor,
      HeadFinder.@Nullable Found found)
      throws IOException {
    this.file = file;
    this.header = header;
    this.options = options;
    this.predecessor = predecessor;
    this.commits = new CommitCodec(header, keys == null ? null : keys.commit());
    this.store =
        new NodeStore(file, new NodeCodec(header, keys == null ? null : keys.node()), options);
    if (found == null) {
      this.trailingBytes = 0;
      this.strayBytes = 0;
      this.appender = Appender.forNew(file);
      this.tree = new Tree(store, null, 0, 0);
    } else {
      CommitInfo info = commits.decode(found.frame, found.offset);
      NodePointer root = info.root();
      this.head = info;
      this.size = info.end();
      this.trailingBytes = found.trailing;
      this.strayBytes =
          info.fields().openForWriting() ? found.trailing : Math.max(0, file.size() - info.end());
      this.appender = Appender.forExisting(file, info.end(), found.trailing == 0);
      this.tree =
          new Tree(
              store,
              root == null ? null : NodeRef.to(root, NodeRef.ANY_LEVEL, info.generation()),
              info.liveNodeBytes(),
              0);
    }
    this.nodes = new NodeWriter(appender, store);
  }

  /**
   * Starts a new file with its header. There is no commit yet, and nothing is durable.
   *
   * @param file empty; the log closes it from now on, unless this throws
   * @param keys derived with the salt of {@code fields}, or null for a volume without a key; stay
   *     the caller's to close, after the log
   */
  public static MetadataLog create(
      HostFile file, HeaderFields fields, @Nullable MetadataKeys keys, TreeOptions options)
      throws IOException {
    if (file.size() != 0) {
      throw new IllegalArgumentException("The file is not empty");
    }
    VolumeHeader header = VolumeHeader.of(fields, keys);
    MetadataLog log = new MetadataLog(file, header, keys, options, fields.predecessor(), null);
    log.appendHeader();
    return log;
  }

  private void appendHeader() throws IOException {
    lock.lock();
    try {
      size =
          appender.run(
              () -> {
                appender.append(header.frame());
                appender.flush(false);
                return appender.end();
              });
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads a file's header, which is well-formed then, but not yet known to be authentic. No key is
   * needed.
   *
   * @throws IntegrityException if this is no fspf file, or one of an unknown version
   */
  public static VolumeHeader readHeader(HostFile file) throws IOException {
    return VolumeHeader.read(file);
  }

  /**
   * Opens a file at its head. Reads the header and the end of the file; nodes are read as they are
   * needed. Writes nothing before the first append.
   *
   * @param file the log closes it from now on, unless this throws
   * @param keys of the volume key and this file's header, or null for a volume without a key; stay
   *     the caller's to close, after the log
   * @throws VolumeKeyException if the key is wrong, missing, or not asked for
   * @throws FreshnessException if the last whole commit is not the pinned one
   * @throws IntegrityException if there is no whole commit, or it is not authentic
   */
  public static MetadataLog open(
      HostFile file, @Nullable MetadataKeys keys, HeadChoice choice, TreeOptions options)
      throws IOException {
    VolumeHeader header = VolumeHeader.read(file);
    checkKeys(header, keys);
    RootTag pin = choice.pin();
    HeadFinder.Found found = new HeadFinder(file, header, choice).find();
    RootTag tag = header.tagOf(found.frame);
    if (pin != null && !pin.equals(tag)) {
      throw new FreshnessException(
          "The volume is not in the expected state: root tag "
              + pin
              + " expected, "
              + tag
              + " found");
    }
    return new MetadataLog(file, header, keys, options, null, found);
  }

  private static void checkKeys(VolumeHeader header, @Nullable MetadataKeys keys)
      throws VolumeKeyException {
    if (keys == null) {
      if (header.isSealed()) {
        throw new VolumeKeyException("The volume is sealed, and no volume key was given");
      }
    } else if (!header.isSealed()) {
      throw new VolumeKeyException("A volume key was given, but the volume is not sealed");
    } else if (!keys.matches(header.keyCommitment().toByteArray())) {
      throw new VolumeKeyException("This is not the volume's key (wrong key)");
    }
  }

  /**
   * The root tag of a file's last whole commit, found without a key, and so without knowing whether
   * a key holder made it.
   *
   * @throws IntegrityException if there is none
   */
  public static RootTag tagOf(HostFile file) throws IOException {
    VolumeHeader header = VolumeHeader.read(file);
    return header.tagOf(new HeadFinder(file, header, HeadChoice.last()).find().frame);
  }

  /** The file: its trees are readable until it is closed. */
  public HostFile file() {
    return file;
  }

  /** The file's header. */
  public VolumeHeader header() {
    return header;
  }

  /**
   * The newest commit.
   *
   * @throws IllegalStateException if the file is new and has none yet
   */
  public CommitInfo head() {
    CommitInfo info = head;
    if (info == null) {
      throw new IllegalStateException("Nothing was committed yet");
    }
    return info;
  }

  /** The head's tree; an empty one before the first commit. */
  public Tree tree() {
    return tree;
  }

  /** A tree with no records. */
  public Tree empty() {
    return new Tree(store, null, 0, 0);
  }

  /** A builder of a tree from many records in ascending order. */
  public TreeBuilder builder() {
    return new TreeBuilder(this, store);
  }

  /**
   * How far beyond the head the last byte stood that is not zero, when the file was opened: what a
   * crash left of an unfinished commit, or what the host did. The first append cuts it off.
   */
  public long trailingBytes() {
    return trailingBytes;
  }

  /**
   * How many bytes stood behind the head, when the file was opened, that no writer leaves there who
   * ends well: the {@linkplain #trailingBytes trailing} ones, and behind a commit that says that no
   * writer is at work zeros too, since reserved space was given back before it.
   */
  public long strayBytes() {
    return strayBytes;
  }

  /** The length of the file without reserved space, in bytes. */
  public long size() {
    return size;
  }

  /** The length of the nodes that the head's tree consists of, in bytes. */
  public long liveNodeBytes() {
    return tree.liveNodeBytes();
  }

  /**
   * Makes the head that was found durable, and cuts off what stands behind it. The first append
   * does it anyway; a writer that makes the head known elsewhere does it before.
   */
  public void secureHead() throws IOException {
    lock.lock();
    try {
      size = appender.run(appender::end);
    } finally {
      lock.unlock();
    }
  }

  /** The same for a reader: makes the head that was found durable, and changes nothing. */
  public void syncHead() throws IOException {
    file.sync();
  }

  /**
   * Writes a tree's nodes that are still in memory, so that they need not stay there. This makes no
   * state: without a commit they are garbage.
   *
   * @return the same tree, with {@link Tree#unwrittenBytes} 0
   */
  public Tree spill(Tree unwritten) throws IOException {
    requireOwn(unwritten);
    lock.lock();
    try {
      return appender.run(
          () -> {
            var unused = nodes.write(unwritten, nextGeneration(), head);
            appender.flush(false);
            size = appender.end();
            nodes.publish();
            return unwritten.written();
          });
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes a tree the head: appends its nodes that are still in memory and a commit, and returns
   * when they are durable. One write and one sync; where more than 1 MiB is not durable yet, that
   * is synced before the commit.
   *
   * <p>Concurrent commits run one after the other; the last one is the head.
   *
   * @throws IOException if the commit may not be durable; it may be the head after a restart all
   *     the same. The log is failed then.
   */
  public CommitInfo commit(Tree newTree, CommitFields fields) throws IOException {
    requireOwn(newTree);
    lock.lock();
    try {
      return appender.run(() -> commitLocked(newTree, fields));
    } finally {
      lock.unlock();
    }
  }

  private CommitInfo commitLocked(Tree newTree, CommitFields fields) throws IOException {
    NodePointer root = nodes.write(newTree, nextGeneration(), head);
    CommitInfo before = head;
    CommitCodec.Draft draft =
        new CommitCodec.Draft(
            nextGeneration(),
            now(),
            previousTag(),
            fields,
            newTree.liveNodeBytes(),
            root,
            before == null ? 0 : before.offset(),
            before == null ? 0 : before.length());
    if (!fields.openForWriting()) {
      appender.release();
    }
    var tail = appender.beginCommit();
    long offset = appender.end();
    byte[] frame = commits.encode(draft, offset, appender.tailLength(), tail);
    appender.append(frame);
    appender.flush(committed && fields.openForWriting());
    appender.sync();
    nodes.publish();
    CommitInfo info = commits.info(draft, offset, frame);
    committed = true;
    size = appender.end();
    tree = newTree.written();
    head = info;
    return info;
  }

  private Instant now() {
    return options.clock().instant();
  }

  private long nextGeneration() {
    CommitInfo before = head;
    if (before != null) {
      return before.generation() + 1;
    }
    return predecessor == null ? 1 : predecessor.generation() + 1;
  }

  private @Nullable RootTag previousTag() {
    CommitInfo before = head;
    if (before != null) {
      return before.tag();
    }
    return predecessor == null ? null : predecessor.tag();
  }

  /** Appends one node of a builder. It can be read after {@link #flush}. */
  NodePointer appendBuilt(TreeNode node, List<NodePointer> children) throws IOException {
    lock.lock();
    try {
      return appender.run(() -> nodes.append(node, children, nextGeneration(), head));
    } finally {
      lock.unlock();
    }
  }

  /** Writes what builders appended. */
  void flush() throws IOException {
    lock.lock();
    try {
      size =
          appender.run(
              () -> {
                appender.flush(false);
                return appender.end();
              });
    } finally {
      lock.unlock();
    }
  }

  private void requireOwn(Tree any) {
    if (any.store() != store) {
      throw new IllegalArgumentException("The tree is of another log");
    }
  }

  /** The commits of this file, from the head backwards. */
  public CommitHistory history() {
    return new CommitHistory(file, header, commits, head);
  }

  /**
   * Cuts off reserved space and what no commit covers, unless the log has failed, and closes the
   * file.
   */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      CommitInfo last = head;
      appender.trim(last == null ? header.length() : last.end());
    } finally {
      try {
        file.close();
      } finally {
        lock.unlock();
      }
    }
  }
}
