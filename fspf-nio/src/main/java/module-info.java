/** Volumes as file systems of {@code java.nio.file}. */
module io.fspf.nio {
  requires com.google.common;
  requires transitive io.fspf.core;
  requires static transitive org.jspecify;

  exports io.fspf.nio;

  provides java.nio.file.spi.FileSystemProvider with
      io.fspf.nio.FspfFileSystemProvider;
  provides java.net.spi.URLStreamHandlerProvider with
      io.fspf.nio.FspfUrlStreamHandlerProvider;
}
