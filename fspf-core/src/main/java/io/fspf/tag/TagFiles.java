package io.fspf.tag;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fspf.Name;
import io.fspf.RootTag;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostDirectory.Mode;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A root tag that is pinned: given by hand or kept in a file, as the one state that is accepted.
 *
 * <p>Its text is 64 hex digits in either case; {@code tag:} may stand before them, as {@code fspf
 * seal} prints it, and white space around all.
 */
public final class TagFiles {
  private static final int MAX_LENGTH = 1024;
  private static final String PREFIX = "tag:";

  private TagFiles() {}

  /**
   * The tag that a text holds.
   *
   * @throws IllegalArgumentException if it holds none
   */
  public static RootTag parse(String text) {
    String stripped = text.strip();
    return RootTag.parse(
        stripped.startsWith(PREFIX) ? stripped.substring(PREFIX.length()).strip() : stripped);
  }

  /**
   * The tag in a file.
   *
   * @throws IOException if it cannot be read, or holds anything but one tag
   */
  public static RootTag read(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_LENGTH + 1);
    }
    if (content.length > MAX_LENGTH) {
      throw new IOException("Not a tag file, since it is too long: " + file);
    }
    try {
      return parse(new String(content, UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IOException("Not a tag file: " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a tag to a file, which is replaced as a whole, and returns when it is on stable storage.
   */
  public static void write(Path file, RootTag tag) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new IllegalArgumentException("Not the path of a file: " + file);
    }
    HostDirectory host = NioHost.directory(directory);
    Name name = NioHost.name(absolute);
    VolumePath target = VolumePath.ROOT.resolve(name);
    VolumePath aside = VolumePath.ROOT.resolve(Name.of(name + ".new"));
    byte[] content = (tag + "\n").getBytes(UTF_8);
    try {
      host.delete(aside);
    } catch (NoSuchFileException e) {
      // As it should be.
    }
    try (HostFile out = host.open(aside, Mode.CREATE)) {
      out.write(0, content, 0, content.length);
      out.sync();
    }
    host.rename(aside, target);
    host.syncDirectory(VolumePath.ROOT);
  }
}
