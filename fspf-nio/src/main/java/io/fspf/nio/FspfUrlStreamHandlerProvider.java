package io.fspf.nio;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.spi.URLStreamHandlerProvider;
import java.nio.file.FileSystemNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Lets URLs of the scheme {@code fspf} be read, of volumes that are open. For the service loader.
 */
public final class FspfUrlStreamHandlerProvider extends URLStreamHandlerProvider {
  /** For the service loader. */
  public FspfUrlStreamHandlerProvider() {}

  @Override
  public @Nullable URLStreamHandler createURLStreamHandler(String protocol) {
    return PathUris.SCHEME.equals(protocol) ? new Handler() : null;
  }

  private static final class Handler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      try {
        URI uri = url.toURI();
        return new PathConnection(url, FspfFileSystems.provider().getPath(uri));
      } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
        throw new IOException("No file of an open volume: " + url, e);
      }
    }
  }
}
