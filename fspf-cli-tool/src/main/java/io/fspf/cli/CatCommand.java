package io.fspf.cli;

import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the content of a file to standard output, each piece after it was verified. */
@Command(
    name = "cat",
    description = "Write a file's content to standard output.",
    footerHeading = "%nExample:%n",
    footer = "  fspf cat --key-file key /srv/app /etc/app.conf")
final class CatCommand extends VolumeCommand {
  private static final int PIECE = 1 << 20;

  /** An object is built in memory as a whole. */
  private static final long MAX_JSON_SIZE = 64 << 20;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(index = "1", paramLabel = "PATH", description = "A file in the volume.")
  private VolumePath path;

  @Override
  Report run(Terminal terminal) throws IOException {
    var report = new Report().member("volume", volume.toString()).member("path", path.toString());
    try (Volume opened = Volume.open(volume, access().reading(terminal));
        VolumeFile file = opened.open(path)) {
      report.member("bytes", file.size());
      if (common().json()) {
        if (file.size() > MAX_JSON_SIZE) {
          throw wrongUse(path + " is too large for JSON: " + Bytes.text(file.size()));
        }
        var content = new ByteArrayOutputStream();
        copy(file, content::write);
        report.member("base64", Base64.getEncoder().encodeToString(content.toByteArray()));
      } else {
        copy(file, (bytes, offset, length) -> terminal.out().write(bytes, length));
      }
    }
    return report;
  }

  @FunctionalInterface
  private interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  private static void copy(VolumeFile file, Sink sink) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    long position = 0;
    while (file.read(piece, position) >= 0) {
      sink.write(piece.array(), 0, piece.position());
      position += piece.position();
      piece.clear();
    }
  }
}
