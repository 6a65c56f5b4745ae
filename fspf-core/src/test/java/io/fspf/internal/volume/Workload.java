package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.AttributeChange;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random operations on a volume and on its model: both must agree on every result and on every
 * refusal. Remembers which states a crash may bring back.
 */
final class Workload {
  private static final int MAX_SIZE = 6 * VolumeBench.CHUNK;
  private static final int MAX_HANDLES = 5;
  private static final int MAX_NODES = 40;

  /** One open file on both sides. */
  private record Handle(VolumeFile file, VolumeModel.Node node, boolean write) {}

  private record OpenSnapshot(Volume.Snapshot view, VolumeDump expected) {}

  private final VolumeBench bench;
  private final Random random;
  private final List<Region> regions;
  private final Deque<String> trace = new ArrayDeque<>();
  private final List<Handle> handles = new ArrayList<>();
  private final List<OpenSnapshot> snapshots = new ArrayList<>();

  private VolumeModel model;
  private boolean withinRegions;
  private boolean adversary;
  private @Nullable Volume volume;

  /** What the last commit that returned holds, and what later ones may hold that did not return. */
  private VolumeModel durable;

  private final List<VolumeModel> possible = new ArrayList<>();
  private @Nullable RootTag durableTag;

  Workload(VolumeBench bench, List<Region> regions) {
    this.bench = bench;
    this.random = bench.random();
    this.regions = regions;
    this.model = new VolumeModel(regions, bench.clock().instant());
    this.durable = model;
  }

  // ------------------------------------------------------------------------------------ openings

  /** Makes the volume. */
  void create() throws IOException {
    log("create");
    volume = bench.create(regions);
    acknowledged();
  }

  /**
   * Opens what a crash left: it must hold the last state that was reported durable or a later one.
   */
  void recover(boolean writableAtOnce) throws IOException {
    handles.clear();
    snapshots.clear();
    log("recover");
    if (!writableAtOnce) {
      // Readers see the same state, though what a commit decided on the host was not finished.
      try (Volume reading = bench.openForReading()) {
        recovered(reading);
      }
    }
    Volume opened = bench.open();
    volume = opened;
    recovered(opened);
  }

  private void recovered(VolumeView view) throws IOException {
    model = matching(VolumeDump.ofProtected(view), view, "The volume opened").copy();
    adoptPlain(view);
    checkCounts(view, model);
    possible.clear();
    durable = model.copy();
    durableTag = view.tag();
  }

  /** Which of the states that may have been committed a view shows. */
  private VolumeModel matching(VolumeDump found, VolumeView view, String what) {
    List<VolumeModel> candidates = new ArrayList<>();
    if (!view.tag().equals(durableTag)) {
      candidates.addAll(possible);
    }
    candidates.add(durable);
    String closest = null;
    for (VolumeModel candidate : candidates) {
      String difference = found.differenceFrom(VolumeDump.ofProtected(candidate));
      if (difference.isEmpty()) {
        return candidate;
      }
      closest = closest == null || difference.length() < closest.length() ? difference : closest;
    }
    throw new AssertionError(
        what
            + " at a state that was never committed, or was overtaken; tag "
            + view.tag()
            + ", durable "
            + durableTag
            + "; closest of "
            + candidates.size()
            + ":\n"
            + closest);
  }

  /** After a crash regions that are passed through hold what the host made of them. */
  private void adoptPlain(VolumeView view) throws IOException {
    for (var mount : model.mounts().entrySet()) {
      if (mount.getValue().isHost()) {
        VolumePath path = VolumePath.ROOT.resolve(mount.getKey());
        FileAttributes attributes = view.attributes(path);
        mount.getValue().mode = attributes.mode();
        mount.getValue().children.clear();
        adopt(view, path, mount.getValue(), new HashMap<>());
      }
    }
  }

