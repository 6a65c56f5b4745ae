package io.fspf.nio;

import io.fspf.FileAttributes;
import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.Storage;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A volume for the time of one mount: encrypted under a key that is never written anywhere, in a
 * temporary directory of the host. Closing it removes the directory; so does the end of the virtual
 * machine. What a crash leaves nobody can read. Thread-safe.
 */
final class ThrowAwayVolume implements Closeable {
  private final Path directory;
  private final Volume volume;
  private final Thread atExit;

  /**
   * A new one.
   *
   * @param region ephemeral; its place in the volume is the same as in the volume that it belongs
   *     to
   * @param parent the host directory in which the temporary one is made
   */
  static ThrowAwayVolume of(Region region, Path parent, VolumeOptions like) throws IOException {
    Path directory = Files.createTempDirectory(parent, "fspf-ephemeral-");
    try (VolumeKey key = VolumeKey.generate();
        KeyProvider keys = KeyProviders.raw(key)) {
      VolumeOptions options =
          VolumeOptions.of(Freshness.unchecked()).withKeys(keys).withCacheBytes(like.cacheBytes());
      if (like.owner().isPresent()) {
        options = options.withOwner(like.owner().get());
      }
      var stored =
          new Region(
              region.path(),
              region.protection(),
              Storage.KERNEL,
              Optional.of("."),
              region.integrity(),
              region.chunkSize());
      return new ThrowAwayVolume(directory, Volume.create(directory, options, List.of(stored)));
    } catch (Throwable e) {
      remove(directory);
      throw e;
    }
  }

  private ThrowAwayVolume(Path directory, Volume volume) {
    this.directory = directory;
    this.volume = volume;
    this.atExit = new Thread(this::removeAtExit, "fspf-ephemeral");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  Volume volume() {
    return volume;
  }

  /** The attributes of one of its files, which no file of another volume has. */
  FileAttributes distinct(FileAttributes attributes) {
    long mark = 1L << 62 | (long) (System.identityHashCode(this) & 0xFFFF) << 40;
    return new FileAttributes(
        attributes.type(),
        attributes.inode() | mark,
        attributes.size(),
        attributes.mode(),
        attributes.uid(),
        attributes.gid(),
        attributes.links(),
        attributes.modified(),
        attributes.accessed(),
        attributes.changed(),
        attributes.created());
  }

  private void removeAtExit() {
    try {
      remove(directory);
    } catch (IOException e) {
      // The host keeps what it cannot read.
    }
  }

  static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    try (volume) {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The machine is at its end; the hook runs.
    } finally {
      remove(directory);
    }
  }
}
