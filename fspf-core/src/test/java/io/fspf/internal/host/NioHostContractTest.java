package io.fspf.internal.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.io.TempDir;

class NioHostContractTest extends HostContractTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  @Override
  HostDirectory emptyDirectory() {
    return NioHost.directory(temporary);
  }

  @Override
  boolean hasRawNames() {
    return temporary.getFileSystem().getSeparator().equals("/");
  }

  @Override
  boolean hasModes() {
    return hasRawNames();
  }

  @Override
  boolean hasOwners() {
    return hasRawNames();
  }

  @Override
  boolean hasExtendedAttributes() {
    try {
      var view = Files.getFileAttributeView(temporary, UserDefinedFileAttributeView.class);
      view.write("probe", StandardCharsets.UTF_8.encode("x"));
      view.delete("probe");
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Override
  ChronoUnit linkTimeUnit() {
    // Before Java 18 the JDK sets the times of symbolic links with lutimes(3).
    return Runtime.version().feature() < 18 ? ChronoUnit.MICROS : ChronoUnit.NANOS;
  }
}
