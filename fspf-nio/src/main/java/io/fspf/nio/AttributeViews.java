package io.fspf.nio;

import io.fspf.AttributeChange;
import io.fspf.Name;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The typed views of a file's attributes. Thread-safe. */
final class AttributeViews {
  private AttributeViews() {}

  /** Something done to a file. */
  interface Operation<T extends @Nullable Object> {
    T run(VolumePath path) throws IOException;
  }

  /** The same without a result. */
  interface Action {
    void run(VolumePath path) throws IOException;
  }

  /** A file, wherever it is at the moment. */
  interface Target {
    <T extends @Nullable Object> T at(Operation<T> operation) throws IOException;

    default void run(Action action) throws IOException {
      var unused =
          at(
              path -> {
                action.run(path);
                return path;
              });
    }
  }

  /** The file at a path. */
  static Target target(FspfPath path) {
    return new Target() {
      @Override
      public <T extends @Nullable Object> T at(Operation<T> operation) throws IOException {
        return operation.run(path.toVolumePath());
      }
    };
  }

  /** A view; null if there is none of this type. */
  static <V extends FileAttributeView> @Nullable V of(
      FileSystemView view, Target target, Class<V> type, boolean follow) {
    if (type == BasicFileAttributeView.class) {
      return type.cast(new Basic(view, target, follow));
    }
    if (type == PosixFileAttributeView.class) {
      return type.cast(new Posix("posix", view, target, follow));
    }
    if (type == FileOwnerAttributeView.class) {
      return type.cast(new Posix("owner", view, target, follow));
    }
    if (type == DosFileAttributeView.class) {
      return type.cast(new Dos(view, target, follow));
    }
    if (type == UserDefinedFileAttributeView.class) {
      return type.cast(new User(view, target, follow));
    }
    if (type == null) {
      throw new NullPointerException("type");
    }
    return null;
  }

  private static class Basic implements BasicFileAttributeView {
    final FileSystemView view;
    final Target target;
    final boolean follow;

    Basic(FileSystemView view, Target target, boolean follow) {
      this.view = view;
      this.target = target;
      this.follow = follow;
    }

    @Override
    public String name() {
      return "basic";
    }

    @Override
    public FspfFileAttributes readAttributes() throws IOException {
      return target.at(path -> view.attributes(path, follow));
    }

    void change(AttributeChange change) throws IOException {
      target.run(
          path -> {
            view.setAttributes(path, change, follow);
          });
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
        throws IOException {
      if (modified != null || accessed != null || created != null) {
        change(
            AttributeChange.ofTimes(
                Optional.ofNullable(modified).map(FileTime::toInstant),
                Optional.ofNullable(accessed).map(FileTime::toInstant),
                Optional.ofNullable(created).map(FileTime::toInstant)));
      }
    }
  }

  private static final class Dos implements DosFileAttributeView {
    private final FileSystemView view;
    private final Target target;
    private final boolean follow;

    Dos(FileSystemView view, Target target, boolean follow) {
      this.view = view;
      this.target = target;
      this.follow = follow;
    }

    @Override
    public String name() {
      return "dos";
    }

    @Override
    public FspfDosAttributes readAttributes() throws IOException {
      return target.at(path -> view.dosAttributes(path, follow));
    }

    private void set(int bit, boolean value) throws IOException {
      target.run(
          path -> {
            view.setDosBit(path, bit, value, follow);
          });
    }

    @Override
    public void setReadOnly(boolean value) throws IOException {
      set(FspfDosAttributes.READ_ONLY, value);
    }

    @Override
    public void setHidden(boolean value) throws IOException {
      set(FspfDosAttributes.HIDDEN, value);
    }

    @Override
    public void setSystem(boolean value) throws IOException {
      set(FspfDosAttributes.SYSTEM, value);
    }

    @Override
    public void setArchive(boolean value) throws IOException {
      set(FspfDosAttributes.ARCHIVE, value);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
        throws IOException {
      new Basic(view, target, follow).setTimes(modified, accessed, created);
    }
  }

  private static final class Posix extends Basic implements PosixFileAttributeView {
    private final String name;

    Posix(String name, FileSystemView view, Target target, boolean follow) {
      super(view, target, follow);
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      changeOwner(OptionalInt.of(Principals.uid(owner)), OptionalInt.empty());
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
      changeOwner(OptionalInt.empty(), OptionalInt.of(Principals.gid(group)));
    }

    private void changeOwner(OptionalInt uid, OptionalInt gid) throws IOException {
      change(
          new AttributeChange(
              OptionalInt.empty(), uid, gid, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
      PosixFileAttributes present = readAttributes();
      if (present.isSymbolicLink()) {
        throw target.<FileSystemException>at(
            path -> new FileSystemException(path.toString(), null, "A symbolic link has no mode"));
      }
      change(AttributeChange.ofMode(FspfFileAttributes.mode(permissions)));
    }
  }

  private static final class User implements UserDefinedFileAttributeView {
    private final FileSystemView view;
    private final Target target;
    private final boolean follow;

    User(FileSystemView view, Target target, boolean follow) {
      this.view = view;
      this.target = target;
      this.follow = follow;
    }

    @Override
    public String name() {
      return "user";
    }

    @Override
    public List<String> list() throws IOException {
      return target.at(
          path ->
              view.extendedAttributes(path, follow).keySet().stream().map(Name::toString).toList());
    }

    private byte[] value(String name) throws IOException {
      return target.at(
          path -> {
            byte[] value = view.extendedAttributes(path, follow).get(checked(path, name));
            if (value == null) {
              throw new FileSystemException(
                  path.toString(), null, "No extended attribute 'user." + name + "'");
            }
            return value;
          });
    }

    private static Name checked(VolumePath path, String name) throws FileSystemException {
      try {
        return Name.of(name);
      } catch (IllegalArgumentException e) {
        throw new FileSystemException(
            path.toString(), null, "No name for an extended attribute: '" + name + "'");
      }
    }

    @Override
    public int size(String name) throws IOException {
      return value(name).length;
    }

    @Override
    public int read(String name, ByteBuffer into) throws IOException {
      if (into.isReadOnly()) {
        throw new IllegalArgumentException("Read-only buffer");
      }
      byte[] value = value(name);
      if (value.length > into.remaining()) {
        throw target.<FileSystemException>at(
            path ->
                new FileSystemException(
                    path.toString(),
                    null,
                    "The extended attribute 'user." + name + "' is larger than the buffer"));
      }
      into.put(value);
      return value.length;
    }

    @Override
    public int write(String name, ByteBuffer from) throws IOException {
      byte[] value = new byte[from.remaining()];
      from.slice().get(value);
      set(name, value);
      from.position(from.limit());
      return value.length;
    }

    private void set(String name, byte @Nullable [] value) throws IOException {
      target.run(
          path -> {
            view.setExtendedAttribute(path, checked(path, name), value, follow);
          });
    }

    @Override
    public void delete(String name) throws IOException {
      var unused = value(name);
      set(name, null);
    }
  }
}
