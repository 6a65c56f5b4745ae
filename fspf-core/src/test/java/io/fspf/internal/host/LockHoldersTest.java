package io.fspf.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LockHoldersTest {
  private static final long DEVICE = 0xFE00; // fe:00
  private static final List<String> LINES =
      List.of(
          "1: FLOCK  ADVISORY  WRITE 10 fe:00:77 0 EOF",
          "2: POSIX  ADVISORY  READ  11 fe:00:78 0 EOF",
          "2: -> POSIX  ADVISORY  WRITE 12 fe:00:77 0 EOF",
          "3: POSIX  ADVISORY  WRITE 13 fe:01:77 0 EOF",
          "4: POSIX  ADVISORY  WRITE 14 fe:00:77 0 EOF",
          "5: OFDLCK ADVISORY  WRITE -1 fe:00:79 0 EOF",
          "6: POSIX  ADVISORY  WRITE 0 fe:00:80 0 EOF",
          "nonsense");

  @Test
  void findsTheHolderOfTheFile() {
    assertThat(LockHolders.find(LINES, DEVICE, 77)).hasValue(14);
    assertThat(LockHolders.find(LINES, DEVICE, 78)).hasValue(11);
  }

  @Test
  void anotherDeviceWillDoWhereTheFileSystemShowsOne() {
    assertThat(LockHolders.find(LINES, 0x0020, 78)).hasValue(11);
  }

  @Test
  void knowsWhenItDoesNotKnow() {
    assertThat(LockHolders.find(LINES, DEVICE, 79)).isEmpty();
    assertThat(LockHolders.find(LINES, DEVICE, 80)).isEmpty();
    assertThat(LockHolders.find(LINES, DEVICE, 7)).isEmpty();
    assertThat(LockHolders.find(List.of(), DEVICE, 77)).isEmpty();
  }
}
