package io.fspf.nio;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;

/**
 * URIs of volumes and of paths in them: {@code fspf:<URI of the host>!/<path>}, or in short {@code
 * fspf:///<path of the default host>}, with or without {@code !/<path>} behind it.
 *
 * <p>The path in the volume begins at the last {@code "!/"}, or where there is none at {@code
 * "!%2F"}; a {@code '!'} in it is escaped.
 */
final class PathUris {
  static final String SCHEME = "fspf";
  private static final String SEPARATOR = "!/";

  /** For URIs within others that end at the first separator, as those of {@code jar:} do. */
  private static final String ESCAPED_SEPARATOR = "!%2F";

  private static final String UNESCAPED = "-._~/:@$&'()*+,;=";

  /**
   * What a URI names.
   *
   * @param host the volume's place
   * @param path percent-decoded, of a path in it
   */
  record Parsed(Path host, byte[] path) {}

  private PathUris() {}

  static URI toUri(FspfPath path) {
    var text = new StringBuilder(SCHEME + ":");
    text.append(hostUri(path.getFileSystem().location())).append('!');
    for (byte b : path.toAbsolutePath().toBytes()) {
      if (isPlain(b)) {
        text.append((char) b);
      } else {
        text.append('%')
            .append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xF, 16)))
            .append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
      }
    }
    return URI.create(text.toString());
  }

  private static String hostUri(Path host) {
    // A directory's URI has a slash at its end while the directory exists: not a lasting name.
    String uri = host.toUri().toString();
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || (b > 0 && UNESCAPED.indexOf(b) >= 0);
  }

  /**
   * What a URI names.
   *
   * @throws IllegalArgumentException if it is no URI of a volume
   * @throws FileSystemNotFoundException if its host is no file system at hand
   */
  static Parsed parse(URI uri) {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("URI scheme is not '" + SCHEME + "': " + uri);
    }
    if (uri.getRawFragment() != null || uri.getRawQuery() != null) {
      throw new IllegalArgumentException("A volume's URI has neither query nor fragment: " + uri);
    }
    if (uri.getRawAuthority() != null) {
      throw new IllegalArgumentException("A volume's URI has no authority: " + uri);
    }
    String rest = uri.isOpaque() ? uri.getRawSchemeSpecificPart() : "file://" + uri.getRawPath();
    int separator = rest.lastIndexOf(SEPARATOR);
    int escaped = rest.lastIndexOf(ESCAPED_SEPARATOR);
    if (separator < 0 && escaped >= 0) {
      separator = escaped;
      rest =
          rest.substring(0, escaped)
              + SEPARATOR
              + rest.substring(escaped + ESCAPED_SEPARATOR.length());
    }
    String host = separator < 0 ? rest : rest.substring(0, separator);
    String path = separator < 0 ? "/" : rest.substring(separator + 1);
    if (separator < 0 && uri.isOpaque()) {
      throw new IllegalArgumentException("No '!/' after the host's URI in " + uri);
    }
    try {
      return new Parsed(Path.of(new URI(host)), decode(path, uri));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("No URI of a host before '!/' in " + uri, e);
    }
  }

  private static byte[] decode(String path, URI uri) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); ) {
      int c = path.codePointAt(i);
      if (c != '%') {
        out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(c);
        continue;
      }
      // The URI's own grammar has two hex digits here.
      int b = Integer.parseInt(path, i + 1, i + 3, 16);
      if (b == 0) {
        throw new IllegalArgumentException("Nul character not allowed: " + uri);
      }
      out.write(b);
      i += 3;
    }
    return out.toByteArray();
  }
}
