package io.fspf;

import com.google.common.base.Preconditions;
import java.util.Optional;

/**
 * A path prefix of a volume and how the files below it are protected. The longest prefix wins, by
 * whole components.
 *
 * @param path the embed point in the volume
 * @param protection how its files are protected
 * @param storage where their content lives
 * @param hostDirectory for {@link Storage#KERNEL} the host directory, absolute or relative to the
 *     directory that holds the fspf file; independent of {@code path}
 * @param integrity what chunk records of new files are made of; of no meaning where nothing is
 *     protected
 * @param chunkSize of new files, in bytes: a power of two, 4 KiB to 16 MiB
 */
public record Region(
    VolumePath path,
    Protection protection,
    Storage storage,
    Optional<String> hostDirectory,
    Integrity integrity,
    int chunkSize) {

  /** The smallest chunk size, 4 KiB. */
  public static final int MIN_CHUNK_SIZE = 4 << 10;

  /** The largest chunk size, 16 MiB. */
  public static final int MAX_CHUNK_SIZE = 16 << 20;

  /** The chunk size where none was chosen, 64 KiB. */
  public static final int DEFAULT_CHUNK_SIZE = 64 << 10;

  /**
   * Checks that the parts go together.
   *
   * @throws IllegalArgumentException if they do not, or if the host directory's text holds a name
   *     that no host can have: one with a NUL or of more than 255 bytes
   */
  public Region {
    Preconditions.checkArgument(
        Integer.bitCount(chunkSize) == 1
            && chunkSize >= MIN_CHUNK_SIZE
            && chunkSize <= MAX_CHUNK_SIZE,
        "A chunk size is a power of two from 4 KiB to 16 MiB, not %s",
        chunkSize);
    Preconditions.checkArgument(
        hostDirectory.isPresent() == (storage == Storage.KERNEL),
        "A kernel region has a host directory, an ephemeral one has none");
    boolean forEncrypted = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    Preconditions.checkArgument(
        protection == Protection.NOT_PROTECTED
            || forEncrypted == (protection == Protection.ENCRYPTED),
        "%s does not go with %s",
        integrity,
        protection);
    // Throws for what no host can have.
    hostDirectory.ifPresent(VolumePath::of);
    path = path.normalize();
  }

  /** An encrypted region over a host directory. */
  public static Region encrypted(VolumePath path, String hostDirectory) {
    return kernel(path, Protection.ENCRYPTED, hostDirectory, Integrity.GCM);
  }

  /** An authenticated region, SHA-256, over a host directory. */
  public static Region authenticated(VolumePath path, String hostDirectory) {
    return kernel(path, Protection.AUTHENTICATED, hostDirectory, Integrity.SHA256);
  }

  /** A region that is passed through from a host directory. */
  public static Region notProtected(VolumePath path, String hostDirectory) {
    return kernel(path, Protection.NOT_PROTECTED, hostDirectory, Integrity.SHA256);
  }

  /** An encrypted region that lives for one mount. */
  public static Region ephemeral(VolumePath path) {
    return new Region(
        path,
        Protection.ENCRYPTED,
        Storage.EPHEMERAL,
        Optional.empty(),
        Integrity.GCM,
        DEFAULT_CHUNK_SIZE);
  }

  private static Region kernel(
      VolumePath path, Protection protection, String hostDirectory, Integrity integrity) {
    return new Region(
        path,
        protection,
        Storage.KERNEL,
        Optional.of(hostDirectory),
        integrity,
        DEFAULT_CHUNK_SIZE);
  }

  /** The same region with another integrity for new files. */
  public Region withIntegrity(Integrity newIntegrity) {
    return new Region(path, protection, storage, hostDirectory, newIntegrity, chunkSize);
  }

  /** The same region with another chunk size for new files. */
  public Region withChunkSize(int newChunkSize) {
    return new Region(path, protection, storage, hostDirectory, integrity, newChunkSize);
  }
}
