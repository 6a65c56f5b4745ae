package io.fspf.nio;

import com.google.common.collect.ImmutableMap;
import io.fspf.AttributeChange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Attributes by their names, {@code view:name}. Stateless. */
final class AttributeNames {
  private static final ImmutableMap<String, Function<FspfFileAttributes, Object>> BASIC =
      ImmutableMap.<String, Function<FspfFileAttributes, Object>>builder()
          .put("size", FspfFileAttributes::size)
          .put("creationTime", FspfFileAttributes::creationTime)
          .put("lastAccessTime", FspfFileAttributes::lastAccessTime)
          .put("lastModifiedTime", FspfFileAttributes::lastModifiedTime)
          .put("isDirectory", FspfFileAttributes::isDirectory)
          .put("isRegularFile", FspfFileAttributes::isRegularFile)
          .put("isSymbolicLink", FspfFileAttributes::isSymbolicLink)
          .put("isOther", FspfFileAttributes::isOther)
          .put("fileKey", FspfFileAttributes::fileKey)
          .buildOrThrow();

  private static final ImmutableMap<String, Function<FspfFileAttributes, Object>> OWNER =
      ImmutableMap.of("owner", FspfFileAttributes::owner);

  private static final ImmutableMap<String, Function<FspfFileAttributes, Object>> POSIX =
      ImmutableMap.<String, Function<FspfFileAttributes, Object>>builder()
          .putAll(BASIC)
          .putAll(OWNER)
          .put("permissions", FspfFileAttributes::permissions)
          .put("group", FspfFileAttributes::group)
          .buildOrThrow();

  private static final ImmutableMap<String, Function<FspfFileAttributes, Object>> UNIX =
      ImmutableMap.<String, Function<FspfFileAttributes, Object>>builder()
          .putAll(POSIX)
          .put("mode", FspfFileAttributes::unixMode)
          .put("ino", FspfFileAttributes::inodeNumber)
          .put("dev", file -> (long) file.key().volume().hashCode())
          .put("rdev", file -> 0L)
          .put("nlink", file -> (int) file.attributes().links())
          .put("uid", file -> file.attributes().uid())
          .put("gid", file -> file.attributes().gid())
          .put("ctime", FspfFileAttributes::changeTime)
          .buildOrThrow();

  private static final ImmutableMap<String, Integer> DOS_BITS =
      ImmutableMap.of(
          "readonly", FspfDosAttributes.READ_ONLY,
          "hidden", FspfDosAttributes.HIDDEN,
          "system", FspfDosAttributes.SYSTEM,
          "archive", FspfDosAttributes.ARCHIVE);

  private static final ImmutableMap<String, Function<FspfDosAttributes, Object>> DOS = dos();

  private static ImmutableMap<String, Function<FspfDosAttributes, Object>> dos() {
    var known = ImmutableMap.<String, Function<FspfDosAttributes, Object>>builder();
    BASIC.forEach((name, value) -> known.put(name, dos -> value.apply(dos.file())));
    DOS_BITS.forEach((name, bit) -> known.put(name, dos -> (dos.bits() & bit) != 0));
    return known.buildOrThrow();
  }

  private static final ImmutableMap<
          String, ImmutableMap<String, Function<FspfFileAttributes, Object>>>
      VIEWS = ImmutableMap.of("basic", BASIC, "owner", OWNER, "posix", POSIX, "unix", UNIX);

  private AttributeNames() {}

  private record Asked(String view, String names) {
    static Asked of(String text) {
      int colon = text.indexOf(':');
      return colon < 0
          ? new Asked("basic", text)
          : new Asked(text.substring(0, colon), text.substring(colon + 1));
    }
  }

  /** The named attributes of a file. */
  static Map<String, Object> read(FspfPath path, String attributes, boolean follow)
      throws IOException {
    Asked asked = Asked.of(attributes);
    List<String> names = List.of(asked.names().split(",", -1));
    FileSystemView view = path.getFileSystem().view();
    if (asked.view().equals("user")) {
      return readUser(view, path, names, follow);
    }
    if (asked.view().equals("dos")) {
      return select(DOS, names, () -> view.dosAttributes(path.toVolumePath(), follow));
    }
    var known = VIEWS.get(asked.view());
    if (known == null) {
      throw new UnsupportedOperationException("View '" + asked.view() + "' not available");
    }
    return select(known, names, () -> view.attributes(path.toVolumePath(), follow));
  }

  private interface Source<A> {
    A attributes() throws IOException;
  }

