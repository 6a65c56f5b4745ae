package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.fspf.FreshnessException;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening by URI and by path, with typed entries, with text, and with what the process says. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
class FspfEnvironmentTest {
  private static final String KEY = "0123456789abcdef".repeat(4);

  @TempDir Path host;

  private URI uri(String name) {
    return URI.create("fspf://" + host.resolve(name));
  }

  @Test
  void createsAndOpensByText() throws IOException {
    Path keyFile = host.resolve("key");
    Map<String, String> environment =
        Map.of("keyFile", keyFile.toString(), "create", "true", "tag", "unchecked");
    try (FileSystem made = FileSystems.newFileSystem(uri("v"), environment)) {
      Files.writeString(made.getPath("/f"), "content");
      assertThat(FileSystems.getFileSystem(uri("v"))).isSameAs(made);
      assertThatThrownBy(() -> FileSystems.newFileSystem(uri("v"), environment))
          .isInstanceOf(FileSystemAlreadyExistsException.class);
    }
    assertThatThrownBy(() -> FileSystems.getFileSystem(uri("v")))
        .isInstanceOf(FileSystemNotFoundException.class);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
    assertThat(host.resolve("v/fspf.pb")).exists();
    try (FileSystem again = FileSystems.newFileSystem(uri("v"), environment)) {
      assertThat(again.getPath("/f")).hasContent("content");
    }
    try (FileSystem byPath =
        FileSystems.newFileSystem(
            host.resolve("v/fspf.pb"), Map.of("keyFile", keyFile.toString(), "readOnly", "true"))) {
      assertThat(byPath.isReadOnly()).isTrue();
      assertThat(byPath.getPath("/f")).hasContent("content");
      assertThatThrownBy(() -> Files.writeString(byPath.getPath("/f"), "x"))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThat(Files.isWritable(byPath.getPath("/f"))).isFalse();
    }
    try (var all = Files.walk(host.resolve("v"))) {
      assertThat(all.filter(Files::isRegularFile))
          .allSatisfy(
              file -> assertThat(Files.readAllBytes(file)).asString().doesNotContain("content"));
    }
  }

  @Test
  void pinsATagAndFollowsAStore() throws IOException {
    RootTag first;
    var environment =
        Map.of("key", KEY, "create", "true", "tagStore", "dir:" + host.resolve("tags"));
    try (FileSystem made = FileSystems.newFileSystem(uri("v.fspf"), environment)) {
      Files.writeString(made.getPath("/f"), "one");
      first = FspfFileSystems.volume(made).commit();
    }
    byte[] old = Files.readAllBytes(host.resolve("v.fspf"));
    RootTag last;
    try (FileSystem again = FileSystems.newFileSystem(uri("v.fspf"), environment)) {
      Files.writeString(again.getPath("/f"), "two");
      last = FspfFileSystems.volume(again).commit();
    }
    last = Volume.tagOf(host.resolve("v.fspf"));
    Path tagFile = Files.writeString(host.resolve("tag"), last + "\n");
    for (Map<String, String> pin :
        java.util.List.of(
            Map.of("key", KEY, "tag", last.toString()),
            Map.of("key", KEY, "tagFile", tagFile.toString()))) {
      try (FileSystem pinned = FileSystems.newFileSystem(uri("v.fspf"), pin)) {
        assertThat(pinned.isReadOnly()).isTrue();
        assertThat(pinned.getPath("/f")).hasContent("two");
      }
    }
    assertThatThrownBy(
            () ->
                FileSystems.newFileSystem(
                    uri("v.fspf"), Map.of("key", KEY, "tag", first.toString())))
        .isInstanceOf(FreshnessException.class);
    Files.write(host.resolve("v.fspf"), old);
    assertThatThrownBy(() -> FileSystems.newFileSystem(uri("v.fspf"), environment))
        .isInstanceOf(FreshnessException.class);
  }

