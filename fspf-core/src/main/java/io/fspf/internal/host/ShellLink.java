package io.fspf.internal.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Makes a symbolic link whose target the JDK would change: its paths drop a slash at the end and
 * slashes in a row, and links like {@code dir/} are common. The system's {@code ln} keeps every
 * byte.
 */
final class ShellLink {
  // Octal escapes carry any byte in any locale and hold nothing that a shell would interpret; the
  // dot keeps newlines at the end,
  // which the substitution would cut.
  private static final String SCRIPT =
      "t=$(printf '%b.' \"$1\") && l=$(printf '%b.' \"$2\") && exec ln -s -- \"${t%.}\" \"${l%.}\"";

  private ShellLink() {}

  static void create(Path link, byte[] linkBytes, byte[] target) throws IOException {
    var builder =
        new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sh", octal(target), octal(linkBytes));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("LC_ALL", "C");
    builder.redirectErrorStream(true);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readNBytes(1000), StandardCharsets.UTF_8);
    int exit = Uninterrupted.call(process::waitFor);
    if (exit != 0) {
      throw new FileSystemException(
          link.toString(), null, "cannot make the link: " + output.strip());
    }
  }

  private static String octal(byte[] bytes) {
    var text = new StringBuilder(bytes.length * 5);
    for (byte b : bytes) {
      text.append("\\0").append((char) ('0' + (b >> 6 & 3))).append((char) ('0' + (b >> 3 & 7)));
      text.append((char) ('0' + (b & 7)));
    }
    return text.toString();
  }
}