  /** The named ones of known attributes; the file is asked only if all names are known. */
  private static <A> Map<String, Object> select(
      ImmutableMap<String, Function<A, Object>> known, List<String> names, Source<A> source)
      throws IOException {
    boolean all = names.contains("*");
    for (String name : names) {
      if (!name.equals("*") && !known.containsKey(name)) {
        throw new IllegalArgumentException("'" + name + "' not recognized");
      }
    }
    A file = source.attributes();
    var read = new LinkedHashMap<String, Object>();
    known.forEach(
        (name, value) -> {
          if (all || names.contains(name)) {
            read.put(name, value.apply(file));
          }
        });
    return read;
  }

  private static Map<String, Object> readUser(
      FileSystemView view, FspfPath path, List<String> names, boolean follow) throws IOException {
    var read = new LinkedHashMap<String, Object>();
    boolean all = names.contains("*");
    for (var entry : view.extendedAttributes(path.toVolumePath(), follow).entrySet()) {
      String name = entry.getKey().toString();
      if (all || names.contains(name)) {
        read.put(name, entry.getValue());
      }
    }
    for (String name : names) {
      if (!name.equals("*") && !read.containsKey(name)) {
        throw new java.nio.file.FileSystemException(
            path.toString(), null, "No extended attribute 'user." + name + "'");
      }
    }
    return read;
  }

  /** Sets one attribute. */
  static void set(FspfPath path, String attribute, @Nullable Object value, boolean follow)
      throws IOException {
    Asked asked = Asked.of(attribute);
    FileSystemView view = path.getFileSystem().view();
    AttributeViews.Target target = AttributeViews.target(path);
    if (asked.view().equals("user")) {
      setUser(view, target, asked.names(), value, follow);
      return;
    }
    Integer dosBit = asked.view().equals("dos") ? DOS_BITS.get(asked.names()) : null;
    if (dosBit != null) {
      view.setDosBit(path.toVolumePath(), dosBit, (Boolean) require(value), follow);
      return;
    }
    var known = asked.view().equals("dos") ? BASIC : VIEWS.get(asked.view());
    if (known == null) {
      throw new UnsupportedOperationException("View '" + asked.view() + "' not available");
    }
    if (!known.containsKey(asked.names())) {
      throw new IllegalArgumentException("'" + asked.names() + "' not recognized");
    }
    switch (asked.names()) {
      case "lastModifiedTime" ->
          require(AttributeViews.of(view, target, BasicFileAttributeView.class, follow))
              .setTimes((FileTime) value, null, null);
      case "lastAccessTime" ->
          require(AttributeViews.of(view, target, BasicFileAttributeView.class, follow))
              .setTimes(null, (FileTime) value, null);
      case "creationTime" ->
          require(AttributeViews.of(view, target, BasicFileAttributeView.class, follow))
              .setTimes(null, null, (FileTime) value);
      case "permissions" ->
          posix(view, target, follow).setPermissions(InitialMode.permissions(value));
      case "owner" -> posix(view, target, follow).setOwner((UserPrincipal) require(value));
      case "group" -> posix(view, target, follow).setGroup((GroupPrincipal) require(value));
      case "mode" ->
          view.setAttributes(
              path.toVolumePath(),
              AttributeChange.ofMode((Integer) require(value) & 07777),
              follow);
      case "uid" ->
          view.setAttributes(
              path.toVolumePath(),
              owner(OptionalInt.of((Integer) require(value)), OptionalInt.empty()),
              follow);
      case "gid" ->
          view.setAttributes(
              path.toVolumePath(),
              owner(OptionalInt.empty(), OptionalInt.of((Integer) require(value))),
              follow);
      default -> throw new IllegalArgumentException("'" + asked.names() + "' cannot be set");
    }
  }

  private static AttributeChange owner(OptionalInt uid, OptionalInt gid) {
    return new AttributeChange(
        OptionalInt.empty(), uid, gid, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static PosixFileAttributeView posix(
      FileSystemView view, AttributeViews.Target target, boolean follow) {
    return require(AttributeViews.of(view, target, PosixFileAttributeView.class, follow));
  }

  private static <T> T require(@Nullable T value) {
    return java.util.Objects.requireNonNull(value);
  }

  private static void setUser(
      FileSystemView view,
      AttributeViews.Target target,
      String name,
      @Nullable Object value,
      boolean follow)
      throws IOException {
    ByteBuffer bytes =
        value instanceof byte[] array ? ByteBuffer.wrap(array) : (ByteBuffer) require(value);
    var unused =
        require(AttributeViews.of(view, target, UserDefinedFileAttributeView.class, follow))
            .write(name, bytes);
  }
}
