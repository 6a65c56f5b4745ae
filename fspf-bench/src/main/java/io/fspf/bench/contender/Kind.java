package io.fspf.bench.contender;

import io.fspf.Integrity;
import io.fspf.Region;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;

/** The kinds of contenders, in the order in which tables show them. */
public enum Kind {
  /** The file system below the others. */
  DEFAULT("default"),
  /** An encrypted region, AES-256-GCM. */
  ENCRYPTED("fspf encrypted"),
  /** An authenticated region with GMAC. */
  GMAC("fspf GMAC"),
  /** An authenticated region with SHA-256. */
  SHA256("fspf SHA-256"),
  /** Cryptomator's file system. */
  CRYPTOFS("cryptofs"),
  /** Tink's streaming AEAD over a file of the default file system. */
  TINK("Tink");

  /** As volumes have it where nothing is said. */
  public static final Duration COMMIT_INTERVAL = Duration.ofSeconds(5);

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  /** What it is called in tables. */
  public String title() {
    return title;
  }

  /** Whether it can be had in this process. */
  public boolean isPresent() {
    return switch (this) {
      case CRYPTOFS, TINK -> peer().isPresent();
      default -> true;
    };
  }

  /** A new, empty one with the settings that volumes have where nothing is said. */
  public Contender create(Path directory) throws IOException {
    return create(directory, Region.DEFAULT_CHUNK_SIZE, COMMIT_INTERVAL);
  }

  /**
   * A new, empty one.
   *
   * @param directory of the default file system, empty
   * @param chunkSize of volumes, in bytes
   * @param commitInterval of volumes
   */
  public Contender create(Path directory, int chunkSize, Duration commitInterval)
      throws IOException {
    return switch (this) {
      case DEFAULT -> new FileSystemContender(title, directory, () -> {});
      case ENCRYPTED -> volume(directory, Integrity.GCM, chunkSize, commitInterval);
      case GMAC -> volume(directory, Integrity.GMAC, chunkSize, commitInterval);
      case SHA256 -> volume(directory, Integrity.SHA256, chunkSize, commitInterval);
      case CRYPTOFS, TINK ->
          peer()
              .orElseThrow(() -> new IllegalStateException(title + " comes with -Ppeers only"))
              .create(directory);
    };
  }

  private Contender volume(
      Path directory, Integrity integrity, int chunkSize, Duration commitInterval)
      throws IOException {
    return VolumeContender.create(title, directory, integrity, chunkSize, commitInterval);
  }

  private Optional<PeerFactory> peer() {
    return ServiceLoader.load(PeerFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.kind() == this)
        .findFirst();
  }
}
