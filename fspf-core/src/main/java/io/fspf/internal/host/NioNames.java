package io.fspf.internal.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.CharMatcher;
import io.fspf.Name;
import io.fspf.VolumePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names as bytes to paths of a provider and back.
 *
 * <p>The JDK's Unix paths hold raw bytes, but their text form depends on the locale and loses what
 * it cannot show. Their URI form loses nothing: each byte that is not plain ASCII is
 * percent-encoded. So ASCII goes the fast way through text and all else through a URI.
 */
final class NioNames {
  /** What stands for itself in a URI's path. */
  private static final CharMatcher PLAIN =
      CharMatcher.inRange('0', '9')
          .or(CharMatcher.inRange('a', 'z'))
          .or(CharMatcher.inRange('A', 'Z'))
          .or(CharMatcher.anyOf("/."));

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private final FileSystem fileSystem;
  private final boolean rawBytes;

  private NioNames(FileSystem fileSystem, boolean rawBytes) {
    this.fileSystem = fileSystem;
    this.rawBytes = rawBytes;
  }

  static NioNames of(FileSystem fileSystem) {
    boolean unix =
        fileSystem.equals(FileSystems.getDefault())
            && fileSystem.provider().getScheme().equals("file")
            && fileSystem.getSeparator().equals("/")
            && fileSystem.supportedFileAttributeViews().contains("unix");
    return new NioNames(fileSystem, unix);
  }

  /** Whether names are exactly the bytes that the kernel keeps. */
  boolean rawBytes() {
    return rawBytes;
  }

  /** The path of {@code path} below {@code base}. */
  Path resolve(Path base, VolumePath path) throws IOException {
    if (path.isRoot()) {
      return base;
    }
    return rawBytes ? resolveRaw(base, path) : resolveText(base, path);
  }

  private static Path resolveRaw(Path base, VolumePath path) {
    byte[] bytes = path.toBytes();
    if (isAscii(bytes)) {
      return base.resolve(new String(bytes, 1, bytes.length - 1, US_ASCII));
    }
    String uri = stripSlash(base.toUri().toString()) + encode(bytes);
    return Path.of(URI.create(uri));
  }

  private Path resolveText(Path base, VolumePath path) throws IOException {
    Path result = base;
    for (Name name : path.names()) {
      String text = name.toString();
      Path single = null;
      try {
        single = fileSystem.getPath(text);
      } catch (InvalidPathException e) {
        // Refused below, as all that does not come back as the same single name.
      }
      if (single == null
          || !isUtf8(name)
          || single.isAbsolute()
          || single.getNameCount() != 1
          || !single.toString().equals(text)) {
        throw new FileSystemException(
            result.toString(),
            null,
            "the host cannot represent the name '" + name + "' in this directory");
      }
      result = result.resolve(single);
    }
    return result;
  }

  private static boolean isUtf8(Name name) {
    byte[] bytes = name.toBytes();
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }

  /** The name of a directory's entry. */
  Name name(Path directory, Path entry) throws IOException {
    Path fileName = entry.getFileName();
    String text = fileName == null ? "" : fileName.toString();
    try {
      if (!rawBytes) {
        return Name.of(stripSeparator(text));
      }
      if (isAscii(text) || fileName == null) {
        return Name.of(text);
      }
      String uri = stripSlash(fileName.toUri().getRawPath());
      return Name.ofBytes(decode(uri.substring(uri.lastIndexOf('/') + 1)));
    } catch (IllegalArgumentException e) {
      throw unrepresentable(directory, e);
    }
  }

  private static FileSystemException unrepresentable(
      Path directory, IllegalArgumentException cause) {
    var e =
        new FileSystemException(
            directory.toString(),
            null,
            "a name in this directory cannot be represented: " + cause.getMessage());
    e.initCause(cause);
    return e;
  }

  /**
   * The bytes of a symbolic link's target, as {@link java.nio.file.Files#readSymbolicLink} gave it.
   */
  byte[] target(Path target) {
    String text = target.toString();
    if (!rawBytes) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (isAscii(text)) {
      return text.getBytes(US_ASCII);
    }
    // A URI ends with a slash of its own where the path is a directory; the path with one more name
    // tells the target's last
    // slash from that one. A relative target stands behind the working directory.
    String probe = "/.";
    String uri = stripSlash(target.resolve(".").toUri().getRawPath());
    String prefix = "";
    if (!target.isAbsolute()) {
      String here = stripSlash(fileSystem.getPath(".").toUri().getRawPath());
      prefix = here.substring(0, here.length() - 1);
    }
    return decode(uri.substring(prefix.length(), uri.length() - probe.length()));
  }

  /**
   * The path to make a symbolic link of, or null where the provider would change the target's
   * bytes.
   */
  @Nullable Path ofTarget(byte[] target) {
    Path path;
    if (!rawBytes || isAscii(target)) {
      String text = new String(target, StandardCharsets.UTF_8);
      try {
        path = fileSystem.getPath(text);
      } catch (InvalidPathException e) {
        return null;
      }
    } else if (target[0] == '/') {
      path = Path.of(URI.create("file://" + encode(target)));
    } else {
      Path absolute = Path.of(URI.create("file:///" + encode(target)));
      path = absolute.subpath(0, absolute.getNameCount());
    }
    return Arrays.equals(target(path), target) ? path : null;
  }

  /** The bytes of an absolute raw path that exists or not. */
  static byte[] bytes(Path path) {
    return decode(stripSlash(path.toUri().getRawPath()));
  }

  private String stripSeparator(String text) {
    String separator = fileSystem.getSeparator();
    return text.endsWith(separator) ? text.substring(0, text.length() - separator.length()) : text;
  }

  private static String stripSlash(String uri) {
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static String encode(byte[] bytes) {
    var text = new StringBuilder(bytes.length * 2);
    for (byte b : bytes) {
      if (PLAIN.matches((char) b)) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
      }
    }
    return text.toString();
  }

  private static byte[] decode(String rawPath) {
    var bytes = new ByteArrayOutputStream(rawPath.length());
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(rawPath, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
