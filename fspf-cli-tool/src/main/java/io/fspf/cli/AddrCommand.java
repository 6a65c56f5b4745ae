package io.fspf.cli;

import io.fspf.Integrity;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Storage;
import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a region to an fspf file. */
@Command(
    name = "addr",
    description = "Add a region to an fspf file.",
    footerHeading = "%nExample:%n",
    footer = {
      "  fspf addr fspf.pb / --not-protected --kernel /",
      "  fspf addr fspf.pb /data --encrypted --kernel /data"
    })
final class AddrCommand extends FspfFileCommand {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private ProtectionChoice protection = new ProtectionChoice();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private StorageChoice storage = new StorageChoice();

  @Mixin private final ChunkOptions chunks = new ChunkOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "The fspf file.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "EMBEDPOINT",
      description = "The region's path in the volume; . is the volume's root.")
  private VolumePath embedPoint;

  private static final class ProtectionChoice {
    @Option(
        names = {"-n", "--not-protected"},
        description = "Files are passed through as they are.")
    private boolean notProtected;

    @Option(
        names = {"-a", "--authenticated"},
        description = "Files stay readable on the host and are verified.")
    private boolean authenticated;

    @Option(
        names = {"-e", "--encrypted"},
        description = "Files are encrypted and verified.")
    @SuppressWarnings("UnusedVariable") // It is what remains.
    private boolean encrypted;

    Protection toProtection() {
      return notProtected
          ? Protection.NOT_PROTECTED
          : authenticated ? Protection.AUTHENTICATED : Protection.ENCRYPTED;
    }
  }

  private static final class StorageChoice {
    @Option(
        names = "--kernel",
        paramLabel = "DIR",
        description =
            "The host directory with the files, absolute or from the fspf file's directory; it may"
                + " be made later.")
    private @Nullable Path kernel;

    @Option(names = "--ephemeral", description = "Files live in memory, for one mount.")
    @SuppressWarnings("UnusedVariable") // It is what remains.
    private boolean ephemeral;
  }

  @Override
  Report run(Terminal terminal) throws IOException {
    Protection chosen = protection.toProtection();
    Region region =
        new Region(
            embedPoint,
            chosen,
            storage.kernel == null ? Storage.EPHEMERAL : Storage.KERNEL,
            Optional.ofNullable(storage.kernel).map(AddrCommand::hostDirectory),
            chosen == Protection.ENCRYPTED ? Integrity.GCM : Integrity.SHA256,
            chunks.chunkSize(terminal, common()));
    RootTag tag =
        change(
            terminal,
            options -> {
              Volume volume = Volume.open(file, options);
              try (volume) {
                volume.addRegion(region);
                volume.commit();
              }
              // Closing may commit once more.
              return volume.tag();
            });
    return report(
        file,
        tag,
        "Added region "
            + embedPoint
            + " to file system protection file "
            + file
            + " new AES-GCM tag: "
            + tag);
  }

  /** As a region names it: no trailing slashes, no needless components. */
  static String hostDirectory(Path given) {
    String text = given.normalize().toString();
    return text.isEmpty() ? "." : text;
  }
}