  private void adopt(
      VolumeView view, VolumePath path, VolumeModel.Node node, Map<Long, VolumeModel.Node> byInode)
      throws IOException {
    var cursor = view.list(path);
    while (cursor.next()) {
      VolumePath child = path.resolve(cursor.entry().name());
      FileAttributes attributes = view.attributes(child, LinkOption.NOFOLLOW_LINKS);
      VolumeModel.Node known = byInode.get(attributes.inode());
      if (known == null || known.isDirectory()) {
        known =
            new VolumeModel.Node(
                attributes.type(), node.region, attributes.mode(), attributes.modified());
        known.uid = attributes.uid();
        known.gid = attributes.gid();
        byInode.put(attributes.inode(), known);
      }
      known.links++;
      node.children.put(child.name(), known);
      switch (attributes.type()) {
        case DIRECTORY -> adopt(view, child, known, byInode);
        case SYMLINK -> known.target = view.readSymbolicLink(child);
        default -> {
          for (var value : view.extendedAttributes(child).entrySet()) {
            known.extended.put(value.getKey(), ByteString.copyFrom(value.getValue()));
          }
          try (VolumeFile file = view.open(child, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size() + 1);
            while (file.read(into, into.position()) > 0) {
              // On to the rest.
            }
            known.content = ByteString.copyFrom(into.flip());
          }
        }
      }
    }
    node.extended.clear();
    for (var value : view.extendedAttributes(path).entrySet()) {
      node.extended.put(value.getKey(), ByteString.copyFrom(value.getValue()));
    }
  }

  private static void checkCounts(VolumeView view, VolumeModel model) {
    if (model.hasOrphans()) {
      return;
    }
    VolumeInfo info = view.info();
    var counted =
        new VolumeModel.Counts(info.files(), info.directories(), info.symlinks(), info.bytes());
    if (!counted.equals(model.counts())) {
      throw new AssertionError("The commit counts " + counted + ", not " + model.counts());
    }
  }

  /** Closes the volume, and checks what it holds when it is opened again. */
  void reopen() throws IOException {
    close();
    log("open");
    volume = bench.open();
    verify();
    checkCounts(volume(), model);
  }

  /** Closes the volume with everything that is open in it. */
  void close() throws IOException {
    log("close");
    for (Handle handle : handles) {
      if (random.nextBoolean()) {
        handle.file().close();
      }
    }
    handles.clear();
    possible.add(snapshotOfModel());
    volume().close();
    bench.checkNothingOpen();
    snapshots.clear();
    durable = snapshotOfModel();
    possible.clear();
    durableTag = null;
  }

  /** The states at which the volume may be found when it is opened now. */
  List<VolumeDump> recoverable() {
    List<VolumeDump> states = new ArrayList<>();
    states.add(VolumeDump.ofProtected(durable));
    possible.forEach(state -> states.add(VolumeDump.ofProtected(state)));
    return states;
  }

  /** What was done last. */
  String last() {
    return trace.getLast();
  }

  /** Leaves out what is between regions, and regions that are passed through. */
  Workload withinRegions() {
    withinRegions = true;
    return this;
  }

  /** From now on an integrity exception is no failure of the test. */
  void expectAdversary() {
    adversary = true;
  }

  /** The state of the last commit that returned, and its tag. */
  VolumeDump durable() {
    return VolumeDump.ofProtected(durable);
  }

  /** Everything that can be seen of the volume is as the model has it. */
  void verify() throws IOException {
    String difference = VolumeDump.of(volume()).differenceFrom(VolumeDump.of(model));
    if (!difference.isEmpty()) {
      throw new AssertionError("The volume differs from the model:\n" + difference);
    }
  }

  /** What stands on the host of the authenticated regions is what the last commit has. */
  void verifyHost() {
    for (var mount : model.mounts().entrySet()) {
      if (mount.getValue().isAuthenticated()) {
        String directory = mount.getValue().region.hostDirectory().orElseThrow();
        String base = directory.startsWith("/") ? directory : VolumeBench.HOME + "/" + directory;
        verifyHost(base, mount.getValue());
      }
    }
  }

  private void verifyHost(String path, VolumeModel.Node node) {
    if (node.isDirectory()) {
      node.children.forEach((name, child) -> verifyHost(path + "/" + name, child));
    } else if (node.type == FileType.REGULAR
        && !Arrays.equals(bench.host().read(path), node.content.toByteArray())) {
      throw new AssertionError("The host shows other bytes at " + path);
    }
  }

  Volume volume() {
    Volume present = volume;
    if (present == null) {
      throw new IllegalStateException("No volume is open");
    }
    return present;
  }

  VolumeModel model() {
    return model;
  }

  /** The last operations, for a failing test's message. */
  String trace() {
    return String.join("\n", trace);
  }

  private void log(String what) {
    trace.add(what);
    if (trace.size() > 60) {
      trace.remove();
    }
  }

  // ---------------------------------------------------------------------------------- operations

  private interface Action {
    void run() throws IOException;
  }

