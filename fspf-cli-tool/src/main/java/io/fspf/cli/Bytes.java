package io.fspf.cli;

import java.util.Locale;

/** Writes numbers of bytes for people: three digits and a binary unit. */
final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Bytes() {}

  /** For example {@code "1.25 GiB"}, {@code "12.5 MiB"}, {@code "125 B"}. */
  static String text(long bytes) {
    double value = bytes;
    int unit = 0;
    // From 999.5 on the number would be rounded to four digits.
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS[unit]);
  }
}
