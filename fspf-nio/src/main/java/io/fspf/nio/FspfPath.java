package io.fspf.nio;

import com.google.common.primitives.Bytes;
import io.fspf.Name;
import io.fspf.VolumePath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path of a volume's file system, with the rules of a Unix path: bytes, {@code '/'} between
 * names, absolute or relative to the file system's working directory. As text it is UTF-8, bytes
 * that are none escaped as {@link Name} says.
 *
 * <p>Immutable and thread-safe.
 */
final class FspfPath implements Path {
  private static final byte[] DOT = {'.'};
  private static final byte[] DOT_DOT = {'.', '.'};
  private static final byte[] EMPTY = {};

  private final FspfFileSystem fileSystem;

  /** Without a slash at the end, but for the root's, and without two in a row. */
  private final byte[] bytes;

  /** Where the names begin. */
  private final int[] offsets;

  private volatile @Nullable String text;

  private FspfPath(FspfFileSystem fileSystem, byte[] normalized) {
    this.fileSystem = fileSystem;
    this.bytes = normalized;
    this.offsets = PathBytes.offsets(normalized);
  }

  /**
   * The path with this text.
   *
   * @throws InvalidPathException if it has a NUL, or a surrogate that stands for nothing
   */
  static FspfPath parse(FspfFileSystem fileSystem, String text) {
    byte[] bytes;
    try {
      bytes = Name.encode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidPathException(
          text, "Malformed input or input contains unmappable characters");
    }
    if (Bytes.contains(bytes, (byte) 0)) {
      throw new InvalidPathException(text, "Nul character not allowed");
    }
    return ofBytes(fileSystem, bytes);
  }

  /** The path with these bytes, which hold no NUL. */
  static FspfPath ofBytes(FspfFileSystem fileSystem, byte[] bytes) {
    return new FspfPath(fileSystem, PathBytes.withoutExtraSlashes(bytes));
  }

  static FspfPath of(FspfFileSystem fileSystem, VolumePath path) {
    return new FspfPath(fileSystem, path.toBytes());
  }

  /** The path as one of this provider's. */
  static FspfPath checked(Path path) {
    if (path instanceof FspfPath fspf) {
      return fspf;
    }
    if (path == null) {
      throw new NullPointerException("path");
    }
    throw new ProviderMismatchException("Not a path of a volume: " + path.getClass().getName());
  }

