package io.fspf.nio;

import io.fspf.nio.testkit.FileSystemAcceptanceTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The oracle passes its own test. */
class DefaultFileSystemAcceptanceTest extends FileSystemAcceptanceTest {
  @TempDir Path directory;

  @Override
  protected Path workDirectory() {
    return directory;
  }
}
