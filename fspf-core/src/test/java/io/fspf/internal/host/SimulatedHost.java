package io.fspf.internal.host;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.Bytes;
import io.fspf.HostSpace;
import io.fspf.Name;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes.Kind;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedDisk.Entry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A host in memory that knows what was written and what is safe, and that does to it what a crash
 * or an adversary may do.
 *
 * <p><b>Crashes.</b> {@link #crashAt} and {@link #crashAtChange} stop the machine at an operation:
 * it and all later ones throw {@link SimulatedCrash}. {@link #afterCrash(long)} then gives one
 * state that the disk may be in, as a new host: what was synced is there; of the rest every sector
 * of 512 bytes, every size, every change of names is there or not, in any order in which a disk and
 * a file system may have written them (see {@link SimulatedContent} and {@link SimulatedDisk}). It
 * also serves without a crash, as a pulled plug. Modes, owners, times and extended attributes are
 * safe only after a directory's sync, since a file's is no more than fdatasync.
 *
 * <p><b>Trouble.</b> {@link #setHook} and {@link #failAt} let operations fail, whole or half-way;
 * {@link #ignoreSyncs} falsifies durability, to prove that tests notice; {@link #setCapacity} makes
 * the disk full.
 *
 * <p><b>The adversary.</b> {@link #snapshot} and {@link #restore} roll back; {@link #replace},
 * {@link #flip} and others edit. An adversary's edits are visible at once, through open files as
 * well, are durable, and are no operations.
 *
 * <p>Paths of the adversary's methods and in {@link Operation} are absolute. Everything is
 * deterministic. Thread-safe: one lock for all.
 */
public final class SimulatedHost implements Host {
  private static final int MAX_LINKS = 40;
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");

  /** What all processes of one machine share; also the monitor for all of it. */
  private static final class Machine {
    final SimulatedDisk disk;
    final Map<Operation.Kind, Long> counts = new EnumMap<>(Operation.Kind.class);
    final Map<Long, List<SimulatedLock>> locks = new HashMap<>();
    final Map<Long, SimulatedInode> opened = new HashMap<>();
    final List<WeakReference<OpenFile>> open = new ArrayList<>();
    final Map<Long, Supplier<IOException>> failures = new HashMap<>();
    final List<Operation> log = new ArrayList<>();
    boolean logging;
    long operations;
    long changes;
    long bytesRead;
    long bytesWritten;
    long crashAt = Long.MAX_VALUE;
    long crashAtChange = Long.MAX_VALUE;
    boolean crashed;
    long capacity = 1L << 40;
    int processes;
    OperationHook hook = operation -> Answer.PROCEED;
    ReadHook readHook = (operation, into, offset, count) -> {};
    Predicate<Operation> ignoredSyncs = operation -> false;

    Machine(SimulatedDisk disk) {
      this.disk = disk;
    }
  }

  private final Machine machine;
  private final int process;
  private boolean killed;

  /** An empty host: it has a root directory. */
  public SimulatedHost() {
    this(new Machine(new SimulatedDisk()));
  }

  private SimulatedHost(Machine machine) {
    this.machine = machine;
    synchronized (machine) {
      process = ++machine.processes;
    }
  }

  /** The same machine as another process sees it: with locks of its own. */
  public SimulatedHost newProcess() {
    return new SimulatedHost(machine);
  }

  /**
   * Ends this process, as {@code kill -9} does: its locks vanish, its operations throw {@link
   * SimulatedCrash}.
   */
  public void kill() {
    synchronized (machine) {
      killed = true;
      machine.locks.values().forEach(locks -> locks.removeIf(lock -> lock.process() == process));
    }
  }

  /**
   * Another machine in the same state, un-synced changes included; without hooks, locks and open
   * files.
   */
  public SimulatedHost copy() {
    synchronized (machine) {
      return new SimulatedHost(new Machine(machine.disk.copy()));
    }
  }

  // Crashes

  /**
   * The {@code number}-th operation, counted from 1 as {@link #operations} does, and all later ones
   * throw {@link SimulatedCrash}.
   */
  public void crashAt(long number) {
    synchronized (machine) {
      machine.crashAt = number;
    }
  }

  /** The same, where only operations that change something count, as in {@link #changes}. */
  public void crashAtChange(long number) {
    synchronized (machine) {
      machine.crashAtChange = number;
    }
  }

  /** Whether the machine has stopped. */
  public boolean isCrashed() {
    synchronized (machine) {
      return machine.crashed;
    }
  }

  /** One state of the disk after a crash, that depends on the seed. This host stays as it is. */
  public SimulatedHost afterCrash(long seed) {
    return afterCrash(new Random(seed));
  }

  /** One state of the disk after a crash. This host stays as it is. */
  public SimulatedHost afterCrash(Random random) {
    return afterCrash(Fate.random(random));
  }

  /** The disk after a crash in which everything un-synced was lost. */
  public SimulatedHost afterCrashLosingAll() {
    return afterCrash(Fate.LOSE);
  }

  /** The disk after a crash in which everything happened to be written. */
  public SimulatedHost afterCrashKeepingAll() {
    return afterCrash(Fate.KEEP);
  }

  private SimulatedHost afterCrash(Fate fate) {
    synchronized (machine) {
      return new SimulatedHost(new Machine(machine.disk.afterCrash(fate)));
    }
  }

  // Counting

  /** How many operations there were. */
  public long operations() {
    synchronized (machine) {
      return machine.operations;
    }
  }

  /** How many operations there were that change something. */
  public long changes() {
    synchronized (machine) {
      return machine.changes;
    }
  }

  /** How many operations of a kind there were. */
  public long count(Operation.Kind kind) {
    synchronized (machine) {
      return machine.counts.getOrDefault(kind, 0L);
    }
  }

  /** How many bytes reads have returned. */
  public long bytesRead() {
    synchronized (machine) {
      return machine.bytesRead;
    }
  }

  /** How many bytes were written. */
  public long bytesWritten() {
    synchronized (machine) {
      return machine.bytesWritten;
    }
  }

  /** From now on keeps a log of all operations. */
  public void startLog() {
    synchronized (machine) {
      machine.logging = true;
      machine.log.clear();
    }
  }

  /** The operations since {@link #startLog}. */
  public List<Operation> log() {
    synchronized (machine) {
      return ImmutableList.copyOf(machine.log);
    }
  }

  // Trouble

  /** Asks {@code hook} before every operation from now on. */
  public void setHook(OperationHook hook) {
    synchronized (machine) {
      machine.hook = hook;
    }
  }

  /** Shows {@code hook} what every read returns from now on. */
  public void setReadHook(ReadHook hook) {
    synchronized (machine) {
      machine.readHook = hook;
    }
  }

  /** Lets the {@code number}-th operation fail with nothing done. */
  public void failAt(long number, Supplier<IOException> failure) {
    synchronized (machine) {
      machine.failures.put(number, failure);
    }
  }

  /** Reports those syncs as done, and does nothing. */
  public void ignoreSyncs(Predicate<Operation> which) {
    synchronized (machine) {
      machine.ignoredSyncs = which;
    }
  }

  /** Limits the sum of all file sizes; a write beyond it fails with nothing written. */
  public void setCapacity(long bytes) {
    synchronized (machine) {
      machine.capacity = bytes;
    }
  }

  // The adversary

  /** Everything that the host holds at one moment. */
  public static final class Snapshot {
    private final SimulatedDisk disk;

    private Snapshot(SimulatedDisk disk) {
      this.disk = disk;
    }
  }

  /** Remembers the whole host as it is seen now. */
  public Snapshot snapshot() {
    synchronized (machine) {
      return new Snapshot(machine.disk.copy());
    }
  }

  /** Puts the whole host back, durably. Files that are open show what was put back. */
  public void restore(Snapshot snapshot) {
    synchronized (machine) {
      machine.disk.restore(snapshot.disk, new HashMap<>(machine.opened));
    }
  }

  /** Puts one regular file's content back, or its absence. */
  public void restore(Snapshot snapshot, String path) {
    synchronized (machine) {
      VolumePath file = VolumePath.of(path);
      SimulatedInode old = find(snapshot.disk.root(), file);
      if (old == null) {
        delete(path);
        return;
      }
      if (old.kind != Kind.REGULAR) {
        throw new IllegalArgumentException("Not a regular file: " + path);
      }
      regularOrNew(file).content.replace(old.content);
    }
  }

  /** Makes a directory and those above it, durably, where they are missing. */
  public SimulatedHost makeDirectories(String path) {
    synchronized (machine) {
      SimulatedInode directory = machine.disk.root();
      for (Name name : VolumePath.of(path).names()) {
        SimulatedInode next = directory.entries.get(name);
        if (next == null) {
          next = machine.disk.inode(Kind.DIRECTORY, 0755);
          machine.disk.changeDurably(directory, name, next);
        }
        directory = next;
      }
      return this;
    }
  }

  /** The paths of all regular files, sorted. */
  public List<VolumePath> files() {
    synchronized (machine) {
      var found = new ArrayList<VolumePath>();
      collect(VolumePath.ROOT, machine.disk.root(), found);
      return found;
    }
  }

  private static void collect(VolumePath path, SimulatedInode inode, List<VolumePath> found) {
    if (inode.kind == Kind.REGULAR) {
      found.add(path);
    }
    inode.entries.forEach((name, child) -> collect(path.resolve(name), child, found));
  }

  /** Whether something stands at the path. */
  public boolean exists(String path) {
    synchronized (machine) {
      return find(machine.disk.root(), VolumePath.of(path)) != null;
    }
  }

  /**
   * The names by which regular files are open now, once for each time. Those that nobody refers to
   * any more are closed by the collector, as on a real host.
   */
  public List<VolumePath> openFiles() {
    synchronized (machine) {
      var paths = new ArrayList<VolumePath>();
      for (WeakReference<OpenFile> reference : machine.open) {
        OpenFile file = reference.get();
        if (file != null) {
          paths.add(file.path);
        }
      }
      return paths;
    }
  }

  /** How many locks are held now. */
  public int heldLocks() {
    synchronized (machine) {
      return machine.locks.values().stream().mapToInt(List::size).sum();
    }
  }

  /** A regular file's bytes. */
  public byte[] read(String path) {
    synchronized (machine) {
      return regular(VolumePath.of(path)).content.bytes();
    }
  }

  /** Gives a regular file other bytes in its place, or makes it. */
  public void replace(String path, byte[] bytes) {
    synchronized (machine) {
      regularOrNew(VolumePath.of(path)).content.replace(bytes);
    }
  }

  /** Turns one bit round. */
  public void flip(String path, long bit) {
    byte[] bytes = read(path);
    bytes[Math.toIntExact(bit / 8)] ^= (byte) (1 << (bit % 8));
    replace(path, bytes);
  }

  /** Cuts a file. */
  public void cut(String path, long size) {
    byte[] bytes = read(path);
    if (size > bytes.length) {
      throw new IllegalArgumentException("The file has only " + bytes.length + " bytes");
    }
    replace(path, Arrays.copyOf(bytes, Math.toIntExact(size)));
  }

  /** Appends bytes to a file. */
  public void extend(String path, byte[] more) {
    replace(path, Bytes.concat(read(path), more));
  }

  /** Puts zeros over some bytes of a file. */
  public void zero(String path, long offset, int length) {
    byte[] bytes = read(path);
    Arrays.fill(bytes, Math.toIntExact(offset), Math.toIntExact(offset + length), (byte) 0);
    replace(path, bytes);
  }

  /** Exchanges the contents of two regular files. */
  public void swap(String one, String other) {
    byte[] bytes = read(one);
    replace(one, read(other));
    replace(other, bytes);
  }

  /** Removes whatever stands at the path, a directory with all that is in it. */
  public void delete(String path) {
    put(VolumePath.of(path), null);
  }

  /** Puts a symbolic link in place of whatever stands at the path. */
  public void replaceBySymbolicLink(String path, String target) {
    synchronized (machine) {
      SimulatedInode link = machine.disk.inode(Kind.SYMLINK, 0777);
      link.target = target.getBytes(StandardCharsets.UTF_8);
      put(VolumePath.of(path), link);
    }
  }

  /** Puts an empty directory in place of whatever stands at the path. */
  public void replaceByDirectory(String path) {
    synchronized (machine) {
      put(VolumePath.of(path), machine.disk.inode(Kind.DIRECTORY, 0755));
    }
  }

  /** Puts a device in place of whatever stands at the path. */
  public void replaceBySpecial(String path) {
    synchronized (machine) {
      put(VolumePath.of(path), machine.disk.inode(Kind.SPECIAL, 0644));
    }
  }

  /** Sets a file's mode without that being an operation. */
  public void changeMode(String path, int mode) {
    synchronized (machine) {
      SimulatedInode inode = find(machine.disk.root(), VolumePath.of(path));
      if (inode == null) {
        throw new IllegalArgumentException("Nothing at " + path);
      }
      inode.attributes = inode.attributes.withMode(mode, machine.disk.now());
      inode.durableAttributes = inode.attributes;
    }
  }

  private void put(VolumePath path, @Nullable SimulatedInode inode) {
    synchronized (machine) {
      SimulatedInode parent = find(machine.disk.root(), path.parent());
      if (parent != null && (inode != null || parent.entries.containsKey(path.name()))) {
        machine.disk.changeDurably(parent, path.name(), inode);
      }
    }
  }

  private SimulatedInode regular(VolumePath path) {
    SimulatedInode inode = find(machine.disk.root(), path);
    if (inode == null || inode.kind != Kind.REGULAR) {
      throw new IllegalArgumentException("No regular file at " + path);
    }
    return inode;
  }

  private SimulatedInode regularOrNew(VolumePath path) {
    SimulatedInode inode = find(machine.disk.root(), path);
    if (inode == null) {
      makeDirectories(path.parent().toString());
      put(path, machine.disk.inode(Kind.REGULAR, 0600));
    }
    return regular(path);
  }

  private static @Nullable SimulatedInode find(SimulatedInode root, VolumePath path) {
    SimulatedInode inode = root;
    for (Name name : path.names()) {
      inode = inode == null ? null : inode.entries.get(name);
    }
    return inode;
  }

  // The host

  @Override
  public HostDirectory directory(String absolutePath) throws IOException {
    if (!absolutePath.startsWith("/")) {
      throw new FileSystemException(absolutePath, null, "not an absolute path");
    }
    return new Directory(VolumePath.of(absolutePath));
  }

  /** What an operation does once it is its turn. */
  private interface Body<T extends @Nullable Object> {
    T run(Operation operation, Answer answer) throws IOException;
  }

  private <T extends @Nullable Object> T perform(
      Operation.Kind kind, VolumePath path, long position, int length, Body<T> body)
      throws IOException {
    synchronized (machine) {
      if (killed || machine.crashed) {
        throw new SimulatedCrash(killed ? "This process was killed" : "The machine has stopped");
      }
      var operation = new Operation(++machine.operations, kind, path, position, length);
      machine.counts.merge(kind, 1L, Long::sum);
      if (kind.changes()) {
        machine.changes++;
      }
      if (machine.logging) {
        machine.log.add(operation);
      }
      if (machine.operations >= machine.crashAt || machine.changes >= machine.crashAtChange) {
        machine.crashed = true;
        return crash(operation, body);
      }
      Supplier<IOException> failure = machine.failures.remove(operation.number());
      if (failure != null) {
        throw failure.get();
      }
      return body.run(operation, machine.hook.before(operation));
    }
  }

  /**
   * The last operation is done, but nothing waits for it: it survives like all that is not synced.
   */
  private static <T extends @Nullable Object> T crash(Operation operation, Body<T> body) {
    try {
      if (operation.kind().changes() && !operation.kind().syncs()) {
        body.run(operation, Answer.PROCEED);
      }
    } catch (IOException e) {
      // It would have failed; the crash comes first.
    }
    throw new SimulatedCrash("Crash at " + operation);
  }

  private record SimulatedLock(int process, boolean exclusive) {}

  /** A path's parent, followed, and its name there. */
  private record Place(SimulatedInode parent, Name name, VolumePath path) {
    @Nullable SimulatedInode inode() {
      return parent.entries.get(name);
    }

    SimulatedInode existing() throws IOException {
      SimulatedInode inode = inode();
      if (inode == null) {
        throw new NoSuchFileException(path.toString());
      }
      return inode;
    }

    void mustBeFree() throws IOException {
      if (inode() != null) {
        throw new FileAlreadyExistsException(path.toString());
      }
    }
  }

  /** The inode at a path, all symbolic links followed. */
  private SimulatedInode follow(VolumePath path) throws IOException {
    var trail = new ArrayList<SimulatedInode>();
    trail.add(machine.disk.root());
    walk(trail, path.names(), path, new int[1]);
    return trail.get(trail.size() - 1);
  }

  private void walk(List<SimulatedInode> trail, List<Name> names, VolumePath whole, int[] links)
      throws IOException {
    for (Name name : names) {
      SimulatedInode here = trail.get(trail.size() - 1);
      if (!here.isDirectory()) {
        throw new FileSystemException(whole.toString(), null, "Not a directory");
      }
      if (name.equals(DOT_DOT)) {
        if (trail.size() > 1) {
          trail.remove(trail.size() - 1);
        }
        continue;
      }
      SimulatedInode next = here.entries.get(name);
      if (next == null) {
        throw new NoSuchFileException(whole.toString());
      }
      if (next.kind != Kind.SYMLINK) {
        trail.add(next);
        continue;
      }
      if (++links[0] > MAX_LINKS) {
        throw new FileSystemException(whole.toString(), null, "Too many levels of symbolic links");
      }
      if (next.target[0] == '/') {
        trail.subList(1, trail.size()).clear();
      }
      walk(trail, VolumePath.ofBytes(next.target).names(), whole, links);
    }
  }

  private Place place(VolumePath path) throws IOException {
    SimulatedInode parent = follow(path.parent());
    if (!parent.isDirectory()) {
      throw new FileSystemException(path.toString(), null, "Not a directory");
    }
    return new Place(parent, path.name(), path);
  }

  private SimulatedInode create(Place place, Kind kind, int mode) throws IOException {
    place.mustBeFree();
    SimulatedInode inode = machine.disk.inode(kind, mode);
    machine.disk.change(List.of(new Entry(place.parent(), place.name(), null, inode)));
    return inode;
  }

  private void checkSpace(VolumePath path, long more) throws IOException {
    if (more > 0 && machine.capacity < 1L << 40 && machine.disk.used() + more > machine.capacity) {
      throw new FileSystemException(path.toString(), null, "No space left on device");
    }
  }

  private final class Directory implements HostDirectory {
    private final VolumePath base;

    Directory(VolumePath base) {
      this.base = base;
    }

    private VolumePath absolute(VolumePath path) {
      if (path.names().contains(DOT_DOT) || path.names().contains(DOT)) {
        throw new IllegalArgumentException(
            "A path of the host without '.' and '..' is needed: " + path);
      }
      return base.resolve(path);
    }

    /** The inode itself, not followed; the directory of the root path is followed. */
    private SimulatedInode inode(VolumePath absolute) throws IOException {
      return absolute.equals(base) ? follow(absolute) : place(absolute).existing();
    }

    private <T extends @Nullable Object> T on(Operation.Kind kind, VolumePath path, OnInode<T> body)
        throws IOException {
      VolumePath absolute = absolute(path);
      return perform(kind, absolute, 0, 0, (operation, answer) -> body.run(inode(absolute)));
    }

    @Override
    public HostFile open(VolumePath path, Mode mode) throws IOException {
      VolumePath absolute = absolute(path);
      if (mode == Mode.CREATE) {
        return perform(
            Operation.Kind.CREATE_FILE,
            absolute,
            0,
            0,
            (operation, answer) ->
                file(create(place(absolute), Kind.REGULAR, 0600), absolute, true));
      }
      return on(
          Operation.Kind.OPEN,
          path,
          inode -> {
            if (inode.kind != Kind.REGULAR) {
              throw new FileSystemException(absolute.toString(), null, "not a regular file");
            }
            return file(inode, absolute, mode == Mode.WRITE);
          });
    }

    private HostFile file(SimulatedInode inode, VolumePath path, boolean writable) {
      inode.opens++;
      machine.opened.put(inode.id, inode);
      return new OpenFile(inode, path, writable);
    }

    @Override
    public HostAttributes attributes(VolumePath path) throws IOException {
      return on(Operation.Kind.ATTRIBUTES, path, SimulatedInode::describe);
    }

    @Override
    public List<Name> list(VolumePath directory) throws IOException {
      return on(
          Operation.Kind.LIST,
          directory,
          inode -> {
            mustBeDirectory(inode, directory);
            return new ArrayList<>(inode.entries.keySet());
          });
    }

    private void mustBeDirectory(SimulatedInode inode, VolumePath path) throws IOException {
      if (!inode.isDirectory()) {
        throw new NotDirectoryException(absolute(path).toString());
      }
    }

    @Override
    public byte[] readSymbolicLink(VolumePath path) throws IOException {
      return on(
          Operation.Kind.READ_SYMBOLIC_LINK,
          path,
          inode -> {
            if (inode.kind != Kind.SYMLINK) {
              throw new NotLinkException(absolute(path).toString());
            }
            return inode.target.clone();
          });
    }

    @Override
    public SortedMap<Name, byte[]> extendedAttributes(VolumePath path) throws IOException {
      return on(
          Operation.Kind.EXTENDED_ATTRIBUTES,
          path,
          inode -> {
            var copy = new TreeMap<Name, byte[]>();
            inode.attributes.extended().forEach((name, value) -> copy.put(name, value.clone()));
            return copy;
          });
    }

    @Override
    public void createDirectory(VolumePath path) throws IOException {
      VolumePath absolute = absolute(path);
      perform(
          Operation.Kind.CREATE_DIRECTORY,
          absolute,
          0,
          0,
          (operation, answer) -> create(free(absolute), Kind.DIRECTORY, 0700));
    }

    private Place free(VolumePath absolute) throws IOException {
      if (absolute.isRoot()) {
        throw new FileAlreadyExistsException("/");
      }
      return place(absolute);
    }

    @Override
    public void createSymbolicLink(VolumePath path, byte[] target) throws IOException {
      VolumePath absolute = absolute(path);
      perform(
          Operation.Kind.CREATE_SYMBOLIC_LINK,
          absolute,
          0,
          0,
          (operation, answer) -> {
            if (target.length == 0) {
              throw new NoSuchFileException(absolute.toString());
            }
            SimulatedInode link = create(free(absolute), Kind.SYMLINK, 0777);
            link.target = target.clone();
            return link;
          });
    }

    @Override
    public void createLink(VolumePath path, VolumePath existing) throws IOException {
      VolumePath absolute = absolute(path);
      VolumePath other = absolute(existing);
      perform(
          Operation.Kind.CREATE_LINK,
          absolute,
          0,
          0,
          (operation, answer) -> {
            SimulatedInode inode = inode(other);
            Place place = free(absolute);
            place.mustBeFree();
            if (inode.isDirectory()) {
              throw new FileSystemException(other.toString(), null, "Operation not permitted");
            }
            machine.disk.change(List.of(new Entry(place.parent(), place.name(), null, inode)));
            return inode;
          });
    }

    @Override
    public void rename(VolumePath from, VolumePath to) throws IOException {
      VolumePath source = absolute(from);
      VolumePath target = absolute(to);
      perform(
          Operation.Kind.RENAME,
          source,
          0,
          0,
          (operation, answer) -> {
            rename(place(source), place(target));
            return operation;
          });
    }

    private void rename(Place from, Place to) throws IOException {
      SimulatedInode moved = from.existing();
      SimulatedInode replaced = to.inode();
      if (moved == replaced) {
        return;
      }
      if (replaced != null && replaced.isDirectory() && !moved.isDirectory()) {
        throw new FileSystemException(to.path().toString(), null, "Is a directory");
      }
      if (replaced != null && !replaced.isDirectory() && moved.isDirectory()) {
        throw new FileSystemException(to.path().toString(), null, "Not a directory");
      }
      if (replaced != null && !replaced.entries.isEmpty()) {
        throw new DirectoryNotEmptyException(to.path().toString());
      }
      if (moved.isDirectory() && contains(moved, to.parent())) {
        throw new FileSystemException(to.path().toString(), null, "Invalid argument");
      }
      machine.disk.change(
          List.of(
              new Entry(from.parent(), from.name(), moved, null),
              new Entry(to.parent(), to.name(), replaced, moved)));
    }

    private static boolean contains(SimulatedInode directory, SimulatedInode searched) {
      return directory == searched
          || directory.entries.values().stream().anyMatch(child -> contains(child, searched));
    }

    @Override
    public void delete(VolumePath path) throws IOException {
      VolumePath absolute = absolute(path);
      perform(
          Operation.Kind.DELETE,
          absolute,
          0,
          0,
          (operation, answer) -> {
            Place place = place(absolute);
            SimulatedInode inode = place.existing();
            if (!inode.entries.isEmpty()) {
              throw new DirectoryNotEmptyException(absolute.toString());
            }
            machine.disk.change(List.of(new Entry(place.parent(), place.name(), inode, null)));
            return inode;
          });
    }

    @Override
    public void setMode(VolumePath path, int mode) throws IOException {
      on(
          Operation.Kind.SET_MODE,
          path,
          inode -> {
            if (inode.kind != Kind.REGULAR && !inode.isDirectory()) {
              throw new FileSystemException(
                  absolute(path).toString(), null, "neither a regular file nor a directory");
            }
            inode.attributes = inode.attributes.withMode(mode & 07777, machine.disk.now());
            return inode;
          });
    }

    @Override
    public void setOwner(VolumePath path, int uid, int gid) throws IOException {
      on(
          Operation.Kind.SET_OWNER,
          path,
          inode -> {
            inode.attributes = inode.attributes.withOwner(uid, gid, machine.disk.now());
            return inode;
          });
    }

    @Override
    public void setTimes(VolumePath path, @Nullable Instant modified, @Nullable Instant accessed)
        throws IOException {
      on(
          Operation.Kind.SET_TIMES,
          path,
          inode -> {
            if (inode.kind == Kind.SPECIAL) {
              throw new FileSystemException(
                  absolute(path).toString(), null, "a device, FIFO or socket");
            }
            inode.attributes = inode.attributes.withTimes(modified, accessed, machine.disk.now());
            return inode;
          });
    }

    @Override
    public void setExtendedAttribute(VolumePath path, Name name, byte @Nullable [] value)
        throws IOException {
      on(
          Operation.Kind.SET_EXTENDED_ATTRIBUTE,
          path,
          inode -> {
            if (inode.kind != Kind.REGULAR && !inode.isDirectory()) {
              throw new FileSystemException(
                  absolute(path).toString(), null, "this file cannot have extended attributes");
            }
            var extended = new TreeMap<Name, byte[]>(inode.attributes.extended());
            if (value == null) {
              extended.remove(name);
            } else {
              extended.put(name, value.clone());
            }
            inode.attributes =
                inode.attributes.withExtended(
                    ImmutableSortedMap.copyOfSorted(extended), machine.disk.now());
            return inode;
          });
    }

    @Override
    public void syncDirectory(VolumePath directory) throws IOException {
      VolumePath absolute = absolute(directory);
      synchronized (machine) {
        try {
          perform(
              Operation.Kind.SYNC_DIRECTORY,
              absolute,
              0,
              0,
              (operation, answer) -> {
                SimulatedInode inode = inode(absolute);
                mustBeDirectory(inode, directory);
                if (!machine.ignoredSyncs.test(operation)) {
                  machine.disk.syncDirectory(inode);
                }
                return inode;
              });
        } catch (IOException e) {
          SimulatedInode inode = find(machine.disk.root(), absolute);
          if (inode != null) {
            machine.disk.failSyncDirectory(inode);
          }
          throw e;
        }
      }
    }

    @Override
    public HostSpace space() throws IOException {
      return perform(
          Operation.Kind.SPACE,
          base,
          0,
          0,
          (operation, answer) -> {
            follow(base);
            long free = Math.max(0, machine.capacity - machine.disk.used());
            return new HostSpace(machine.capacity, free, free, 4096);
          });
    }

    @Override
    public HostLock lock(VolumePath path, boolean exclusive) throws IOException {
      return on(
          Operation.Kind.LOCK,
          path,
          inode -> {
            if (inode.kind != Kind.REGULAR) {
              throw new FileSystemException(absolute(path).toString(), null, "not a regular file");
            }
            List<SimulatedLock> held =
                machine.locks.computeIfAbsent(inode.id, id -> new ArrayList<>());
            for (SimulatedLock other : held) {
              if (exclusive || other.exclusive()) {
                String holder =
                    other.process() == process ? "this process" : "process " + other.process();
                throw new VolumeLockedException(path.name() + " is in use by " + holder);
              }
            }
            return new Held(held, new SimulatedLock(process, exclusive));
          });
    }
  }

  private interface OnInode<T extends @Nullable Object> {
    T run(SimulatedInode inode) throws IOException;
  }

  private final class Held implements HostLock {
    private final List<SimulatedLock> all;
    private final SimulatedLock lock;
    private boolean closed;

    Held(List<SimulatedLock> all, SimulatedLock lock) {
      this.all = all;
      this.lock = lock;
      all.add(lock);
    }

    @Override
    public void close() {
      synchronized (machine) {
        if (!closed) {
          closed = true;
          all.remove(lock);
        }
      }
    }
  }

  private final class OpenFile implements HostFile {
    private final SimulatedInode inode;
    private final VolumePath path;
    private final boolean writable;
    private boolean closed;

    OpenFile(SimulatedInode inode, VolumePath path, boolean writable) {
      this.inode = inode;
      this.path = path;
      this.writable = writable;
      machine.open.add(new WeakReference<>(this));
    }

    private void check(boolean toWrite) throws IOException {
      synchronized (machine) {
        if (closed) {
          throw new ClosedChannelException();
        }
        if (toWrite && !writable) {
          throw new NonWritableChannelException();
        }
      }
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      check(false);
      return perform(
          Operation.Kind.READ,
          path,
          position,
          length,
          (operation, answer) -> {
            if (answer.failure() != null) {
              throw answer.failure();
            }
            int count =
                inode.content.read(position, into, offset, Math.min(length, answer.bytes()));
            machine.bytesRead += count;
            machine.readHook.read(operation, into, offset, count);
            return count;
          });
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, from.length);
      check(true);
      perform(
          Operation.Kind.WRITE,
          path,
          position,
          length,
          (operation, answer) -> {
            int count = Math.min(length, answer.bytes());
            checkSpace(path, position + count - inode.content.size());
            inode.content.write(position, from, offset, count);
            inode.modified(machine.disk.now());
            machine.bytesWritten += count;
            if (answer.failure() != null) {
              throw answer.failure();
            }
            return count;
          });
    }

    @Override
    public long size() throws IOException {
      check(false);
      return perform(Operation.Kind.SIZE, path, 0, 0, (operation, answer) -> inode.content.size());
    }

    @Override
    public void setSize(long size) throws IOException {
      check(true);
      if (size < 0) {
        throw new IllegalArgumentException("negative size");
      }
      perform(
          Operation.Kind.SET_SIZE,
          path,
          size,
          0,
          (operation, answer) -> {
            checkSpace(path, size - inode.content.size());
            inode.content.setSize(size);
            inode.modified(machine.disk.now());
            return operation;
          });
    }

    @Override
    public void sync() throws IOException {
      check(false);
      synchronized (machine) {
        try {
          perform(
              Operation.Kind.SYNC,
              path,
              0,
              0,
              (operation, answer) -> {
                if (!machine.ignoredSyncs.test(operation)) {
                  inode.content.sync();
                }
                return operation;
              });
        } catch (IOException e) {
          inode.content.failSync();
          throw e;
        }
      }
    }

    @Override
    public void close() {
      synchronized (machine) {
        if (!closed) {
          closed = true;
          machine.open.removeIf(reference -> reference.refersTo(null) || reference.refersTo(this));
          inode.opens--;
          if (inode.opens == 0) {
            machine.opened.remove(inode.id);
          }
        }
      }
    }
  }
}
