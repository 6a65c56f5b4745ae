package io.fspf.bench.report;

import java.util.Locale;

/** What a measured time is divided by, and how the quotient is told to people. */
public enum Unit {
  /** Told as a rate, in 10^9 bytes a second. */
  BYTES("GB/s") {
    @Override
    public double scaled(double seconds) {
      return 1e-9 / seconds;
    }

    @Override
    public String text(double seconds) {
      return digits(scaled(seconds)) + " GB/s";
    }
  },
  /** Told as the time of one, in microseconds on an axis. */
  OPERATIONS("µs") {
    @Override
    public double scaled(double seconds) {
      return seconds * 1e6;
    }

    @Override
    public String text(double seconds) {
      if (seconds >= 1) {
        return digits(seconds) + " s";
      }
      return seconds >= 1e-3 ? digits(seconds * 1e3) + " ms" : digits(seconds * 1e6) + " µs";
    }
  };

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  /** The unit of {@link #scaled}. */
  public String symbol() {
    return symbol;
  }

  /** The figure for an axis, of the seconds that one took. */
  public abstract double scaled(double seconds);

  /** The figure with its unit, of the seconds that one took. */
  public abstract String text(double seconds);

  /** A number with three digits that count, or all of those before the point. */
  public static String digits(double value) {
    double size = Math.abs(value);
    int decimals = 0;
    if (size < 99.95) {
      decimals = size < 9.995 ? 2 : 1;
    }
    if (size > 0 && size < 0.0995) {
      decimals = 3;
    }
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