  @Test
  void refusesWhatItDoesNotKnow() throws IOException {
    try (FileSystem made =
        FileSystems.newFileSystem(
            uri("v"), Map.of("key", KEY, "create", "true", "tag", "unchecked"))) {
      assertThat(made.isOpen()).isTrue();
    }
    assertThatThrownBy(() -> FileSystems.newFileSystem(uri("v"), Map.of("kyFile", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kyFile");
    assertThatThrownBy(
            () -> FileSystems.newFileSystem(uri("v"), Map.of("key", KEY, "keyFile", "x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> FileSystems.newFileSystem(uri("v"), Map.of("key", KEY, "readOnly", "perhaps")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                FileSystems.newFileSystem(
                    uri("v"), Map.of("key", "f".repeat(64), "tag", "unchecked")))
        .isInstanceOf(VolumeKeyException.class);
    assertThatThrownBy(() -> FileSystems.newFileSystem(uri("none"), Map.of("key", KEY)))
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
    Path other = Files.writeString(host.resolve("other"), "no volume");
    assertThatThrownBy(() -> new FspfFileSystemProvider().newFileSystem(other, Map.of()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(FspfEnvironment.empty().withPassphrase("secret".toCharArray()).create().toString())
        .doesNotContain("secret");
  }

  @Test
  void takesFromTheProcessWhatTheEnvironmentDoesNotSay() throws IOException {
    Path keyFile = host.resolve("key");
    var process =
        new OpenRequest.ProcessSettings(
            Map.of("fspf.key.file", keyFile.toString(), "fspf.tag", "unchecked"), Map.of());
    OpenRequest request = OpenRequest.of(Map.of(), process);
    assertThat(request.options().keys()).isPresent();
    assertThat(request.options().freshness()).isInstanceOf(io.fspf.Freshness.Unchecked.class);

    var variables =
        new OpenRequest.ProcessSettings(
            Map.of(), Map.of("SCONE_FSPF_KEY", KEY, "SCONE_FSPF_TAG", "ab".repeat(32)));
    request = OpenRequest.of(Map.of("commitInterval", "PT1M", "cacheBytes", "1000"), variables);
    assertThat(request.options().keys()).isPresent();
    assertThat(request.options().freshness()).isInstanceOf(io.fspf.Freshness.Pinned.class);
    assertThat(request.options().commitInterval()).hasSeconds(60);
    assertThat(request.options().cacheBytes()).isEqualTo(1000);
    assertThat(OpenRequest.of(Map.of("tag", "unchecked"), variables).options().freshness())
        .isInstanceOf(io.fspf.Freshness.Unchecked.class);

    var required = new OpenRequest.ProcessSettings(Map.of("fspf.tag.required", "true"), Map.of());
    assertThatThrownBy(() -> OpenRequest.of(Map.of(), required))
        .isInstanceOf(FreshnessException.class);
  }

  @Test
  void theHostMayBeAnotherProviderAndAnotherVolume() throws IOException {
    var environment = Map.of("key", KEY, "create", "true", "tag", "unchecked");
    try (FileSystem memory =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix", "user")
                .build())) {
      Path place = memory.getPath("v.fspf").toAbsolutePath();
      URI outerUri = URI.create("fspf:" + place.toUri() + "!/");
      try (FileSystem outer = FileSystems.newFileSystem(outerUri, environment)) {
        Files.writeString(outer.getPath("/f"), "outer");
        assertThat(Path.of(outer.getPath("/f").toUri())).hasContent("outer");
      }
      assertThat(place).exists();
    }
    try (FileSystem outer = FileSystems.newFileSystem(uri("outer"), environment)) {
      Path place = Files.createDirectory(outer.getPath("/a b!")).resolve("inner.fspf");
      URI innerUri = URI.create("fspf:" + place.toUri() + "!/");
      try (FileSystem inner = FileSystems.newFileSystem(innerUri, environment)) {
        Files.writeString(inner.getPath("/f!"), "inner");
        assertThat(Path.of(inner.getPath("/f!").toUri())).hasContent("inner");
      }
      try (FileSystem inner = FileSystems.newFileSystem(innerUri, environment)) {
        assertThat(inner.getPath("/f!")).hasContent("inner");
      }
    }
  }
}
