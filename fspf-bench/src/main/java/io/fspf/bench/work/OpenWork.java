package io.fspf.bench.work;

import io.fspf.Freshness;
import io.fspf.nio.FspfEnvironment;
import io.fspf.nio.FspfFileSystems;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Opens a volume, reads one small file and closes it. Not thread-safe. */
public final class OpenWork {
  private static final int PER_DIRECTORY = 1000;

  private final Path location;
  private final FspfEnvironment environment;
  private final int files;
  private final SplittableRandom random = new SplittableRandom(5);

  /**
   * Work on a volume.
   *
   * @param location its directory, to be made if it is not there
   * @param files how many it holds
   */
  public OpenWork(Path location, int files) {
    this.location = location;
    this.files = files;
    environment =
        FspfEnvironment.empty()
            .withKeyFile(location.resolveSibling(location.getFileName() + ".key"))
            .withFreshness(Freshness.unchecked());
  }

  /** Makes the volume. */
  public void makeVolume() throws IOException {
    Files.createDirectories(location);
    try (FileSystem volume = FspfFileSystems.open(location, environment.create())) {
      for (int i = 0; i < files; i++) {
        Path file = volume.getPath(name(i));
        if (i % PER_DIRECTORY == 0) {
          Files.createDirectory(file.getParent());
        }
        Files.writeString(file, "file " + i);
      }
    }
  }

  /** Opens, reads, closes. */
  public void open() throws IOException {
    int i = random.nextInt(files);
    try (FileSystem volume = FspfFileSystems.open(location, environment.readOnly())) {
      String content = Files.readString(volume.getPath(name(i)));
      if (!content.equals("file " + i)) {
        throw new IOException("Wrong content of file " + i);
      }
    }
  }

  private static String name(int i) {
    return String.format("/d%04d/f%03d", i / PER_DIRECTORY, i % PER_DIRECTORY);
  }
}
