package io.fspf.nio;

import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Storage;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A region as a file store. The room is that of the host's store, and the host's word.
 *
 * <p>{@link #getAttribute} knows {@code totalSpace}, {@code usableSpace}, {@code unallocatedSpace},
 * {@code blockSize}, and of the region {@code fspf:protection} ({@code not-protected}, {@code
 * authenticated}, {@code encrypted}), {@code fspf:storage}, {@code fspf:integrity}, {@code
 * fspf:chunkSize}. Immutable.
 */
final class RegionFileStore extends FileStore {
  private static final Set<Class<? extends FileAttributeView>> VIEWS =
      Set.of(
          BasicFileAttributeView.class,
          PosixFileAttributeView.class,
          FileOwnerAttributeView.class,
          UserDefinedFileAttributeView.class);

  private final FspfFileSystem fileSystem;
  private final Region region;

  RegionFileStore(FspfFileSystem fileSystem, Region region) {
    this.fileSystem = fileSystem;
    this.region = region;
  }

  @Override
  public String name() {
    return region.path().toString();
  }

  @Override
  public String type() {
    return "fspf";
  }

  @Override
  public boolean isReadOnly() {
    return !fileSystem.isWritable(region.path());
  }

  private io.fspf.HostSpace space() throws IOException {
    return fileSystem.using(() -> fileSystem.volume().space(region));
  }

  @Override
  public long getTotalSpace() throws IOException {
    return space().total();
  }

  @Override
  public long getUsableSpace() throws IOException {
    return space().usable();
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    return space().unallocated();
  }

  @Override
  public long getBlockSize() throws IOException {
    return space().blockSize();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    if (type == null) {
      throw new NullPointerException("type");
    }
    return VIEWS.contains(type);
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return fileSystem.supportedFileAttributeViews().contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    if (type == null) {
      throw new NullPointerException("type");
    }
    return null;
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      case "blockSize" -> getBlockSize();
      case "fspf:protection" -> named(region.protection());
      case "fspf:storage" -> named(region.storage());
      case "fspf:integrity" -> named(region.integrity());
      case "fspf:chunkSize" -> region.chunkSize();
      default -> throw new UnsupportedOperationException("'" + attribute + "' not recognized");
    };
  }

  /** {@link Protection} and {@link Storage} in the words of the command line. */
  private static String named(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RegionFileStore store
        && store.fileSystem.equals(fileSystem)
        && store.region.equals(region);
  }

  @Override
  public int hashCode() {
    return region.hashCode();
  }

  @Override
  public String toString() {
    return region.path() + " (" + named(region.protection()) + ")";
  }
}
