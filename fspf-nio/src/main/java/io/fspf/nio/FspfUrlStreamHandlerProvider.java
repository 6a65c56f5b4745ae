package io.fspf.nio;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.spi.URLStreamHandlerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return new FileConnection(url, FspfFileSystems.provider().getPath(uri));
      } catch (URISyntaxException
          | IllegalArgumentException
          | java.nio.file.FileSystemNotFoundException e) {
        throw new IOException("No file of an open volume: " + url, e);
      }
    }
  }

  /** One file. */
  private static final class FileConnection extends URLConnection {
    private final Path file;

    FileConnection(URL url, Path file) {
      super(url);
      this.file = file;
    }

    @Override
    public void connect() throws IOException {
      if (!connected) {
        file.getFileSystem().provider().checkAccess(file);
        connected = true;
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      connect();
      return Files.newInputStream(file);
    }

    @Override
    public long getContentLengthLong() {
      try {
        return Files.size(file);
      } catch (IOException e) {
        return -1;
      }
    }

    @Override
    public long getLastModified() {
      try {
        return Files.getLastModifiedTime(file).toMillis();
      } catch (IOException e) {
        return 0;
      }
    }
  }
}
