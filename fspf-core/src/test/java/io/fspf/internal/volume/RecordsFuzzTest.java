package io.fspf.internal.volume;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/**
 * Volumes in which a few records mean harm, in frames whose digests are right: what {@link
 * RecordMutator} makes of the input is refused by an {@link IOException}, or does no harm.
 */
class RecordsFuzzTest {
  private static final HostileVolume VOLUME = make();

  private static HostileVolume make() {
    try {
      return new HostileVolume();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @FuzzTest
  void records(byte[] input) throws IOException {
    RecordMutator.run(VOLUME, input);
  }
}