  /** Both do it, or both refuse it in the same way. */
  private boolean both(String what, boolean plain, Action onModel, Action onVolume)
      throws IOException {
    return both(what, plain, false, onModel, onVolume);
  }

  /**
   * The same.
   *
   * @param commits whether the operation has commits of its own, before and after it
   */
  private boolean both(String what, boolean plain, boolean commits, Action onModel, Action onVolume)
      throws IOException {
    log(what);
    if (commits) {
      possible.add(snapshotOfModel());
    }
    IOException refused = null;
    try {
      onModel.run();
      if (commits) {
        possible.add(snapshotOfModel());
      }
    } catch (IOException e) {
      refused = e;
    }
    try {
      onVolume.run();
    } catch (FileSystemException e) {
      if (isTrouble(e)) {
        throw e;
      }
      boolean same = refused != null && (plain || refused.getClass() == e.getClass());
      if (!same) {
        throw new AssertionError(what + ": expected " + refused + ", but " + e, e);
      }
      return false;
    } catch (IntegrityException e) {
      if (adversary) {
        throw e;
      }
      throw new AssertionError(what + ": " + e, e);
    }
    if (refused != null) {
      throw new AssertionError(what + ": should be refused with " + refused);
    }
    return true;
  }

  /** Whether the host failed, as a test made it. */
  static boolean isTrouble(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof HostTrouble
          || (at instanceof FileSystemException f
              && "No space left on device".equals(f.getReason()))) {
        return true;
      }
    }
    return false;
  }

  /** One operation that is drawn by lot. */
  void step() throws IOException {
    Instant now = bench.clock().tick();
    switch (random.nextInt(33)) {
      case 0, 1, 2 -> openHandle(now);
      case 3 -> closeHandle();
      case 4, 5, 6, 7, 8 -> write(now);
      case 9, 10 -> append(now);
      case 11, 12 -> setSize(now);
      case 13, 14 -> readSome();
      case 15, 16, 17, 18 -> put(now);
      case 19, 20 -> createDirectory(now);
      case 21, 22 -> delete(now);
      case 23, 24 -> move(now);
      case 25 -> link(now);
      case 26 -> symlink(now);
      case 27 -> setAttributes(now);
      case 28 -> setExtendedAttribute(now);
      case 29 -> snapshot();
      case 30, 31 -> commit();
      case 32 -> {
        if (random.nextInt(4) == 0) {
          compact();
        } else {
          commit();
        }
      }
      default -> throw new IllegalStateException();
    }
  }

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "\u00fc");

  private Name name() {
    return Name.of(NAMES.get(random.nextInt(NAMES.size())));
  }

  private VolumePath directory() {
    List<VolumePath> all = new ArrayList<>();
    collect(VolumePath.ROOT, model.root(), all, true);
    return all.get(random.nextInt(all.size()));
  }

  private void collect(
      VolumePath path, VolumeModel.Node node, List<VolumePath> into, boolean directories) {
    if (node.isDirectory() == directories) {
      into.add(path);
    }
    model
        .entries(node)
        .forEach((name, child) -> collect(path.resolve(name), child, into, directories));
  }

  /** Some path: often of a file, sometimes of a directory, sometimes of nothing. */
  private VolumePath path() {
    int kind = random.nextInt(10);
    if (kind < 6) {
      List<VolumePath> all = new ArrayList<>();
      collect(VolumePath.ROOT, model.root(), all, false);
      if (!all.isEmpty()) {
        return all.get(random.nextInt(all.size()));
      }
    }
    VolumePath directory = directory();
    if (kind == 9 && directory.names().size() > 1) {
      return directory;
    }
    return directory.resolve(name());
  }

  /** A path for something new; near the root once there is much. */
  private VolumePath newPath() {
    VolumePath directory = directory();
    while (directory.names().size() > 3) {
      directory = directory.parent();
    }
    return directory.resolve(name());
  }

  private boolean isFull() {
    List<VolumePath> all = new ArrayList<>();
    collect(VolumePath.ROOT, model.root(), all, false);
    return all.size() >= MAX_NODES;
  }

  /** Whether the path's text, or the file there, belongs to a region that is passed through. */
  private boolean isPlain(VolumePath path) {
    try {
      return model.regionAt(path).protection() == Protection.NOT_PROTECTED
          || model.resolve(path, true).isHost();
    } catch (IOException e) {
      return volumeRegion(path).protection() == Protection.NOT_PROTECTED;
    }
  }

  private boolean isAuthenticatedPlace(VolumePath path) {
    try {
      return model.regionAt(path).protection() == Protection.AUTHENTICATED;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isSameRegion(VolumePath one, VolumePath other) {
    try {
      return model.regionAt(one).equals(model.regionAt(other));
    } catch (IOException e) {
      return true;
    }
  }

  private Region volumeRegion(VolumePath path) {
    VolumeModel.Node mount = path.isRoot() ? null : model.mounts().get(path.names().get(0));
    return mount == null ? model.root().region : mount.region;
  }

  private void openHandle(Instant now) throws IOException {
    if (handles.size() >= MAX_HANDLES) {
      closeHandle();
    }
    VolumePath path = path();
    boolean write = random.nextInt(4) > 0;
    boolean create = write && !isFull() && random.nextBoolean();
    boolean createNew = write && !isFull() && random.nextInt(8) == 0;
    boolean truncate = write && random.nextInt(6) == 0;
    var options = new ArrayList<OpenOption>();
    options.add(StandardOpenOption.READ);
    if (write) {
      options.add(StandardOpenOption.WRITE);
    }
    if (create) {
      options.add(StandardOpenOption.CREATE);
    }
    if (createNew) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    if (truncate) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    var node = new VolumeModel.Node[1];
    var file = new VolumeFile[1];
    boolean opened =
        both(
            "open " + path + " " + options,
            isPlain(path),
            () -> node[0] = model.open(path, write, create, createNew, truncate, now),
            () -> file[0] = volume().open(path, options.toArray(OpenOption[]::new)));
    if (opened) {
      handles.add(new Handle(file[0], node[0], write));
    }
  }

  private void closeHandle() throws IOException {
    if (!handles.isEmpty()) {
      Handle handle = handles.remove(random.nextInt(handles.size()));
      log("close handle of " + handle.file());
      handle.file().close();
    }
  }

  private @Nullable Handle handle(boolean write) {
    List<Handle> fit = handles.stream().filter(h -> !write || h.write()).toList();
    return fit.isEmpty() ? null : fit.get(random.nextInt(fit.size()));
  }

  private byte[] bytes() {
    int length =
        switch (random.nextInt(6)) {
          case 0 -> VolumeBench.CHUNK * (1 + random.nextInt(3));
          case 1 -> 1 + random.nextInt(3 * VolumeBench.CHUNK);
          case 2 -> VolumeBench.CHUNK + random.nextInt(3) - 1;
          default -> 1 + random.nextInt(400);
        };
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private int position(int size, int length) {
    int position =
        switch (random.nextInt(5)) {
          case 0 -> 0;
          case 1 -> size;
          case 2 -> VolumeBench.CHUNK * random.nextInt(6);
          case 3 -> random.nextInt(size + 1);
          default -> random.nextInt(MAX_SIZE);
        };
    return Math.max(0, Math.min(position, MAX_SIZE - length));
  }

  private void write(Instant now) throws IOException {
    Handle handle = handle(true);
    if (handle == null) {
      put(now);
      return;
    }
    byte[] bytes = bytes();
    int position = position(handle.node().content.size(), bytes.length);
    both(
        "write " + handle.file() + " at " + position + " bytes " + bytes.length,
        handle.node().isHost(),
        () -> VolumeModel.write(handle.node(), bytes, position, now),
        () -> handle.file().write(ByteBuffer.wrap(bytes), position));
  }

  private void append(Instant now) throws IOException {
    Handle handle = handle(true);
    byte[] bytes = bytes();
    if (handle == null || handle.node().content.size() + bytes.length > MAX_SIZE) {
      return;
    }
    int size = handle.node().content.size();
    both(
        "append to " + handle.file() + " bytes " + bytes.length,
        handle.node().isHost(),
        () -> VolumeModel.write(handle.node(), bytes, size, now),
        () -> {
          long at = handle.file().append(ByteBuffer.wrap(bytes));
          if (at != size) {
            throw new AssertionError("Appended at " + at + ", not " + size);
          }
        });
  }

  private void setSize(Instant now) throws IOException {
    Handle handle = handle(true);
    if (handle == null) {
      return;
    }
    int present = handle.node().content.size();
    int size =
        switch (random.nextInt(5)) {
          case 0 -> 0;
          case 1 -> VolumeBench.CHUNK * random.nextInt(6);
          case 2 -> random.nextInt(present + 1);
          default -> random.nextInt(MAX_SIZE);
        };
    both(
        "set size of " + handle.file() + " from " + present + " to " + size,
        handle.node().isHost(),
        () -> VolumeModel.setSize(handle.node(), size, now),
        () -> handle.file().setSize(size));
  }

  private void readSome() throws IOException {
    Handle handle = handle(false);
    if (handle == null) {
      return;
    }
    byte[] content = handle.node().content.toByteArray();
    int position = random.nextInt(content.length + 10);
    ByteBuffer into =
        random.nextBoolean()
            ? ByteBuffer.allocate(1 + random.nextInt(MAX_SIZE))
            : ByteBuffer.allocateDirect(1 + random.nextInt(MAX_SIZE));
    log("read " + handle.file() + " at " + position);
    if (handle.file().size() != content.length) {
      throw new AssertionError(
          handle.file() + " has " + handle.file().size() + " bytes, not " + content.length);
    }
    int got;
    try {
      got = handle.file().read(into, position);
    } catch (IntegrityException e) {
      throw new AssertionError("Reading " + handle.file(), e);
    }
    int expected =
        position >= content.length ? -1 : Math.min(content.length - position, into.flip().limit());
    boolean right = position >= content.length ? got == -1 : got >= 1 && got <= expected;
    if (right && got > 0) {
      byte[] read = new byte[got];
      into.get(read);
      right = Arrays.equals(read, Arrays.copyOfRange(content, position, position + got));
    }
    if (!right) {
      throw new AssertionError("Reading " + handle.file() + " at " + position + ": " + got);
    }
  }

  private void put(Instant now) throws IOException {
    VolumePath path = isFull() || random.nextBoolean() ? path() : newPath();
    boolean create = !isFull();
    byte[] bytes = bytes();
    var options = new ArrayList<OpenOption>();
    options.add(StandardOpenOption.WRITE);
    options.add(StandardOpenOption.TRUNCATE_EXISTING);
    if (create) {
      options.add(StandardOpenOption.CREATE);
    }
    both(
        "put " + path + " bytes " + bytes.length,
        isPlain(path),
        () -> VolumeModel.write(model.open(path, true, create, false, true, now), bytes, 0, now),
        () -> {
          try (VolumeFile file = volume().open(path, options.toArray(OpenOption[]::new))) {
            file.write(ByteBuffer.wrap(bytes), 0);
          }
        });
  }

  private void createDirectory(Instant now) throws IOException {
    VolumePath path = newPath();
    int mode = random.nextInt(01000);
    both(
        "mkdir " + path,
        isPlain(path),
        () -> model.createDirectory(path, mode, now),
        () -> volume().createDirectory(path, mode));
  }

  private void delete(Instant now) throws IOException {
    VolumePath path = path();
    both(
        "delete " + path,
        isPlain(path),
        () -> model.delete(path, now),
        () -> volume().delete(path));
  }

  private void move(Instant now) throws IOException {
    VolumePath from = random.nextInt(4) == 0 ? directory() : path();
    VolumePath to = random.nextBoolean() ? newPath() : path();
    if (from.isRoot() || to.isRoot() || (withinRegions && !isSameRegion(from, to))) {
      return;
    }
    boolean replace = random.nextInt(3) > 0;
    boolean atomic = random.nextInt(8) == 0;
    var options = new ArrayList<CopyOption>();
    if (replace) {
      options.add(StandardCopyOption.REPLACE_EXISTING);
    }
    if (atomic) {
      options.add(StandardCopyOption.ATOMIC_MOVE);
    }
    boolean fromPlain = isPlain(from);
    boolean moved =
        both(
            "move " + from + " to " + to + " " + options,
            fromPlain || isPlain(to),
            isAuthenticatedPlace(from),
            () -> model.move(from, to, replace, atomic, now),
            () -> volume().move(from, to, options.toArray(CopyOption[]::new)));
    if (moved && fromPlain) {
      adoptTimes(to);
    }
  }

  /** What comes from the host has times of the host's clock. */
  private void adoptTimes(VolumePath path) throws IOException {
    VolumeModel.Node node = model.resolve(path, false);
    if (node.isHost()) {
      return;
    }
    FileAttributes attributes = volume().attributes(path, LinkOption.NOFOLLOW_LINKS);
    node.modified = attributes.modified();
    node.accessed = attributes.accessed();
    for (Name name : node.children.keySet()) {
      adoptTimes(path.resolve(name));
    }
  }

  private void link(Instant now) throws IOException {
    VolumePath existing = path();
    VolumePath link = newPath();
    both(
        "link " + link + " to " + existing,
        isPlain(link) || isPlain(existing),
        isAuthenticatedPlace(link),
        () -> model.createLink(link, existing, now),
        () -> volume().createLink(link, existing));
  }

  private void symlink(Instant now) throws IOException {
    VolumePath link = newPath();
    String text =
        switch (random.nextInt(4)) {
          case 0 -> name().toString();
          case 1 -> path().toString();
          case 2 -> "../" + name();
          default -> name() + "/" + name();
        };
    byte[] target = text.getBytes(StandardCharsets.UTF_8);
    both(
        "symlink " + link + " -> " + text,
        isPlain(link),
        () -> model.createSymbolicLink(link, target, now),
        () -> volume().createSymbolicLink(link, target));
  }

  private void setAttributes(Instant now) throws IOException {
    VolumePath path = random.nextBoolean() ? path() : directory();
    boolean plain = isPlain(path);
    boolean follow = plain || random.nextBoolean();
    AttributeChange change =
        plain
            ? AttributeChange.ofMode(random.nextInt(01000))
            : switch (random.nextInt(3)) {
              case 0 -> AttributeChange.ofMode(random.nextInt(010000));
              case 1 -> AttributeChange.ofOwner(random.nextInt(2000), random.nextInt(2000));
              default ->
                  new AttributeChange(
                      OptionalInt.empty(),
                      OptionalInt.empty(),
                      OptionalInt.of(5),
                      random.nextBoolean() ? Optional.of(now.minusSeconds(5000)) : Optional.empty(),
                      Optional.of(now.minusNanos(7)),
                      Optional.of(Instant.EPOCH));
            };
    LinkOption[] options =
        follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    both(
        "set attributes of " + path + " " + change,
        plain,
        () -> model.setAttributes(path, change, follow, now),
        () -> volume().setAttributes(path, change, options));
  }

  private void setExtendedAttribute(Instant now) throws IOException {
    VolumePath path = random.nextBoolean() ? path() : directory();
    Name name = name();
    byte[] value = random.nextInt(4) == 0 ? null : bytes();
    both(
        "set xattr of " + path + " " + name + (value == null ? " to nothing" : ""),
        isPlain(path),
        () -> model.setExtendedAttribute(path, name, value, true, now),
        () -> volume().setExtendedAttribute(path, name, value));
  }

  /** Takes a snapshot, or checks and perhaps closes one. */
  private void snapshot() throws IOException {
    if (snapshots.size() < 2) {
      log("take a snapshot");
      Volume.Snapshot view = volume().snapshot();
      VolumeModel state = matching(VolumeDump.ofSnapshot(view), view, "The snapshot is");
      snapshots.add(new OpenSnapshot(view, VolumeDump.ofProtected(state)));
      return;
    }
    log("check a snapshot");
    OpenSnapshot snapshot = snapshots.get(random.nextInt(snapshots.size()));
    String difference;
    try {
      difference = VolumeDump.ofSnapshot(snapshot.view()).differenceFrom(snapshot.expected());
    } catch (IntegrityException e) {
      throw new AssertionError("A snapshot is not readable", e);
    }
    if (!difference.isEmpty()) {
      throw new AssertionError("A snapshot has changed:\n" + difference);
    }
    if (random.nextBoolean()) {
      log("close a snapshot");
      snapshots.remove(snapshot);
      snapshot.view().close();
    }
  }

  private VolumeModel snapshotOfModel() {
    VolumeModel copy = model.copy();
    copy.setOrphans(handles.stream().anyMatch(h -> h.node().links == 0 && !h.node().isHost()));
    return copy;
  }

  void commit() throws IOException {
    possible.add(snapshotOfModel());
    Handle handle = random.nextInt(3) == 0 ? handle(true) : null;
    if (handle == null || handle.node().isHost()) {
      log("commit");
      volume().commit();
    } else {
      log("force " + handle.file());
      handle.file().force();
    }
    acknowledged();
  }

  private void compact() throws IOException {
    possible.add(snapshotOfModel());
    log("compact");
    volume().compact();
    acknowledged();
  }

  private void acknowledged() {
    durable = snapshotOfModel();
    durableTag = volume().tag();
    possible.clear();
  }
}
