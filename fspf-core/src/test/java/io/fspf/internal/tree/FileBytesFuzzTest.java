package io.fspf.internal.tree;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fspf.FspfException;
import io.fspf.internal.host.HostFile;
import java.io.IOException;

/**
 * Any bytes as an {@code fspf.pb}: with and without a key it is refused by an exception that says
 * so, or read as it is.
 */
class FileBytesFuzzTest {
  @FuzzTest
  void bytes(byte[] input) throws IOException {
    read(TestVolume.CLEAR, new MemoryFile(input));
    read(TestVolume.SEALED, new MemoryFile(input));
  }

  /** Opens a file, and reads all that can be read of it. */
  static void read(TestVolume kind, HostFile file) throws IOException {
    try (MetadataLog log = kind.open(file)) {
      try {
        log.history().newest(1000);
      } catch (FspfException e) {
        // The chain of commits is broken; the head need not be.
      }
      log.history().check((from, to, reason) -> {});
      TreeCheck.Result check = TreeCheck.verify(log.tree(), new TreeCheck.Visitor() {});
      try {
        int records = TestVolume.contents(log.tree()).size();
        if (check.isSound() && records != check.records()) {
          throw new AssertionError("The cursor sees " + records + ", the check " + check);
        }
      } catch (FspfException e) {
        if (check.isSound()) {
          throw new AssertionError("The check has found nothing", e);
        }
      }
    } catch (FspfException e) {
      // Refused.
    }
  }
}
