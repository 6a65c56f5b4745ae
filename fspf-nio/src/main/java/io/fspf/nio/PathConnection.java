package io.fspf.nio;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads one file of any file system by its URL. */
final class PathConnection extends URLConnection {
  private final Path file;

  PathConnection(URL url, Path file) {
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
