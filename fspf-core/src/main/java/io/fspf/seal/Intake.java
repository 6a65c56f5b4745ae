package io.fspf.seal;

import com.google.protobuf.UnsafeByteOperations;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.file.NewContent;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.volume.RecordSink;
import io.fspf.internal.volume.Records;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Takes a host tree in: walks it in breadth, protects contents on all threads of the crew, and
 * hands the records on in ascending order of their keys.
 *
 * <p>A directory's new children get consecutive inode numbers when its listing is handed on, and
 * are taken in in that order; so what is kept in memory is the names of one generation of the tree,
 * and a window of results that wait for those before them.
 *
 * <p>For one use by one thread.
 */
final class Intake {
  private static final int WINDOW = 256;

  /** A result that waits for its turn. */
  private interface Emission {
    void emit() throws IOException;
  }

  /** What {@link #run} takes in. */
  private final IncomingFile.Context context;

  private final RecordSink sink;
  private final Crew crew;
  private final SourceTree source;
  private final ThreadLocal<NewContent.Buffers> buffers =
      ThreadLocal.withInitial(NewContent.Buffers::new);
  private final Deque<Emission> window = new ArrayDeque<>();
  private final Deque<Children> pending = new ArrayDeque<>();
  private final Map<Object, Linked> linked = new HashMap<>();
  private final List<Linked> undercounted = new ArrayList<>();
  private final List<Alias> aliases = new ArrayList<>();
  private final Set<IncomingFile> open = ConcurrentHashMap.newKeySet();

  Intake(IncomingFile.Context context, RecordSink sink) {
    this.context = context;
    this.sink = sink;
    this.crew = context.crew();
    this.source = context.source();
  }

  /** A file with several names. */
  private static final class Linked {
    final long number;
    final VolumePath path;
    int names = 1;
    int recorded;

    Linked(long number, VolumePath path) {
      this.number = number;
      this.path = path;
    }
  }

  /** A further name of a file. */
  private record Alias(VolumePath path, VolumePath existing) {}

  /** The children of a directory that are still to be taken in. */
  private final class Children {
    final VolumePath directory;
    final long number;
    final Listing listing;
    final Listing.Reader reader;
    final long[] numbers;
    final BitSet wanted = new BitSet();
    final Map<Integer, Linked> links = new HashMap<>();

    Children(VolumePath directory, long number, Listing listing) {
      this.directory = directory;
      this.number = number;
      this.listing = listing;
      this.reader = listing.reader();
      this.numbers = new long[listing.count()];
    }

    @Nullable Emission next() {
      while (reader.next()) {
        int index = reader.index();
        if (wanted.get(index)) {
          VolumePath path = directory.resolve(reader.name());
          return switch (reader.type()) {
            case DIRECTORY -> directory(path, numbers[index], number, null);
            case SYMLINK -> symlink(path, numbers[index], links.get(index));
            default -> file(path, numbers[index], links.get(index));
          };
        }
      }
      return null;
    }
  }

  /**
   * Takes in the whole tree.
   *
   * @param root the inode of the directory that becomes the source's root
   * @param parent that of the directory above, or 0
   * @param rootAttributes those to be recorded, or null for what the host says
   */
  void run(long root, long parent, @Nullable HostAttributes rootAttributes) throws IOException {
    try {
      window.add(directory(VolumePath.ROOT, root, parent, rootAttributes));
      while (!window.isEmpty()) {
        crew.checkGoing();
        window.remove().emit();
        fill();
      }
      finishLinks();
    } catch (Throwable e) {
      stop(e);
      throw e;
    }
  }

  /** Takes in one regular file of the source. */
  void runSingle(VolumePath path, long number) throws IOException {
    try {
      file(path, number, null).emit();
    } catch (Throwable e) {
      stop(e);
      throw e;
    }
  }

