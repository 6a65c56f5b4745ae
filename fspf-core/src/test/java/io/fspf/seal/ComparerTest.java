package io.fspf.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Freshness;
import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparerTest {
  private static final VolumeOptions OPTIONS = VolumeOptions.of(Freshness.unchecked());

  @TempDir private Path directory;
  private Path volume;
  private Path copy;

  @BeforeEach
  void seal() throws IOException {
    volume = make("volume");
    copy = make("copy");
    Sealer.authenticate(volume).seal();
  }

  private Path make(String name) throws IOException {
    Path tree = directory.resolve(name);
    Files.createDirectories(tree.resolve("d/e"));
    Files.writeString(tree.resolve("d/a"), "a");
    Files.writeString(tree.resolve("d/b"), "b".repeat(3 << 20));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("d/a"));
    return tree;
  }

  private List<String> differences() throws IOException {
    return differences(Comparer.of(volume, OPTIONS, copy));
  }

  private static List<String> differences(Comparer comparer) throws IOException {
    var found = new ArrayList<String>();
    comparer.compare(difference -> found.add(difference.path() + " " + difference.kind()));
    return found;
  }

  @Test
  void equalTreesDoNotDiffer() throws IOException {
    assertThat(differences()).isEmpty();
    // The fspf file is no part of the tree that it seals.
    assertThat(differences(Comparer.of(volume, OPTIONS, volume))).isEmpty();
  }

  @Test
  void eachKindIsTold() throws IOException {
    Files.writeString(copy.resolve("d/b"), "b".repeat((3 << 20) - 1) + "c");
    Files.setPosixFilePermissions(
        copy.resolve("d/a"), PosixFilePermissions.fromString("rwx------"));
    Files.delete(copy.resolve("d/e"));
    Files.writeString(copy.resolve("d/f"), "more");
    assertThat(differences())
        .containsExactly(
            "/d/a differs in mode",
            "/d/b differs in content",
            "/d/e is only in the volume",
            "/d/f is only in the directory");
  }

  @Test
  void typesAndTargetsAreTold() throws IOException {
    Files.delete(copy.resolve("link"));
    Files.createSymbolicLink(copy.resolve("link"), Path.of("d/b"));
    Files.delete(copy.resolve("d/a"));
    Files.createDirectory(copy.resolve("d/a"));
    Files.writeString(copy.resolve("d/b"), "shorter");
    assertThat(differences())
        .containsExactly(
            "/d/a differs in type", "/d/b differs in content", "/link leads elsewhere");
  }

  @Test
  void partIsComparedWithTheDirectoryItself() throws IOException {
    Files.delete(copy.resolve("link"));
    assertThat(
            differences(
                Comparer.of(volume, OPTIONS, copy.resolve("d")).withPath(VolumePath.of("/d"))))
        .isEmpty();
  }

  @Test
  void whatIsNotProtectedDoesNotCount() throws IOException {
    Path file = directory.resolve("volume.fspf");
    Volume.create(
            file,
            OPTIONS,
            List.of(
                Region.notProtected(VolumePath.ROOT, directory.toString()),
                Region.authenticated(VolumePath.of("/sealed"), copy.toString())))
        .close();
    Importer.into(file, OPTIONS.writable(), VolumePath.of("/sealed")).add(copy, Optional.empty());
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.writeString(root.resolve("other"), "other");
    assertThat(differences(Comparer.of(file, OPTIONS, root)))
        .containsExactly("/sealed is only in the volume");
    Files.move(copy, root.resolve("sealed"));
    Files.createSymbolicLink(copy, root.resolve("sealed"));
    assertThat(differences(Comparer.of(file, OPTIONS, root))).isEmpty();
  }

  @Test
  void damageIsNoDifference() throws IOException {
    Files.writeString(volume.resolve("d/a"), "x");
    assertThatThrownBy(this::differences)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("/d/a");
  }

  @Test
  void progressIsToldAndMayCancel() throws IOException {
    var bytes = new long[1];
    var comparer = Comparer.of(volume, OPTIONS, copy);
    differences(comparer.withProgress((files, more) -> bytes[0] += more));
    assertThat(bytes[0]).isEqualTo((3 << 20) + 1);
    var cancelling =
        new SealProgress() {
          @Override
          public void advanced(long files, long more) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    assertThatThrownBy(() -> differences(comparer.withProgress(cancelling)))
        .isInstanceOf(CancellationException.class);
  }
}
