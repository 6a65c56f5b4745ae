package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.FspfException;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that can be seen of a volume, or of a model, in a form in which both can be compared: every
 * path with its attributes, content, target and extended attributes, and which paths are one file.
 */
final class VolumeDump {
  /**
   * One path.
   *
   * @param content null where it was refused, as a snapshot may do in an authenticated region
   */
  record Entry(
      FileType type,
      VolumePath firstName,
      long size,
      int mode,
      int uid,
      int gid,
      long links,
      Instant modified,
      Instant accessed,
      Instant changed,
      Instant created,
      @Nullable ByteString content,
      ByteString target,
      Map<Name, ByteString> extended) {

    /** Without what a host decides of its own in a region that is passed through. */
    private Entry ofHost() {
      return new Entry(
          type,
          firstName,
          size,
          mode,
          uid,
          gid,
          0,
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH,
          content,
          target,
          extended);
    }

    private boolean matches(Entry other) {
      return equals(other)
          || ((content == null || other.content == null)
              && withContent(null).equals(other.withContent(null)));
    }

    private Entry withContent(@Nullable ByteString other) {
      return new Entry(
          type, firstName, size, mode, uid, gid, links, modified, accessed, changed, created, other,
          target, extended);
    }
  }

  private final SortedMap<VolumePath, Entry> entries = new TreeMap<>();

  private VolumeDump() {}

  /** What a view shows; every byte is read. */
  static VolumeDump of(VolumeView view) throws IOException {
    return of(view, false, true);
  }

  /** What a view shows, without the regions that are passed through. */
  static VolumeDump ofProtected(VolumeView view) throws IOException {
    return of(view, false, false);
  }

  /**
   * What a snapshot shows: no regions that are passed through, and files of authenticated regions
   * may have been replaced.
   */
  static VolumeDump ofSnapshot(VolumeView view) throws IOException {
    return of(view, true, false);
  }

  private static VolumeDump of(VolumeView view, boolean snapshot, boolean withHost)
      throws IOException {
    var dump = new VolumeDump();
    dump.add(view, VolumePath.ROOT, new HashMap<>(), snapshot, withHost);
    return dump;
  }

  private void add(
      VolumeView view,
      VolumePath path,
      Map<Long, VolumePath> firstNames,
      boolean snapshot,
      boolean withHost)
      throws IOException {
    Protection protection = view.region(path).protection();
    boolean host = protection == Protection.NOT_PROTECTED;
    if (host && !withHost) {
      return;
    }
    FileAttributes attributes = view.attributes(path, LinkOption.NOFOLLOW_LINKS);
    VolumePath first = firstNames.putIfAbsent(attributes.inode(), path);
    ByteString content = ByteString.EMPTY;
    if (attributes.isRegularFile()) {
      try {
        content = read(view, path, attributes.size());
      } catch (IntegrityException e) {
        if (!snapshot || protection != Protection.AUTHENTICATED) {
          throw e;
        }
        content = null;
      }
    }
    var extended = new TreeMap<Name, ByteString>();
    view.extendedAttributes(path, LinkOption.NOFOLLOW_LINKS)
        .forEach((name, value) -> extended.put(name, ByteString.copyFrom(value)));
    var entry =
        new Entry(
            attributes.type(),
            first == null ? path : first,
            attributes.isDirectory() ? 0 : attributes.size(),
            attributes.mode(),
            attributes.uid(),
            attributes.gid(),
            attributes.links(),
            attributes.modified(),
            attributes.accessed(),
            attributes.changed(),
            attributes.created(),
            content,
            attributes.isSymbolicLink()
                ? ByteString.copyFrom(view.readSymbolicLink(path))
                : ByteString.EMPTY,
            extended);
    entries.put(path, host ? entry.ofHost() : entry);
    if (attributes.isDirectory()) {
      DirectoryCursor cursor = view.list(path);
      while (cursor.next()) {
        VolumePath child = path.resolve(cursor.entry().name());
        add(view, child, firstNames, snapshot, withHost);
        Entry added = entries.get(child);
        if (added != null && added.type() != cursor.entry().type()) {
          throw new AssertionError(child + " is listed as " + cursor.entry().type());
        }
      }
    }
  }

