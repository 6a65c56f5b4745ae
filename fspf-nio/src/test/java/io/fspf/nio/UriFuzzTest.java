package io.fspf.nio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fspf.Region;
import io.fspf.VolumePath;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any text as a URI of the scheme {@code fspf}, and as a path in an open volume: {@code
 * Path.of(uri)} finds a path whose own URI leads back to it, or throws what its contract names.
 */
class UriFuzzTest {
  @TempDir static Path scratch;

  private static FileSystem volume;

  @BeforeAll
  static void openVolume() throws IOException {
    Path place = scratch.resolve("v");
    TestVolumes volumes = new TestVolumes(place);
    volumes.create(Region.encrypted(VolumePath.ROOT, "."));
    volume = volumes.open();
  }

  @AfterAll
  static void closeVolume() throws IOException {
    volume.close();
  }

  @FuzzTest
  void uris(byte[] input) {
    String text = new String(input, UTF_8);
    uri("fspf:" + text);
    String place = volume.getPath("/").toUri().toString();
    uri(place + text);
    path(text);
  }

  private static void uri(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return;
    }
    Path path;
    try {
      path = Path.of(uri);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return;
    }
    leadsBack(path);
  }

  private static void path(String text) {
    Path path;
    try {
      path = volume.getPath(text);
    } catch (InvalidPathException e) {
      return;
    }
    if (!volume.getPath(path.toString()).equals(path)) {
      throw new AssertionError("The text of " + path + " is another path");
    }
    leadsBack(path);
  }

  private static void leadsBack(Path path) {
    Path back = Path.of(path.toUri());
    if (!back.equals(path.toAbsolutePath())) {
      throw new AssertionError(path.toUri() + " leads to " + back);
    }
  }
}
