package io.fspf.cli;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private static final long MIB = 1 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = Long.MAX_VALUE - 5;

  private Progress progress(boolean shown, long total) {
    var err = TextOutput.of(new PrintStream(bytes), shown, shown);
    return new Progress(err, shown, "verify", total, () -> now);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsPartRateAndTimeLeft() {
    Progress progress = progress(true, 1000 * MIB);
    now += SECONDS.toNanos(2);
    progress.add(250 * MIB);
    assertThat(shown())
        .isEqualTo("\rverify [######------------------]  25%  250 MiB  125 MiB/s  0:06 left");
  }

  @Test
  void drawsAtMostTenTimesASecond() {
    Progress progress = progress(true, 1000 * MIB);
    for (int i = 0; i < 1000; i++) {
      now += MILLISECONDS.toNanos(1);
      progress.add(MIB);
    }
    assertThat(shown().chars().filter(c -> c == '\r')).hasSizeBetween(9, 10);
  }

  @Test
  void closingWipesTheLine() {
    Progress progress = progress(true, 100);
    now += SECONDS.toNanos(1);
    progress.add(50);
    int width = shown().length() - 1;
    bytes.reset();
    progress.close();
    progress.close();
    assertThat(shown()).isEqualTo("\r" + " ".repeat(width) + "\r");
  }

  @Test
  void showsNothingWithoutATerminal() {
    try (Progress progress = progress(false, 100)) {
      now += SECONDS.toNanos(1);
      progress.add(50);
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void moreThanAllIsNeverShown() {
    Progress progress = progress(true, 100);
    now += SECONDS.toNanos(1);
    progress.add(150);
    assertThat(shown()).contains("100%").contains(" 0:00 left");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 0.98 KiB",
    "1024, 1.00 KiB",
    "12800, 12.5 KiB",
    "1048064, 1.00 MiB",
    "1310720, 1.25 MiB",
    "1342177280, 1.25 GiB",
    "9223372036854775807, 8.00 EiB"
  })
  void bytesHaveThreeDigits(long number, String text) {
    assertThat(Bytes.text(number)).isEqualTo(text);
  }
}
