package io.fspf.nio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any text as a mount table: refused as none, or a table whose mounts can be looked up by paths,
 * and whose volumes' options are refused or taken.
 */
class MountTableFuzzTest {
  /** Entries that read a file, or make a directory, where the table says. */
  private static final Set<String> ON_THE_HOST = Set.of("tagFile", "tagStore");

  private static final OpenRequest.ProcessSettings NOTHING =
      new OpenRequest.ProcessSettings(Map.of(), Map.of());

  @TempDir static Path scratch;

  @FuzzTest
  void table(byte[] input) throws IOException {
    Path file = scratch.resolve("mounts");
    Files.write(file, input);
    MountTable table;
    try {
      table = MountTable.read(file);
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      return;
    }
    for (MountTable.Entry entry : table.entries()) {
      if (entry.toString().isEmpty() || entry.isEphemeral() != entry.volume().isEmpty()) {
        throw new AssertionError(entry.at());
      }
      options(entry.environment());
    }
    Mounts mounts;
    try {
      mounts = new Mounts(FileSystems.getDefault(), table);
    } catch (IllegalArgumentException e) {
      return;
    }
    for (Mount mount : mounts.all()) {
      Mounts.Place place = mounts.place(mount.at(), true);
      if (place.mount() == null || !place.absolute().equals(mount.at())) {
        throw new AssertionError(mount + " leads to " + place + ": " + new String(input, UTF_8));
      }
    }
  }

  private static void options(Map<String, ?> environment) throws IOException {
    try {
      if (environment.keySet().stream().noneMatch(ON_THE_HOST::contains)) {
        OpenRequest.of(environment, NOTHING);
      }
    } catch (IllegalArgumentException e) {
      // Refused.
    }
  }
}
