package io.fspf.cli;

import io.fspf.Region;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes in an argument: digits, and perhaps KiB or MiB (or K, M). */
record ByteSize(long bytes) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,15})\\s*(k|kib|m|mib|b)?", Pattern.CASE_INSENSITIVE);

  /** Reads an argument. */
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      Matcher matcher = TEXT.matcher(text.strip());
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no size: 65536 and 64KiB are");
      }
      String unit = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
      int shift = unit.startsWith("k") ? 10 : unit.startsWith("m") ? 20 : 0;
      return new ByteSize(Long.parseLong(matcher.group(1)) << shift);
    }
  }

  /** The next chunk size that is not smaller, as far as there is one. */
  int toChunkSize() {
    if (bytes >= Region.MAX_CHUNK_SIZE) {
      return Region.MAX_CHUNK_SIZE;
    }
    int floor = Integer.highestOneBit((int) bytes);
    return Math.max(Region.MIN_CHUNK_SIZE, floor == bytes ? floor : floor << 1);
  }
}
