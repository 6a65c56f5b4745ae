package io.fspf.cli;

import com.google.gson.JsonObject;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.Name;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Writes the attributes of files, for people and for programs. */
final class EntryText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final char[] BITS = {'r', 'w', 'x'};

  private EntryText() {}

  /** The word for a kind of file in JSON. */
  static String type(FileType type) {
    return switch (type) {
      case REGULAR -> "file";
      case DIRECTORY -> "directory";
      case SYMLINK -> "symlink";
      case OTHER -> "other";
    };
  }

  /** The mode in octal, as chmod takes it. */
  static String octal(int mode) {
    return String.format(Locale.ROOT, "%04o", mode);
  }

  /** Type and mode as {@code ls -l} writes them. */
  static String mode(FileType type, int mode) {
    var text = new StringBuilder(10);
    text.append(
        switch (type) {
          case REGULAR -> '-';
          case DIRECTORY -> 'd';
          case SYMLINK -> 'l';
          case OTHER -> '?';
        });
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 1 ? BITS[(8 - bit) % 3] : '-');
    }
    special(text, mode >> 11 & 1, 3, 's');
    special(text, mode >> 10 & 1, 6, 's');
    special(text, mode >> 9 & 1, 9, 't');
    return text.toString();
  }

  private static void special(StringBuilder text, int bit, int index, char letter) {
    if (bit == 1) {
      text.setCharAt(index, text.charAt(index) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }

  /** A line as {@code ls -l} writes it, with the time in the zone of this machine. */
  static String line(String name, FileAttributes attributes, Optional<byte[]> target) {
    return String.format(
        Locale.ROOT,
        "%s %3d %5d %5d %12d %s %s%s",
        mode(attributes.type(), attributes.mode()),
        attributes.links(),
        attributes.uid(),
        attributes.gid(),
        attributes.size(),
        TIME.format(attributes.modified().atZone(ZoneId.systemDefault())),
        name,
        target.map(bytes -> " -> " + text(bytes)).orElse(""));
  }

  /** The members of the object that tells of a file. */
  static void addTo(JsonObject object, FileAttributes attributes, Optional<byte[]> target) {
    object.addProperty("type", type(attributes.type()));
    object.addProperty("inode", attributes.inode());
    object.addProperty("size", attributes.size());
    object.addProperty("mode", octal(attributes.mode()));
    object.addProperty("uid", attributes.uid());
    object.addProperty("gid", attributes.gid());
    object.addProperty("links", attributes.links());
    object.addProperty("modified", time(attributes.modified()));
    object.addProperty("changed", time(attributes.changed()));
    object.addProperty("created", time(attributes.created()));
    target.ifPresent(bytes -> object.addProperty("target", text(bytes)));
  }

  private static String time(Instant time) {
    return time.toString();
  }

  /** A symbolic link's target: any bytes but NUL, each name of it as {@link Name} writes it. */
  static String text(byte[] target) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(target)).toString();
    } catch (CharacterCodingException e) {
      var text = new StringBuilder();
      int start = 0;
      for (int i = 0; i <= target.length; i++) {
        if (i == target.length || target[i] == '/') {
          if (i > start) {
            text.append(Name.ofBytes(Arrays.copyOfRange(target, start, i)));
          }
          if (i < target.length) {
            text.append('/');
          }
          start = i + 1;
        }
      }
      return text.toString();
    }
  }
}
