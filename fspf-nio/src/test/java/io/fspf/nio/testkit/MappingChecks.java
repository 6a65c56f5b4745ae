package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Files in memory. */
final class MappingChecks {
  private MappingChecks() {}

  static List<Check> all() {
    return new Checks("map")
        .add(
            "READ_ONLY shows the file",
            dir -> {
              byte[] content = Checks.random(200_000);
              Path file = Files.write(dir.resolve("f"), content);
              try (FileChannel channel = FileChannel.open(file, READ)) {
                MappedByteBuffer map = channel.map(MapMode.READ_ONLY, 1000, 150_000);
                byte[] read = new byte[map.remaining()];
                map.get(read);
                assertThat(read).isEqualTo(Arrays.copyOfRange(content, 1000, 151_000));
                assertThat(map.isReadOnly()).isTrue();
                assertThatThrownBy(() -> map.put(0, (byte) 1))
                    .isInstanceOf(ReadOnlyBufferException.class);
                assertThat(channel.position()).isZero();
              }
            })
        .add(
            "a mapping outlives its channel",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              MappedByteBuffer map;
              try (FileChannel channel = FileChannel.open(file, READ)) {
                map = channel.map(MapMode.READ_ONLY, 0, 3);
              }
              assertThat(map.get(2)).isEqualTo((byte) 'c');
              map.load();
            })
        .add(
            "PRIVATE is changed without the file",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                MappedByteBuffer map = channel.map(MapMode.PRIVATE, 0, 3);
                map.put(0, (byte) 'X');
                map.force();
                assertThat(map.get(0)).isEqualTo((byte) 'X');
              }
              assertThat(file).hasContent("abc");
            })
        .add(
            "READ_WRITE changes the file",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                MappedByteBuffer map = channel.map(MapMode.READ_WRITE, 0, 3);
                map.put(0, (byte) 'X');
                map.force();
              }
              assertThat(file).hasContent("Xbc");
            })
        .add(
            "an empty mapping is empty",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ)) {
                assertThat(channel.map(MapMode.READ_ONLY, 0, 0).capacity()).isZero();
              }
            })
        .add(
            "a mapping for reading does not reach behind the end",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ)) {
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 10))
                    .isInstanceOf(IOException.class);
              }
            })
        .add(
            "modes need channels that can do them",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ)) {
                assertThatThrownBy(() -> channel.map(MapMode.PRIVATE, 0, 1))
                    .isInstanceOf(NonWritableChannelException.class);
              }
              try (FileChannel channel = FileChannel.open(file, WRITE)) {
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1))
                    .isInstanceOf(NonReadableChannelException.class);
              }
            })
        .add(
            "arguments that cannot be are refused",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              try (FileChannel channel = FileChannel.open(file, READ)) {
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, -1, 1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, -1))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1L << 31))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .list();
  }
}
