package io.fspf.nio.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Puts one file system to all checks. Whoever makes a provider extends this and says where to work;
 * the default file system of Linux passes all of them.
 */
public abstract class FileSystemAcceptanceTest {
  private final AtomicInteger number = new AtomicInteger();

  /** A directory of the file system, in which the checks make their own. */
  protected abstract Path workDirectory() throws IOException;

  /** The names of checks that this file system does not pass, and is not meant to. */
  protected Set<String> exempt() {
    return Set.of();
  }

  @TestFactory
  Stream<DynamicTest> doesWhatTheDefaultFileSystemDoes() {
    return FileSystemChecks.all().stream()
        .filter(check -> !exempt().contains(check.name()))
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check.area() + ": " + check.name(), () -> check.body().run(freshDirectory())));
  }

  private Path freshDirectory() throws IOException {
    return Files.createDirectory(workDirectory().resolve("check" + number.incrementAndGet()));
  }
}