  private static ByteString read(VolumeView view, VolumePath path, long size) throws IOException {
    try (VolumeFile file = view.open(path, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer into = ByteBuffer.allocate((int) size + 1);
      while (file.read(into, into.position()) > 0) {
        // On to the rest.
      }
      return ByteString.copyFrom(into.flip());
    }
  }

  /** What a model holds. */
  static VolumeDump of(VolumeModel model) {
    return of(model, true);
  }

  /** What a model holds, without the regions that are passed through. */
  static VolumeDump ofProtected(VolumeModel model) {
    return of(model, false);
  }

  private static VolumeDump of(VolumeModel model, boolean withHost) {
    var dump = new VolumeDump();
    dump.add(model, VolumePath.ROOT, model.root(), new IdentityHashMap<>(), withHost);
    return dump;
  }

  private void add(
      VolumeModel model,
      VolumePath path,
      VolumeModel.Node node,
      Map<VolumeModel.Node, VolumePath> firstNames,
      boolean withHost) {
    if (node.isHost() && !withHost) {
      return;
    }
    VolumePath first = firstNames.putIfAbsent(node, path);
    long size =
        switch (node.type) {
          case REGULAR -> node.content.size();
          case SYMLINK -> node.target.length;
          default -> 0;
        };
    var entry =
        new Entry(
            node.type,
            first == null ? path : first,
            size,
            node.mode,
            node.uid,
            node.gid,
            node.linkCount(),
            node.modified,
            node.accessed,
            node.changed,
            node.created,
            node.content,
            ByteString.copyFrom(node.target),
            new TreeMap<>(node.extended));
    entries.put(path, node.isHost() ? entry.ofHost() : entry);
    model
        .entries(node)
        .forEach((name, child) -> add(model, path.resolve(name), child, firstNames, withHost));
  }

  /** The paths. */
  Set<VolumePath> paths() {
    return entries.keySet();
  }

  /** What the file at a path holds. */
  byte[] content(VolumePath path) {
    return Objects.requireNonNull(Objects.requireNonNull(entries.get(path)).content())
        .toByteArray();
  }

  /**
   * Goes through all paths in a view of a host that is not honest: whatever it answers must be what
   * stands here.
   *
   * @return how many questions it refused to answer, with an exception of this library
   */
  int refusals(VolumeView view) throws IOException {
    int refused = 0;
    for (Map.Entry<VolumePath, Entry> entry : entries.entrySet()) {
      refused += refusals(view, entry.getKey(), entry.getValue());
    }
    return refused;
  }

  private int refusals(VolumeView view, VolumePath path, Entry should) throws IOException {
    int refused = 0;
    try {
      FileAttributes is = view.attributes(path, LinkOption.NOFOLLOW_LINKS);
      boolean same =
          is.type() == should.type()
              && (is.isDirectory() || is.size() == should.size())
              && is.mode() == should.mode()
              && is.uid() == should.uid()
              && is.links() == should.links()
              && is.modified().equals(should.modified())
              && is.changed().equals(should.changed());
      require(same, path, "attributes " + is + ", not " + should);
    } catch (FspfException e) {
      refused++;
    }
    try {
      switch (should.type()) {
        case REGULAR ->
            require(
                read(view, path, should.size()).equals(should.content()), path, "other content");
        case SYMLINK ->
            require(
                ByteString.copyFrom(view.readSymbolicLink(path)).equals(should.target()),
                path,
                "another target");
        default -> require(names(view, path).equals(namesBelow(path)), path, "other names");
      }
    } catch (FspfException e) {
      refused++;
    }
    try {
      var extended = new TreeMap<Name, ByteString>();
      view.extendedAttributes(path, LinkOption.NOFOLLOW_LINKS)
          .forEach((name, value) -> extended.put(name, ByteString.copyFrom(value)));
      require(extended.equals(should.extended()), path, "other extended attributes");
    } catch (FspfException e) {
      refused++;
    }
    return refused;
  }

  private static void require(boolean condition, VolumePath path, String what) {
    if (!condition) {
      throw new AssertionError(path + " has " + what);
    }
  }

  private static Set<Name> names(VolumeView view, VolumePath directory) throws IOException {
    var names = new TreeSet<Name>();
    DirectoryCursor cursor = view.list(directory);
    while (cursor.next()) {
      names.add(cursor.entry().name());
    }
    return names;
  }

  private Set<Name> namesBelow(VolumePath directory) {
    var names = new TreeSet<Name>();
    for (VolumePath path : entries.keySet()) {
      if (!path.isRoot() && path.parent().equals(directory)) {
        names.add(path.name());
      }
    }
    return names;
  }

  /**
   * Whether this may be what an operation left that failed half-way: every path is as it was before
   * or as it should be after, but for a file whose content was being written, of which each byte is
   * one of the two, or zero.
   */
  boolean isBetween(VolumeDump before, VolumeDump after) {
    var paths = new TreeSet<VolumePath>(entries.keySet());
    paths.addAll(before.entries.keySet());
    paths.addAll(after.entries.keySet());
    for (VolumePath path : paths) {
      Entry is = entries.get(path);
      Entry was = before.entries.get(path);
      Entry should = after.entries.get(path);
      boolean one = Objects.equals(is, was) || Objects.equals(is, should);
      if (!one && (is == null || !isPartial(is, was, should))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPartial(Entry is, @Nullable Entry was, @Nullable Entry should) {
    if (is.type() != FileType.REGULAR || is.content() == null || should == null) {
      return is.type() == FileType.DIRECTORY && should != null && was != null;
    }
    ByteString before = was == null || was.content() == null ? ByteString.EMPTY : was.content();
    ByteString after = should.content() == null ? ByteString.EMPTY : should.content();
    ByteString now = is.content();
    if (now.size() > Math.max(before.size(), after.size())) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      byte b = now.byteAt(i);
      boolean known =
          b == 0
              || (i < before.size() && b == before.byteAt(i))
              || (i < after.size() && b == after.byteAt(i));
      if (!known) {
        return false;
      }
    }
    return true;
  }

  /** What differs, in a few lines; empty where both are the same. */
  String differenceFrom(VolumeDump expected) {
    var text = new StringBuilder();
    var paths = new TreeSet<VolumePath>(entries.keySet());
    paths.addAll(expected.entries.keySet());
    for (VolumePath path : paths) {
      Entry is = entries.get(path);
      Entry should = expected.entries.get(path);
      if (is == null) {
        text.append("  missing: ").append(path).append('\n');
      } else if (should == null) {
        text.append("  too much: ").append(path).append(' ').append(brief(is)).append('\n');
      } else if (!is.matches(should)) {
        text.append("  ").append(path).append(":\n    is     ").append(brief(is));
        text.append("\n    should ").append(brief(should));
        text.append(firstDifference(is.content(), should.content())).append('\n');
      }
    }
    return text.toString();
  }

  private static String brief(Entry entry) {
    ByteString content = entry.content();
    return entry.withContent(null)
        + (content == null ? "" : " content#" + Integer.toHexString(content.hashCode()));
  }

  private static String firstDifference(@Nullable ByteString is, @Nullable ByteString should) {
    if (is == null || should == null || is.equals(should)) {
      return "";
    }
    int at = 0;
    while (at < is.size() && at < should.size() && is.byteAt(at) == should.byteAt(at)) {
      at++;
    }
    return "\n    contents differ from byte " + at;
  }
}
