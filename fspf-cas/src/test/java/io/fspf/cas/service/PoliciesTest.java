package io.fspf.cas.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.FreshnessException;
import io.fspf.cas.client.Configuration;
import io.fspf.cas.client.ReleasedVolumes;
import io.fspf.cas.session.Session;
import io.fspf.nio.MountedFileSystemProvider;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume that the service initialises, from one start of its program to the next. */
class PoliciesTest {
  @TempDir private Path folder;
  private TestService service;

  @BeforeEach
  void begin() throws Exception {
    service = TestService.start(folder, true);
  }

  @AfterEach
  void end() throws IOException {
    service.close();
  }

  private void session(String policy) throws IOException {
    var unused =
        service
            .client("owner")
            .create(
                Session.read(
                    """
                    name: own
                    services:
                      - {name: app, image_name: img, mrenclaves: [%s]}
                    images:
                      - {name: img, volumes: [{name: data, path: /data}]}
                    volumes:
                      - name: data
                        update_policy: %s
                        files: [{path: /etc/config, content: "x = 1"}]
                    """
                        .formatted(Blender.MEASUREMENT, policy)));
  }

  private Path data() {
    return folder.resolve("host/data");
  }

  private Blender.Running start() throws IOException {
    Configuration configuration =
        service.program().attest("own/app", service.intel().sgx(Blender.MEASUREMENT));
    return new Blender.Running(
        configuration,
        new MountedFileSystemProvider(
            FileSystems.getDefault().provider(),
            new ReleasedVolumes(configuration, folder.resolve("host"), Map.of()).mounts()));
  }

  /** Starts, finds the initial file, and leaves another behind. */
  private void firstUse() throws IOException {
    try (Blender.Running program = start()) {
      assertThat(program.read("/data/etc/config")).isEqualTo("x = 1");
      Files.writeString(program.path("/data/left"), "behind");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollback_protected",
        "rollback_protected_reinitializable",
        "no_rollback_protection"
      })
  void itIsMadeOnceAndKept(String policy) throws IOException {
    session(policy);
    firstUse();
    try (Blender.Running program = start()) {
      assertThat(program.read("/data/left")).isEqualTo("behind");
    }
  }

  @Test
  void anEphemeralOneIsMadeAnewEachTime() throws IOException {
    session("ephemeral");
    firstUse();
    Files.writeString(data().resolve("of somebody else"), "stays");
    try (Blender.Running program = start()) {
      assertThat(program.path("/data/left")).doesNotExist();
      assertThat(program.read("/data/etc/config")).isEqualTo("x = 1");
      Files.writeString(program.path("/data/left"), "again");
      assertThat(program.read("/data/left")).isEqualTo("again");
    }
    assertThat(data().resolve("of somebody else")).exists();
  }

  @Test
  void oneThatMayBeInitialisedAgainIsWhenItIsGone() throws IOException {
    session("rollback_protected_reinitializable");
    firstUse();
    Path old = folder.resolve("old");
    Blender.replace(data(), old);
    Blender.replace(Files.createDirectory(folder.resolve("empty")), data());
    firstUse();
    // Gone is allowed, old is not.
    Blender.replace(old, data());
    try (Blender.Running program = start()) {
      assertThatThrownBy(() -> program.read("/data/left")).isInstanceOf(FreshnessException.class);
    }
  }

  @Test
  void aProtectedOneThatIsGoneIsNotMadeAgain() throws IOException {
    session("rollback_protected");
    firstUse();
    Blender.replace(Files.createDirectory(folder.resolve("empty")), data());
    try (Blender.Running program = start()) {
      assertThatThrownBy(() -> program.read("/data/left")).isInstanceOf(IOException.class);
      assertThat(data().resolve("fspf.pb")).doesNotExist();
    }
  }
}
