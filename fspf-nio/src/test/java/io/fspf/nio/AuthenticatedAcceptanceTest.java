package io.fspf.nio;

import io.fspf.nio.testkit.FileSystemAcceptanceTest;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A writable authenticated region does what the default file system does. */
class AuthenticatedAcceptanceTest extends FileSystemAcceptanceTest {
  @TempDir static Path host;
  private static FileSystem volume;

  @BeforeAll
  static void open() throws IOException {
    volume = new TestVolumes(host).authenticated();
    Files.createDirectory(volume.getPath("/work"));
  }

  @AfterAll
  static void close() throws IOException {
    volume.close();
  }

  @Override
  protected Path workDirectory() {
    return volume.getPath("/work");
  }

  @Override
  protected Set<String> exempt() {
    return CompatibilityTableTest.EXPLAINED.keySet();
  }
}
