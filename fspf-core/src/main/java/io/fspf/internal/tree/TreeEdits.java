package io.fspf.internal.tree;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A batch of changes: at most one for a key, the last one given. Not thread-safe.
 *
 * <p>Keys have at most 512 bytes, values at most 262144. Both are copied.
 */
public final class TreeEdits {
  private final TreeMap<byte[], byte @Nullable []> edits = new TreeMap<>(Arrays::compareUnsigned);

  /** Sets the record of a key. */
  public TreeEdits put(byte[] key, byte[] value) {
    if (value.length > Format.MAX_VALUE) {
      throw new IllegalArgumentException("A value of " + value.length + " bytes is too long");
    }
    edits.put(copyOf(key), value.clone());
    return this;
  }

  /** Removes the record of a key, if there is one. */
  public TreeEdits remove(byte[] key) {
    edits.put(copyOf(key), null);
    return this;
  }

  private static byte[] copyOf(byte[] key) {
    if (key.length > Format.MAX_KEY) {
      throw new IllegalArgumentException("A key of " + key.length + " bytes is too long");
    }
    return key.clone();
  }

  /** Whether there are no changes. */
  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /** The number of keys with a change. */
  public int size() {
    return edits.size();
  }

  /** The changes in order of their keys. A null value removes. */
  Iterable<Map.Entry<byte[], byte @Nullable []>> inOrder() {
    return edits.entrySet();
  }
}
