package io.fspf.cli;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.seal.Importer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a volume of one region in one step, from a directory or empty. */
@Command(
    name = "create-volume",
    description = {
      "Make VOLUME/volume.fspf: one region over a directory, sealed under a fresh key.",
      "Without --key-file or --passphrase-file the key is printed on standard output."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  fspf create-volume --authenticated --key-file key ./model",
      "  eval \"$(fspf create-volume --encrypted --envar-output ./out)\""
    })
final class CreateVolumeCommand extends Subcommand {
  private static final String FILE_NAME = "volume.fspf";

  @Mixin private final KeyOptions keys = new KeyOptions();
  @Mixin private final ChunkOptions chunks = new ChunkOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Choice choice = new Choice();

  private static final class Choice {
    @Option(
        names = {"-e", "--encrypted"},
        description = "The files are encrypted, into OUTPUT.")
    private boolean encrypted;

    @Option(
        names = {"-a", "--authenticated"},
        description = "The files stay where they are, readable.")
    @SuppressWarnings("UnusedVariable") // It is what remains.
    private boolean authenticated;
  }

  @Option(
      names = {"-f", "--force"},
      description = "Replace a volume.fspf that exists.")
  private boolean force;

  @Option(
      names = "--envar-output",
      description = "Print shell commands that export VOLUME_KEY and VOLUME_TAG.")
  private boolean variables;

  @Parameters(
      index = "0",
      paramLabel = "VOLUME",
      description = "The directory that gets volume.fspf; what is in it becomes the volume.")
  private Path directory;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUTPUT",
      description =
          "Where the encrypted files go; needed where VOLUME is to be encrypted and holds files.")
  private @Nullable Path output;

  @Override
  Report run(Terminal terminal) throws IOException {
    int chunkSize = chunks.chunkSize(terminal, common());
    Optional<KeyProvider> named = keys.named();
    if (common().json() && named.isEmpty()) {
      throw wrongUse("--json prints no key: name a file for it with --key-file");
    }
    Files.createDirectories(directory);
    Path file = directory.resolve(FILE_NAME);
    boolean filled = isFilled();
    if (choice.encrypted && filled && output == null) {
      throw wrongUse(directory + " holds files: name a directory OUTPUT for the encrypted ones");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (!force) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.delete(file);
    }
    boolean done = false;
    try {
      Volume.create(file, unchecked(), List.of(region(chunkSize))).close();
      if (filled) {
        add(file, terminal);
      }
      Report report = seal(file, named, terminal);
      done = true;
      return report;
    } finally {
      if (!done) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static VolumeOptions unchecked() {
    return VolumeOptions.of(Freshness.unchecked());
  }

  /** Whether there is something to take in; of a volume that is replaced its parts are not. */
  private boolean isFilled() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        boolean partOfVolume =
            name.equals(FILE_NAME)
                || (force && choice.encrypted && output == null && name.equals("objects"));
        if (!partOfVolume) {
          return true;
        }
      }
    }
    return false;
  }

  private Region region(int chunkSize) {
    if (!choice.encrypted) {
      return Region.authenticated(VolumePath.ROOT, ".").withChunkSize(chunkSize);
    }
    String host = output == null ? "." : output.toAbsolutePath().normalize().toString();
    return Region.encrypted(VolumePath.ROOT, host).withChunkSize(chunkSize);
  }

  private void add(Path file, Terminal terminal) throws IOException {
    try (Progress progress = Progress.ofTree(terminal, common(), "create-volume", directory)) {
      Importer.into(file, unchecked().writable(), VolumePath.ROOT)
          .withProgress(progress.asSealProgress())
          .add(directory, choice.encrypted ? Optional.ofNullable(output) : Optional.empty());
    }
  }

  private Report seal(Path file, Optional<KeyProvider> named, Terminal terminal)
      throws IOException {
    if (named.isPresent()) {
      RootTag tag = Volume.rekey(file, unchecked().writable(), named.get());
      return FspfFileCommand.report(
          file, tag, variables ? "export VOLUME_TAG=" + tag : EncryptCommand.line(file, tag));
    }
    try (VolumeKey key = VolumeKey.generate()) {
      RootTag tag;
      try (KeyProvider provider = KeyProviders.raw(key)) {
        tag = Volume.rekey(file, unchecked().writable(), provider);
      }
      String before = variables ? "export VOLUME_KEY=" : EncryptCommand.line(file, tag) + " key: ";
      EncryptCommand.printKey(terminal, before, key);
      return variables ? new Report().line("export VOLUME_TAG=" + tag) : new Report();
    }
  }
}
