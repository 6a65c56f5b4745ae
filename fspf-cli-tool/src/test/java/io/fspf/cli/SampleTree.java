package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A small tree of the host with a bit of everything, and how to find it again in a volume. */
final class SampleTree {
  private SampleTree() {}

  /** Makes the tree; other seeds give other contents. */
  static Path make(Path directory, long seed) throws IOException {
    var random = new Random(seed);
    Files.createDirectories(directory.resolve("lib/deep"));
    Files.createDirectories(directory.resolve("empty"));
    for (int size : new int[] {0, 1, 5000, 65536, 200_001}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      Files.write(directory.resolve("lib/f" + size), content);
    }
    Files.writeString(directory.resolve("lib/deep/text ü"), "seed " + seed + "\n");
    Path script = Files.writeString(directory.resolve("run.sh"), "#!/bin/sh\nexit " + seed + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("lib/f5000"));
    Files.createSymbolicLink(directory.resolve("dangling"), Path.of("../nowhere"));
    return directory;
  }

  /** The paths of all files below a directory, from there, in order. */
  static List<String> names(Path given) throws IOException {
    Path directory = given.toRealPath();
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !path.equals(directory))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  /** Holds that the volume has exactly this tree at a path. */
  static void assertSame(VolumeView volume, String at, Path directory) throws IOException {
    VolumePath root = VolumePath.of(at);
    assertThat(names(volume, root, "")).isEqualTo(names(directory));
    for (String name : names(directory)) {
      VolumePath path = root.resolve(VolumePath.of(name));
      Path file = directory.resolve(name);
      FileAttributes attributes = volume.attributes(path, LinkOption.NOFOLLOW_LINKS);
      if (Files.isSymbolicLink(file)) {
        assertThat(new String(volume.readSymbolicLink(path), StandardCharsets.UTF_8))
            .isEqualTo(Files.readSymbolicLink(file).toString());
      } else {
        assertThat(attributes.mode())
            .as(name)
            .isEqualTo((int) Files.getAttribute(file, "unix:mode") & 07777);
      }
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        assertThat(read(volume, path)).as(name).isEqualTo(Files.readAllBytes(file));
      }
    }
  }

  private static List<String> names(VolumeView volume, VolumePath directory, String prefix)
      throws IOException {
    var names = new ArrayList<String>();
    var cursor = volume.list(directory);
    while (cursor.next()) {
      String name = prefix + cursor.entry().name();
      names.add(name);
      if (cursor.entry().type() == FileType.DIRECTORY) {
        names.addAll(names(volume, directory.resolve(cursor.entry().name()), name + "/"));
      }
    }
    names.sort(null);
    return names;
  }

  /** The content of a file. */
  static byte[] read(VolumeView volume, VolumePath path) throws IOException {
    try (VolumeFile file = volume.open(path)) {
      ByteBuffer content = ByteBuffer.allocate((int) file.size());
      while (content.hasRemaining()) {
        assertThat(file.read(content, content.position())).isPositive();
      }
      return content.array();
    }
  }
}
