package io.fspf.internal.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Moves from one region into another, in the place of what stands there. */
class CrossRegionMoveTest {
  private static final List<String> REGIONS = List.of("", "/both", "/sha", "/gmac");
  private static final List<String> TARGETS = List.of("/file", "/empty", "/link");

  private final VolumeBench bench = new VolumeBench(7);

  static List<Arguments> moves() {
    var moves = new ArrayList<Arguments>();
    for (String from : REGIONS) {
      for (String to : REGIONS) {
        if (!from.equals(to)) {
          for (String source : List.of("/tree", "/tree/large")) {
            TARGETS.forEach(target -> moves.add(Arguments.of(from + source, to + target)));
          }
        }
      }
    }
    return moves;
  }

  private Volume filled() throws IOException {
    bench.setCacheBytes(0);
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      for (String region : REGIONS) {
        volume.createDirectory(path(region + "/tree"), 0750);
        volume.createDirectory(path(region + "/tree/below"), 0700);
        write(volume, region + "/tree/below/small", 10, 1);
        volume.createSymbolicLink(path(region + "/tree/below/link"), "../large".getBytes(UTF_8));
        write(volume, region + "/tree/large", 5 * VolumeBench.CHUNK + 7, 2);
        volume.setExtendedAttribute(
            path(region + "/tree/large"), Name.of("name"), "value".getBytes(UTF_8));
        write(volume, region + "/file", 2 * VolumeBench.CHUNK, 3);
        volume.createDirectory(path(region + "/empty"), 0755);
        volume.createSymbolicLink(path(region + "/link"), "file".getBytes(UTF_8));
      }
    }
    return bench.open();
  }

  private static VolumePath path(String path) {
    return VolumePath.of(path);
  }

  private static void write(Volume volume, String path, int size, int value) throws IOException {
    byte[] content = new byte[size];
    java.util.Arrays.fill(content, (byte) value);
    try (VolumeFile file =
        volume.open(path(path), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      assertThat(file.write(ByteBuffer.wrap(content), 0)).isEqualTo(size);
    }
  }

  private VolumeDump reopened(Volume volume) throws IOException {
    volume.close();
    try (Volume again = bench.open()) {
      return VolumeDump.of(again);
    }
  }

  /** The host leads the last read of the source astray: nothing has happened. */
  @ParameterizedTest
  @MethodSource("moves")
  void failingWhileItCopies(String from, String to) throws IOException {
    Volume volume = filled();
    VolumeDump before = VolumeDump.of(volume);
    bench
        .host()
        .setReadHook(
            (operation, into, offset, count) -> {
              boolean content = !operation.path().toString().equals(VolumeBench.FILE);
              long at = 5L * VolumeBench.CHUNK - operation.position();
              if (content && at >= 0 && at < count) {
                into[offset + (int) at] ^= 1;
              }
            });
    assertThatThrownBy(() -> volume.move(path(from), path(to), StandardCopyOption.REPLACE_EXISTING))
        .isInstanceOf(IntegrityException.class);
    bench.host().setReadHook((operation, into, offset, count) -> {});
    assertThat(VolumeDump.of(volume).differenceFrom(before)).isEmpty();
    assertThat(reopened(volume).differenceFrom(before)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("moves")
  void replacing(String from, String to) throws IOException {
    Volume volume = filled();
    VolumeDump before = VolumeDump.of(volume);
    assertThatThrownBy(() -> volume.move(path(from), path(to)))
        .isInstanceOf(FileAlreadyExistsException.class);
    VolumePath full = path(to).parent().resolve(Name.of("tree"));
    assertThatThrownBy(() -> volume.move(path(from), full, StandardCopyOption.REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(VolumeDump.of(volume).differenceFrom(before)).isEmpty();

    // Somebody goes on reading what is replaced.
    VolumeFile open = to.endsWith("/file") ? volume.open(path(to)) : null;
    volume.move(path(from), path(to), StandardCopyOption.REPLACE_EXISTING);
    if (open != null) {
      assertThat(open.read(ByteBuffer.allocate(9), 0)).isEqualTo(9);
      open.close();
    }
    VolumeDump after = VolumeDump.of(volume);
    assertThatThrownBy(() -> volume.attributes(path(from))).hasMessageContaining(from);
    assertThat(volume.list(path(to).parent()))
        .satisfies(
            cursor -> {
              while (cursor.next()) {
                assertThat(cursor.entry().name().toString()).doesNotStartWith(".fspf-moving");
              }
            });
    String large = from.endsWith("/large") ? to : to + "/large";
    assertThat(volume.attributes(path(large)).size()).isEqualTo(5 * VolumeBench.CHUNK + 7);
    assertThat(volume.extendedAttributes(path(large))).containsKey(Name.of("name"));
    assertThat(reopened(volume).differenceFrom(after)).isEmpty();
    assertThat(bench.host().files())
        .noneMatch(file -> file.toString().contains(".fspf-moving"))
        .noneMatch(file -> file.toString().contains(".fspf-staging"));
  }
}
