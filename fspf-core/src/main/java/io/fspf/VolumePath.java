package io.fspf;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An absolute path in a volume: a sequence of {@linkplain Name names} from its root.
 *
 * <p>Empty components and {@code "."} are dropped when a path is parsed. {@code ".."} is kept,
 * since what it means depends on the symbolic links before it; {@link #normalize} folds it by the
 * text alone.
 *
 * <p>Immutable and thread-safe.
 */
public final class VolumePath implements Comparable<VolumePath> {
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");

  /** The root, {@code "/"}. */
  public static final VolumePath ROOT = new VolumePath(ImmutableList.of());

  private final ImmutableList<Name> names;

  private VolumePath(ImmutableList<Name> names) {
    this.names = names;
  }

  /**
   * The path with the text {@code text}; a leading slash may be missing.
   *
   * @throws IllegalArgumentException if a component is no legal name
   */
  public static VolumePath of(String text) {
    return ofBytes(Name.encode(text));
  }

  /**
   * The path with these bytes; a leading slash may be missing.
   *
   * @throws IllegalArgumentException if a component is no legal name
   */
  public static VolumePath ofBytes(byte[] bytes) {
    var names = ImmutableList.<Name>builder();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '/') {
        if (i > start) {
          Name name = Name.ofBytes(Arrays.copyOfRange(bytes, start, i));
          if (!name.equals(DOT)) {
            names.add(name);
          }
        }
        start = i + 1;
      }
    }
    return of(names.build());
  }

  /** The path of these names. */
  public static VolumePath of(List<Name> names) {
    return names.isEmpty() ? ROOT : new VolumePath(ImmutableList.copyOf(names));
  }

  /** The components, from the root. */
  public List<Name> names() {
    return names;
  }

  /** Whether this is {@code "/"}. */
  public boolean isRoot() {
    return names.isEmpty();
  }

  /** The path of the entry {@code name} below this one. */
  public VolumePath resolve(Name name) {
    return new VolumePath(
        ImmutableList.<Name>builderWithExpectedSize(names.size() + 1)
            .addAll(names)
            .add(name)
            .build());
  }

  /** This path followed by all the names of {@code other}. */
  public VolumePath resolve(VolumePath other) {
    return of(ImmutableList.<Name>builder().addAll(names).addAll(other.names).build());
  }

  /**
   * The last name.
   *
   * @throws IllegalStateException if this is the root
   */
  public Name name() {
    if (names.isEmpty()) {
      throw new IllegalStateException("The root has no name");
    }
    return names.get(names.size() - 1);
  }

  /** The path without its last name; the root's parent is the root. */
  public VolumePath parent() {
    return names.size() <= 1 ? ROOT : new VolumePath(names.subList(0, names.size() - 1));
  }

  /** Whether {@code prefix}, by whole components, leads to this path or to a directory above it. */
  public boolean startsWith(VolumePath prefix) {
    return names.size() >= prefix.names.size()
        && names.subList(0, prefix.names.size()).equals(prefix.names);
  }

  /**
   * What follows {@code prefix} in this path, as a path of its own.
   *
   * @throws IllegalArgumentException if this does not {@linkplain #startsWith start with} it
   */
  public VolumePath relativize(VolumePath prefix) {
    if (!startsWith(prefix)) {
      throw new IllegalArgumentException(this + " does not start with " + prefix);
    }
    return of(names.subList(prefix.names.size(), names.size()));
  }

  /** The path with each {@code ".."} and the name before it taken out, by the text alone. */
  public VolumePath normalize() {
    if (!names.contains(DOT_DOT)) {
      return this;
    }
    var stack = new java.util.ArrayList<Name>();
    for (Name name : names) {
      if (!name.equals(DOT_DOT)) {
        stack.add(name);
      } else if (!stack.isEmpty()) {
        stack.remove(stack.size() - 1);
      }
    }
    return of(stack);
  }

  /** The bytes: {@code '/'} before each name, or a lone {@code '/'}. */
  public byte[] toBytes() {
    if (names.isEmpty()) {
      return new byte[] {'/'};
    }
    var out = new ByteArrayOutputStream();
    for (Name name : names) {
      out.write('/');
      out.writeBytes(name.toBytes());
    }
    return out.toByteArray();
  }

  @Override
  public int compareTo(VolumePath other) {
    return com.google.common.collect.Comparators.lexicographical(
            java.util.Comparator.<Name>naturalOrder())
        .compare(names, other.names);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VolumePath path && names.equals(path.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  /** The text form, from which {@link #of(String)} makes the same path. */
  @Override
  public String toString() {
    if (names.isEmpty()) {
      return "/";
    }
    var text = new StringBuilder();
    for (Name name : names) {
      text.append('/').append(name);
    }
    return text.toString();
  }
}
