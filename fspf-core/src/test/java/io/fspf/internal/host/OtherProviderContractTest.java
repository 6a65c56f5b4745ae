package io.fspf.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory.Mode;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host on a provider that is not the JDK's: here one in memory, with names that are text. */
class OtherProviderContractTest extends HostContractTest {
  private final FileSystem memory =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "user")
              .build());

  @Override
  HostDirectory emptyDirectory() throws Exception {
    Files.createDirectory(memory.getPath("/root"));
    return NioHost.of(memory).directory("/root");
  }

  @AfterEach
  void close() throws Exception {
    memory.close();
  }

  @Override
  boolean hasRawNames() {
    return false;
  }

  @Override
  boolean hasOwners() {
    return false;
  }

  @Test
  void aNameThatIsNoTextIsRefused() {
    VolumePath path = VolumePath.ROOT.resolve(Name.ofBytes(new byte[] {(byte) 0xFF}));
    assertThatThrownBy(() -> dir.open(path, Mode.CREATE))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/root")
        .hasMessageContaining("cannot represent");
  }

  @Test
  void theDirectoryMustBeAbsolute() {
    assertThatThrownBy(() -> NioHost.of(memory).directory("root"))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void namesWithTheProvidersSeparatorAreRefused() throws Exception {
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      HostDirectory root = NioHost.of(windows).directory("C:\\work");
      for (String name : new String[] {"a\\b", "C:", "a:b", "a?"}) {
        assertThatThrownBy(() -> root.open(VolumePath.of(name), Mode.CREATE))
            .as(name)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("cannot represent");
      }
      root.createDirectory(VolumePath.of("d"));
      root.open(VolumePath.of("d/ä"), Mode.CREATE).close();
      assertThat(root.list(VolumePath.of("d"))).containsExactly(Name.of("ä"));
    }
  }
}