  /** Returns when nobody works any more, so that what was done can be undone. */
  private void stop(Throwable cause) {
    crew.close();
    context.syncs().close();
    for (Closeable file : open) {
      try {
        file.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private void fill() {
    while (window.size() < WINDOW && !pending.isEmpty()) {
      Children children = pending.element();
      Emission next = children.next();
      if (next == null) {
        pending.remove();
        next = recheck(children);
      }
      window.add(next);
    }
  }

  /** A directory whose children are taken in must still be what its listing said. */
  private Emission recheck(Children children) {
    Listing listing = children.listing;
    Future<Boolean> checked =
        crew.submit(
            () -> {
              source.checkUnchanged(children.directory, listing.attributes());
              return true;
            });
    return () -> {
      Crew.await(checked);
      complete(children.directory, listing);
    };
  }

  private void complete(VolumePath directory, Listing listing) throws IOException {
    context.placement().completed(directory, listing.attributes(), listing.extendedAttributes());
  }

  // --------------------------------------------------------------------------------- directories

  private Emission directory(
      VolumePath path, long number, long parent, @Nullable HostAttributes recorded) {
    Future<Listing> listing =
        crew.submit(
            () -> {
              Listing found = source.list(path);
              context.placement().directory(path);
              return found;
            });
    return () -> emitDirectory(path, number, parent, recorded, Crew.await(listing));
  }

  private void emitDirectory(
      VolumePath path, long number, long parent, @Nullable HostAttributes recorded, Listing listing)
      throws IOException {
    var children = new Children(path, number, listing);
    int subdirectories = numberChildren(children);
    HostAttributes attributes = recorded == null ? listing.attributes() : recorded;
    sink.inode(
        number,
        record(attributes, io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY)
            .setParent(parent)
            .setLinks(2 + subdirectories)
            .build());
    for (Listing.Reader entry = listing.reader(); entry.next(); ) {
      sink.entry(number, entry.name(), children.numbers[entry.index()], Records.type(entry.type()));
    }
    extendedAttributes(number, listing.extendedAttributes());
    if (listing.count() > 0) {
      pending.add(children);
    } else {
      complete(path, listing);
    }
  }

  /**
   * Gives each entry its inode number.
   *
   * @return the number of new directories
   */
  private int numberChildren(Children children) throws IOException {
    int subdirectories = 0;
    for (Listing.Reader entry = children.listing.reader(); entry.next(); ) {
      Name name = entry.name();
      boolean isDirectory = entry.type() == FileType.DIRECTORY;
      RecordSink.Present present = sink.find(children.number, name);
      if (present != null && present.directory() && isDirectory) {
        children.numbers[entry.index()] = present.number();
        children.wanted.set(entry.index());
        continue;
      }
      if (present != null) {
        if (present.directory() || isDirectory) {
          throw new FileSystemException(
              source.text(children.directory.resolve(name)),
              null,
              "the volume holds a "
                  + (isDirectory ? "file" : "directory")
                  + " of this name: remove it first");
        }
        sink.replace(children.number, name, present);
      }
      Listing.Link link = children.listing.link(entry.index());
      if (link != null && known(children, entry, link)) {
        continue;
      }
      children.numbers[entry.index()] = sink.newInode();
      children.wanted.set(entry.index());
      subdirectories += isDirectory ? 1 : 0;
      if (link != null) {
        var first =
            new Linked(children.numbers[entry.index()], children.directory.resolve(entry.name()));
        linked.put(link.fileKey(), first);
        children.links.put(entry.index(), first);
      }
    }
    return subdirectories;
  }

  /** Whether the entry is one more name of a file that was numbered before. */
  private boolean known(Children children, Listing.Reader entry, Listing.Link link) {
    Linked first = linked.get(link.fileKey());
    if (first == null) {
      return false;
    }
    children.numbers[entry.index()] = first.number;
    first.names++;
    if (first.recorded > 0) {
      undercounted.add(first);
    }
    aliases.add(new Alias(children.directory.resolve(entry.name()), first.path));
    return true;
  }

  private void finishLinks() throws IOException {
    for (Linked file : undercounted) {
      if (file.recorded < file.names) {
        sink.links(file.number, file.names);
        file.recorded = file.names;
      }
    }
    for (Alias alias : aliases) {
      context.placement().link(alias.path(), alias.existing());
    }
  }

  // ------------------------------------------------------------------------------------------
  // files

  private record TakenLink(
      HostAttributes attributes, byte[] target, SortedMap<Name, byte[]> extended) {}

  private Emission symlink(VolumePath path, long number, @Nullable Linked names) {
    Future<TakenLink> taken =
        crew.submit(
            () -> {
              HostAttributes attributes = source.attributes(path, HostAttributes.Kind.SYMLINK);
              byte[] target = source.target(path);
              var extended = source.extendedAttributes(path);
              source.checkUnchanged(path, attributes);
              context.placement().symlink(path, target, attributes);
              return new TakenLink(attributes, target, extended);
            });
    return () -> {
      TakenLink link = Crew.await(taken);
      sink.inode(
          number,
          record(link.attributes(), io.fspf.internal.format.FileType.FILE_TYPE_SYMLINK)
              .setLinks(count(names))
              .setTarget(UnsafeByteOperations.unsafeWrap(link.target()))
              .build());
      extendedAttributes(number, link.extended());
    };
  }

  private Emission file(VolumePath path, long number, @Nullable Linked names) {
    Future<IncomingFile> taken =
        crew.submit(
            () -> {
              IncomingFile file = IncomingFile.take(context, path, buffers.get());
              if (file.groups() > 0) {
                open.add(file);
              }
              return file;
            });
    return () -> emitFile(number, names, Crew.await(taken));
  }

  private void emitFile(long number, @Nullable Linked names, IncomingFile file) throws IOException {
    Inode.Builder record =
        record(file.attributes(), io.fspf.internal.format.FileType.FILE_TYPE_REGULAR)
            .setLinks(count(names));
    Records.setContent(record, file.state());
    sink.inode(number, record.build());
    extendedAttributes(number, file.extendedAttributes());
    ChunkGroup only = file.onlyGroup();
    if (only != null) {
      group(number, 0, only);
    }
    if (file.groups() > 0) {
      emitGroups(number, file);
    }
    crew.progress().advanced(1, 0);
  }

  private void emitGroups(long number, IncomingFile file) throws IOException {
    var ahead = new ArrayDeque<Future<ChunkGroup>>();
    long next = 0;
    for (long group = 0; group < file.groups(); group++) {
      for (; ahead.size() < 2 * crew.threads() && next < file.groups(); next++) {
        long wanted = next;
        ahead.add(crew.submit(() -> file.protect(wanted, buffers.get())));
      }
      group(number, group, Crew.await(ahead.remove()));
    }
    Crew.await(
        crew.submit(
            () -> {
              file.complete();
              return true;
            }));
    open.remove(file);
  }

  private void group(long number, long group, ChunkGroup chunks) throws IOException {
    if (!chunks.isEmpty()) {
      sink.group(number, group, chunks);
    }
  }

  private static int count(@Nullable Linked names) {
    if (names == null) {
      return 1;
    }
    names.recorded = names.names;
    return names.names;
  }

  private void extendedAttributes(long number, SortedMap<Name, byte[]> extended)
      throws IOException {
    for (var attribute : extended.entrySet()) {
      sink.extendedAttribute(number, attribute.getKey(), attribute.getValue());
    }
  }

  private Inode.Builder record(HostAttributes attributes, io.fspf.internal.format.FileType type) {
    return record(attributes, type, context.regionId());
  }

  /** A record of what the host says of a file. */
  static Inode.Builder record(
      HostAttributes attributes, io.fspf.internal.format.FileType type, int region) {
    return Inode.newBuilder()
        .setType(type)
        .setRegion(region)
        .setMode(attributes.mode())
        .setUid(attributes.uid())
        .setGid(attributes.gid())
        .setLinks(1)
        .setModified(Records.time(attributes.modified()))
        .setChanged(Records.time(attributes.changed()))
        .setAccessed(Records.time(attributes.accessed()))
        .setCreated(Records.time(attributes.created()));
  }
}
