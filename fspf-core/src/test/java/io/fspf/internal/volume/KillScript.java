package io.fspf.internal.volume;

import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.CopyOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A sequence of operations in which everything follows from their numbers, so that two processes
 * agree on the state after each.
 */
final class KillScript {
  private static final int FILES = 10;
  private static final int MAX_SIZE = 300_000;

  private final Map<String, byte[]> files = new TreeMap<>();
  private long next;

  KillScript() {}

  KillScript copy() {
    var copy = new KillScript();
    copy.files.putAll(files);
    copy.next = next;
    return copy;
  }

  /** The files as they are to be after all operations that were done. */
  Map<String, byte[]> files() {
    return files;
  }

  /** How many operations were done: the number of the next. */
  long done() {
    return next;
  }

  /** Does the next operation on the model. */
  void next() {
    var random = new Random(next++);
    String file = file(random);
    byte[] old = files.getOrDefault(file, new byte[0]);
    switch (random.nextInt(8)) {
      case 0 -> files.remove(file);
      case 1 -> {
        byte[] moved = files.remove(file);
        if (moved != null) {
          files.put(target(file, random), moved);
        }
      }
      case 2 -> files.put(file, Arrays.copyOf(old, random.nextInt(MAX_SIZE)));
      default -> {
        int position = random.nextInt(old.length + 1);
        byte[] bytes = bytes(random);
        byte[] content = Arrays.copyOf(old, Math.max(old.length, position + bytes.length));
        System.arraycopy(bytes, 0, content, position, bytes.length);
        files.put(file, content);
      }
    }
  }

  /** Does an operation on a volume in which all before it are done. */
  static void run(long number, Volume volume) throws IOException {
    var random = new Random(number);
    String file = file(random);
    VolumePath path = VolumePath.of(file);
    boolean there = exists(volume, path);
    switch (random.nextInt(8)) {
      case 0 -> {
        if (there) {
          volume.delete(path);
        }
      }
      case 1 -> {
        if (there) {
          CopyOption replace = StandardCopyOption.REPLACE_EXISTING;
          volume.move(path, VolumePath.of(target(file, random)), replace);
        }
      }
      case 2 -> {
        try (VolumeFile open = open(volume, path)) {
          open.setSize(random.nextInt(MAX_SIZE));
        }
      }
      default -> {
        try (VolumeFile open = open(volume, path)) {
          int position = random.nextInt((int) open.size() + 1);
          open.write(ByteBuffer.wrap(bytes(random)), position);
        }
      }
    }
  }

  private static boolean exists(Volume volume, VolumePath path) throws IOException {
    try {
      return volume.attributes(path).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static VolumeFile open(Volume volume, VolumePath path) throws IOException {
    OpenOption[] options = {StandardOpenOption.WRITE, StandardOpenOption.CREATE};
    return volume.open(path, options);
  }

  private static String file(Random random) {
    return (random.nextInt(3) == 0 ? "/plain-to-see/" : "/") + "f" + random.nextInt(FILES);
  }

  private static String target(String file, Random random) {
    return file.substring(0, file.lastIndexOf('/') + 1) + "f" + random.nextInt(FILES);
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(40_000)];
    random.nextBytes(bytes);
    return bytes;
  }
}
