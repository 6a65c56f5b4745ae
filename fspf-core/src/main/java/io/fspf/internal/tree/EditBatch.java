package io.fspf.internal.tree;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Edits in ascending order of their keys, for one pass through a tree. Immutable. */
final class EditBatch {
  final byte[][] keys;

  /** A null value removes. */
  final byte[] @Nullable [] values;

  EditBatch(TreeEdits edits) {
    keys = new byte[edits.size()][];
    values = new byte[edits.size()][];
    int i = 0;
    for (Map.Entry<byte[], byte @Nullable []> edit : edits.inOrder()) {
      keys[i] = edit.getKey();
      values[i] = edit.getValue();
      i++;
    }
  }

  int size() {
    return keys.length;
  }

  /** The first edit from {@code from} on whose key is not below {@code high}. */
  int until(int from, int to, byte @Nullable [] high) {
    if (high == null) {
      return to;
    }
    int at = Arrays.binarySearch(keys, from, to, high, Arrays::compareUnsigned);
    return at >= 0 ? at : -1 - at;
  }
}
