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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A sequence of operations in which everything follows from their numbers, so that two processes
 * agree on the state after each.
 */
final class KillScript {
  /**
   * What the operations are about.
   *
   * @param directories each with a slash at its end; one that stands here twice is taken twice as
   *     often
   * @param files how many names there are in each directory
   * @param maxSize to which a file's size is set, in bytes
   * @param maxWrite the longest write, in bytes
   */
  record Shape(List<String> directories, int files, int maxSize, int maxWrite) {
    /** Few files, so that much happens to each of them. */
    static final Shape SMALL = new Shape(List.of("/", "/", "/plain-to-see/"), 10, 300_000, 40_000);
  }

  private final Shape shape;
  private final Map<String, byte[]> files = new TreeMap<>();
  private long next;

  KillScript(Shape shape) {
    this.shape = shape;
  }

  KillScript copy() {
    var copy = new KillScript(shape);
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
    String file = file(random, shape);
    byte[] old = files.getOrDefault(file, new byte[0]);
    switch (random.nextInt(8)) {
      case 0 -> files.remove(file);
      case 1 -> {
        byte[] moved = files.remove(file);
        if (moved != null) {
          files.put(target(file, random, shape), moved);
        }
      }
      case 2 -> files.put(file, Arrays.copyOf(old, random.nextInt(shape.maxSize())));
      default -> {
        int position = random.nextInt(old.length + 1);
        byte[] bytes = bytes(random, shape);
        byte[] content = Arrays.copyOf(old, Math.max(old.length, position + bytes.length));
        System.arraycopy(bytes, 0, content, position, bytes.length);
        files.put(file, content);
      }
    }
  }

  /** Does an operation on a volume in which all before it are done. */
  static void run(long number, Volume volume, Shape shape) throws IOException {
    var random = new Random(number);
    String file = file(random, shape);
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
          volume.move(path, VolumePath.of(target(file, random, shape)), replace);
        }
      }
      case 2 -> {
        try (VolumeFile open = open(volume, path)) {
          open.setSize(random.nextInt(shape.maxSize()));
        }
      }
      default -> {
        try (VolumeFile open = open(volume, path)) {
          int position = random.nextInt((int) open.size() + 1);
          open.write(ByteBuffer.wrap(bytes(random, shape)), position);
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

  private static String file(Random random, Shape shape) {
    List<String> directories = shape.directories();
    return directories.get(random.nextInt(directories.size()))
        + "f"
        + random.nextInt(shape.files());
  }

  private static String target(String file, Random random, Shape shape) {
    return file.substring(0, file.lastIndexOf('/') + 1) + "f" + random.nextInt(shape.files());
  }

  private static byte[] bytes(Random random, Shape shape) {
    byte[] bytes = new byte[random.nextInt(shape.maxWrite())];
    random.nextBytes(bytes);
    return bytes;
  }
}