  @Override
  public FspfFileSystem getFileSystem() {
    return fileSystem;
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  private FspfPath with(byte[] normalized) {
    return new FspfPath(fileSystem, normalized);
  }

  /** The bytes of a name. */
  private byte[] nameBytes(int index) {
    int end = index + 1 == offsets.length ? bytes.length : offsets[index + 1] - 1;
    return Arrays.copyOfRange(bytes, offsets[index], end);
  }

  /**
   * The path as the core takes it: made absolute by the working directory.
   *
   * @throws FileSystemException if a name is longer than any file's
   */
  VolumePath toVolumePath() throws FileSystemException {
    try {
      if (isAbsolute()) {
        return VolumePath.ofBytes(bytes);
      }
      return fileSystem.workingDirectory().resolve(VolumePath.ofBytes(bytes));
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(toString(), null, "File name too long");
    }
  }

  @Override
  public boolean isAbsolute() {
    return bytes.length > 0 && bytes[0] == '/';
  }

  @Override
  public @Nullable FspfPath getRoot() {
    return isAbsolute() ? fileSystem.root() : null;
  }

  @Override
  public @Nullable FspfPath getFileName() {
    if (offsets.length == 0) {
      return null;
    }
    if (offsets.length == 1 && offsets[0] == 0) {
      return this;
    }
    return with(nameBytes(offsets.length - 1));
  }

  @Override
  public @Nullable FspfPath getParent() {
    if (offsets.length == 0) {
      return null;
    }
    int end = offsets[offsets.length - 1] - 1;
    if (end <= 0) {
      return getRoot();
    }
    return with(Arrays.copyOf(bytes, end));
  }

  @Override
  public int getNameCount() {
    return offsets.length;
  }

  @Override
  public FspfPath getName(int index) {
    if (index < 0 || index >= offsets.length) {
      throw new IllegalArgumentException("No name " + index + " in " + this);
    }
    return with(nameBytes(index));
  }

  @Override
  public FspfPath subpath(int beginIndex, int endIndex) {
    if (beginIndex < 0 || endIndex > offsets.length || beginIndex >= endIndex) {
      throw new IllegalArgumentException(
          "No names " + beginIndex + " to " + endIndex + " in " + this);
    }
    int end = endIndex == offsets.length ? bytes.length : offsets[endIndex] - 1;
    return with(Arrays.copyOfRange(bytes, offsets[beginIndex], end));
  }

  @Override
  public boolean startsWith(Path other) {
    Objects.requireNonNull(other, "other");
    if (!(other instanceof FspfPath that)
        || !that.fileSystem.equals(fileSystem)
        || that.isAbsolute() != isAbsolute()
        || that.isEmpty() != isEmpty()
        || that.offsets.length > offsets.length) {
      return false;
    }
    for (int i = 0; i < that.offsets.length; i++) {
      if (!Arrays.equals(nameBytes(i), that.nameBytes(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean endsWith(Path other) {
    Objects.requireNonNull(other, "other");
    if (!(other instanceof FspfPath that)
        || !that.fileSystem.equals(fileSystem)
        || that.isEmpty() != isEmpty()
        || that.offsets.length > offsets.length) {
      return false;
    }
    if (that.isAbsolute() && (!isAbsolute() || that.offsets.length != offsets.length)) {
      return false;
    }
    int shift = offsets.length - that.offsets.length;
    for (int i = 0; i < that.offsets.length; i++) {
      if (!Arrays.equals(nameBytes(i + shift), that.nameBytes(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isDot(int index) {
    return Arrays.equals(nameBytes(index), DOT);
  }

  private boolean isDotDot(int index) {
    return Arrays.equals(nameBytes(index), DOT_DOT);
  }

  private boolean hasDots() {
    for (int i = 0; i < offsets.length; i++) {
      if (isDot(i) || isDotDot(i)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public FspfPath normalize() {
    if (!hasDots()) {
      return this;
    }
    var kept = new ArrayList<byte[]>();
    for (int i = 0; i < offsets.length; i++) {
      if (isDot(i)) {
        continue;
      }
      if (!isDotDot(i)) {
        kept.add(nameBytes(i));
      } else if (!kept.isEmpty() && !Arrays.equals(kept.get(kept.size() - 1), DOT_DOT)) {
        kept.remove(kept.size() - 1);
      } else if (!isAbsolute()) {
        kept.add(DOT_DOT);
      }
    }
    return of(isAbsolute(), kept);
  }

  private FspfPath of(boolean absolute, List<byte[]> names) {
    return with(PathBytes.of(absolute, names));
  }

  @Override
  public FspfPath resolve(Path other) {
    FspfPath that = checked(other);
    if (that.isAbsolute()) {
      return that;
    }
    if (that.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return with(that.bytes);
    }
    return with(PathBytes.joined(bytes, that.bytes));
  }

  /** The path of an entry of this directory. */
  FspfPath resolve(Name name) {
    return with(isEmpty() ? name.toBytes() : PathBytes.joined(bytes, name.toBytes()));
  }

  @Override
  public FspfPath relativize(Path other) {
    FspfPath that = checked(other);
    if (that.equals(this)) {
      return with(EMPTY);
    }
    if (isAbsolute() != that.isAbsolute()) {
      throw new IllegalArgumentException("'other' is different type of Path");
    }
    if (isEmpty()) {
      return that;
    }
    FspfPath from = this;
    FspfPath to = that;
    if (from.hasDots() || to.hasDots()) {
      from = from.normalize();
      to = to.normalize();
    }
    List<byte[]> fromNames = from.names();
    List<byte[]> toNames = to.names();
    int common = 0;
    while (common < Math.min(fromNames.size(), toNames.size())
        && Arrays.equals(fromNames.get(common), toNames.get(common))) {
      common++;
    }
    var names = new ArrayList<byte[]>();
    for (byte[] left : fromNames.subList(common, fromNames.size())) {
      if (Arrays.equals(left, DOT_DOT)) {
        throw new IllegalArgumentException("Unable to compute relative path from " + this);
      }
      names.add(DOT_DOT);
    }
    names.addAll(toNames.subList(common, toNames.size()));
    return of(false, names);
  }

  /** The names, none of which is empty. */
  private List<byte[]> names() {
    var names = new ArrayList<byte[]>();
    for (int i = 0; i < offsets.length && !isEmpty(); i++) {
      names.add(nameBytes(i));
    }
    return names;
  }

  @Override
  public FspfPath toAbsolutePath() {
    if (isAbsolute()) {
      return this;
    }
    FspfPath working = of(fileSystem, fileSystem.workingDirectory());
    return isEmpty() ? working : with(PathBytes.joined(working.bytes, bytes));
  }

  @Override
  public URI toUri() {
    return PathUris.toUri(this);
  }

  /** A copy of the bytes. */
  byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return fileSystem.view().toRealPath(this, options);
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    if (watcher == null) {
      throw new NullPointerException("watcher");
    }
    if (!(watcher instanceof Watcher ours)) {
      throw new ProviderMismatchException("Not a watch service of a volume");
    }
    return ours.register(this, events, modifiers);
  }

  @Override
  public int compareTo(Path other) {
    return Arrays.compareUnsigned(bytes, ((FspfPath) other).bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FspfPath that
        && that.fileSystem.equals(fileSystem)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = Name.decode(bytes);
      text = known;
    }
    return known;
  }
}
