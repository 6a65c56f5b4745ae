package io.fspf.internal.volume;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of keys whose records cannot be read, since a node above them is damaged. For one
 * thread.
 */
final class LostRecords {
  private record Range(byte[] low, byte @Nullable [] high) {}

  private final List<Range> ranges = new ArrayList<>();

  /**
   * The next range in ascending order.
   *
   * @param high the first key behind it; null if it goes to the end
   */
  void add(byte[] low, byte @Nullable [] high) {
    ranges.add(new Range(low, high));
  }

  /** The first key behind the range that holds or follows this one; null if there is none. */
  byte @Nullable [] behind(byte[] key) {
    for (Range range : ranges) {
      byte[] high = range.high();
      if (high == null || Arrays.compareUnsigned(high, key) > 0) {
        return high;
      }
    }
    return null;
  }
}
