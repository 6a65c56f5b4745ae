package io.fspf.cli;

import io.fspf.AttributeChange;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumePath;
import io.fspf.seal.Importer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies host files into a volume. */
@Command(
    name = "put",
    description = {
      "Copy files into a volume; each replaces the one at its path, as a whole.",
      "With -r one directory: what is in it goes into the directory PATH, in one commit."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf put --key-file key /srv/app app.conf /etc/app.conf")
final class PutCommand extends ChangeCommand {
  private static final int PIECE = 1 << 20;
  private static final String STANDARD_INPUT = "-";
  private static final int DEFAULT_MODE = 0644;

  @Option(
      names = {"-r", "--recursive"},
      description = "Take in a whole directory.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(
      index = "1..*",
      arity = "2..*",
      paramLabel = "SOURCE PATH",
      hideParamSyntax = true,
      description =
          "Files of the host, - for standard input; last the path in the volume, or a directory"
              + " there.")
  private List<String> words;

  @Override
  Path location() {
    return volume;
  }

  @Override
  Report run(Terminal terminal) throws IOException {
    if (!recursive) {
      return super.run(terminal);
    }
    if (words.size() != 2) {
      throw wrongUse("With -r one directory is put at a time");
    }
    Path source = Path.of(words.get(0));
    VolumeInfo info;
    try (Progress progress = Progress.ofTree(terminal, common(), "put", source)) {
      info =
          Importer.into(volume, access().changing(terminal), target(words.get(1)))
              .withProgress(progress.asSealProgress())
              .add(source, Optional.empty());
    }
    return new Report().member("volume", volume.toString()).state(info).line("tag: " + info.tag());
  }

  @Override
  void change(Volume opened, Terminal terminal, Report report) throws IOException {
    List<String> sources = words.subList(0, words.size() - 1);
    VolumePath to = target(words.get(words.size() - 1));
    if (sources.size() > 1 && !VolumeTrees.isDirectory(opened, to)) {
      throw wrongUse("Several files go into a directory, and " + to + " is none");
    }
    for (String source : sources) {
      put(opened, source, to);
    }
  }

  private VolumePath target(String text) {
    try {
      return VolumePath.of(text).normalize();
    } catch (IllegalArgumentException e) {
      throw wrongUse(String.valueOf(e.getMessage()));
    }
  }

  private void put(Volume opened, String source, VolumePath to) throws IOException {
    if (source.equals(STANDARD_INPUT)) {
      write(opened, System.in, to, DEFAULT_MODE);
      return;
    }
    Path file = Path.of(source);
    if (Files.isDirectory(file)) {
      throw wrongUse(source + " is a directory: use -r");
    }
    int mode = mode(file);
    try (InputStream in = Files.newInputStream(file)) {
      write(opened, in, VolumeTrees.into(opened, to, VolumePath.of(source)), mode);
    }
  }

  private static int mode(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? (int) Files.getAttribute(file, "unix:mode") & 07777
        : DEFAULT_MODE;
  }

  /** Under another name first, so that nobody ever sees half a file. */
  private static void write(Volume opened, InputStream in, VolumePath to, int mode)
      throws IOException {
    if (to.isRoot()) {
      throw new FileSystemException(to.toString(), null, "Is a directory");
    }
    VolumePath draft =
        to.parent()
            .resolve(
                Name.of(".fspf-put-" + Long.toHexString(ThreadLocalRandom.current().nextLong())));
    try {
      try (VolumeFile file =
          opened.open(draft, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        byte[] piece = new byte[PIECE];
        int length;
        while ((length = in.readNBytes(piece, 0, PIECE)) > 0) {
          file.append(ByteBuffer.wrap(piece, 0, length));
        }
      }
      opened.setAttributes(draft, AttributeChange.ofMode(mode));
      opened.move(draft, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (Throwable e) {
      try {
        opened.delete(draft);
      } catch (NoSuchFileException gone) {
        // It was not made, or has its name.
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }
}
