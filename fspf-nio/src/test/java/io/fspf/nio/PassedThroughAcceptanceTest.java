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

/** A region that is not protected does what the default file system does. */
class PassedThroughAcceptanceTest extends FileSystemAcceptanceTest {
  @TempDir static Path host;
  private static FileSystem volume;

  @BeforeAll
  static void open() throws IOException {
    volume = new TestVolumes(host).passedThrough();
    Files.createDirectory(volume.getPath("/host/work"));
  }

  @AfterAll
  static void close() throws IOException {
    volume.close();
  }

  @Override
  protected Path workDirectory() {
    return volume.getPath("/host/work");
  }

  @Override
  protected Set<String> exempt() {
    return CompatibilityTableTest.EXPLAINED.keySet();
  }
}
