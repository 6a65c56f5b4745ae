package io.fspf.nio;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The host's files below a directory at one moment, and what an adversary does to them. */
final class HostState {
  private final Path directory;
  private final Map<Path, byte[]> files = new TreeMap<>();

  HostState(Path directory) throws IOException {
    this.directory = directory;
    for (Path file : regularFiles()) {
      files.put(file, Files.readAllBytes(file));
    }
  }

  private List<Path> regularFiles() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  /** The files but for the volume's metadata, in an order that stays. */
  List<Path> contents() {
    return files.keySet().stream().filter(file -> !file.equals(metadata())).toList();
  }

  Path metadata() {
    return directory.resolve("fspf.pb");
  }

  byte[] content(Path file) {
    return files.getOrDefault(file, new byte[0]).clone();
  }

  /** Puts everything back, and removes what has come since. */
  void restore() throws IOException {
    for (Path file : regularFiles()) {
      if (!files.containsKey(file)) {
        Files.delete(file);
      }
    }
    for (var file : files.entrySet()) {
      if (!Files.exists(file.getKey())
          || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue())) {
        Files.write(file.getKey(), file.getValue());
      }
    }
  }

  static byte[] flipped(byte[] content, long bit) {
    byte[] changed = content.clone();
    changed[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
    return changed;
  }

  static byte[] zeroed(byte[] content, int from, int length) {
    byte[] changed = content.clone();
    Arrays.fill(changed, from, Math.min(content.length, from + length), (byte) 0);
    return changed;
  }

  static byte[] swapped(byte[] content, int one, int other, int length) {
    byte[] changed = content.clone();
    System.arraycopy(content, other, changed, one, length);
    System.arraycopy(content, one, changed, other, length);
    return changed;
  }

  /** The top-level fields of an fspf file: a tag of one byte, a length as a varint, the content. */
  static List<byte[]> frames(byte[] content) {
    var frames = new ArrayList<byte[]>();
    for (int at = 0; at < content.length; ) {
      int length = 0;
      int i = at + 1;
      for (int shift = 0; ; shift += 7, i++) {
        length |= (content[i] & 0x7F) << shift;
        if (content[i] >= 0) {
          break;
        }
      }
      int end = i + 1 + length;
      frames.add(Arrays.copyOfRange(content, at, end));
      at = end;
    }
    return frames;
  }

  static byte[] joined(List<byte[]> frames) {
    return Bytes.concat(frames.toArray(byte[][]::new));
  }
}
