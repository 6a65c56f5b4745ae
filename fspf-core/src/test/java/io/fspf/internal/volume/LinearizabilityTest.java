package io.fspf.internal.volume;

import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What several threads see of a volume could be seen by one that does the same one after the other:
 * Lincheck draws short programs for three threads, runs each many times, and looks for an order
 * that explains all results.
 *
 * <p>The volume commits on its own all the while, with contents that change between the record and
 * an object file, and with files that are removed, moved and replaced while others have them open.
 */
class LinearizabilityTest {
  private static final boolean SLOW = Boolean.getBoolean("fspf.slow");
  private static final int PROGRAMS = Integer.getInteger("fspf.lincheck.programs", SLOW ? 200 : 15);
  private static final int RUNS = SLOW ? 1000 : 100;

  @ParameterizedTest
  @ValueSource(classes = {Encrypted.class, Authenticated.class})
  void asIfByOneThread(Class<?> volume) {
    new StressOptions()
        .threads(3)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(2)
        .iterations(PROGRAMS)
        .invocationsPerIteration(RUNS)
        .sequentialSpecification(Plain.class)
        .check(volume);
  }

  private static final int[] SIZES = {10, 200, 9000};

  private static byte[] bytes(int kind) {
    byte[] bytes = new byte[SIZES[kind]];
    Arrays.fill(bytes, (byte) (kind + 1));
    return bytes;
  }

  /** Files by their numbers, in one thread. */
  public static final class Plain {
    private final Map<Integer, byte[]> files = new HashMap<>();

    public boolean create(int file) {
      return files.putIfAbsent(file, new byte[0]) == null;
    }

    public boolean write(int file, int kind) {
      return files.computeIfPresent(file, (f, content) -> written(content, bytes(kind))) != null;
    }

    private static byte[] written(byte[] content, byte[] bytes) {
      byte[] changed = Arrays.copyOf(content, Math.max(content.length, bytes.length));
      System.arraycopy(bytes, 0, changed, 0, bytes.length);
      return changed;
    }

    public boolean cut(int file) {
      return files.computeIfPresent(file, (f, content) -> new byte[0]) != null;
    }

    public String read(int file) {
      return text(files.get(file));
    }

    public long size(int file) {
      byte[] content = files.get(file);
      return content == null ? -1 : content.length;
    }

    public boolean delete(int file) {
      return files.remove(file) != null;
    }

    public boolean move(int from, int to) {
      byte[] moved = files.remove(from);
      if (moved == null) {
        return false;
      }
      files.put(to, moved);
      return true;
    }

    public void commit() {}
  }

  /** The length of each run of equal bytes. */
  private static String text(byte @Nullable [] content) {
    if (content == null) {
      return "none";
    }
    var text = new StringBuilder();
    for (int from = 0; from < content.length; ) {
      int to = from;
      while (to < content.length && content[to] == content[from]) {
        to++;
      }
      text.append(content[from]).append('x').append(to - from).append(' ');
      from = to;
    }
    return text.toString();
  }

  /** In the root. */
  public static final class Encrypted extends Checked {
    public Encrypted() throws IOException {
      super("/");
    }
  }

  /** In a region whose files are replaced as a whole. */
  public static final class Authenticated extends Checked {
    public Authenticated() throws IOException {
      super("/sha/");
    }
  }

  /** The same operations on a volume. */
  @Param(name = "file", gen = IntGen.class, conf = "0:1")
  @Param(name = "kind", gen = IntGen.class, conf = "0:2")
  public abstract static class Checked {
    private final Volume volume;
    private final String directory;

    Checked(String directory) throws IOException {
      this.directory = directory;
      var bench = new VolumeBench(System.nanoTime());
      volume = bench.create(VolumeBench.REGIONS);
    }

    private VolumePath path(int file) {
      return VolumePath.of(directory + file);
    }

    private interface Action {
      void run() throws IOException;
    }

    private static boolean found(Action action) throws IOException {
      try {
        action.run();
        return true;
      } catch (NoSuchFileException e) {
        return false;
      }
    }

    @Operation
    public boolean create(@Param(name = "file") int file) throws IOException {
      try {
        volume.open(path(file), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).close();
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    }

    @Operation
    public boolean write(@Param(name = "file") int file, @Param(name = "kind") int kind)
        throws IOException {
      return found(
          () -> {
            try (VolumeFile open = volume.open(path(file), StandardOpenOption.WRITE)) {
              open.write(ByteBuffer.wrap(bytes(kind)), 0);
            }
          });
    }

    @Operation
    public boolean cut(@Param(name = "file") int file) throws IOException {
      return found(
          () -> {
            try (VolumeFile open = volume.open(path(file), StandardOpenOption.WRITE)) {
              open.setSize(0);
            }
          });
    }

    @Operation
    public String read(@Param(name = "file") int file) throws IOException {
      try (VolumeFile open = volume.open(path(file))) {
        ByteBuffer into = ByteBuffer.allocate(10_000);
        open.read(into, 0);
        return text(Arrays.copyOf(into.array(), into.position()));
      } catch (NoSuchFileException e) {
        return text(null);
      }
    }

    @Operation
    public long size(@Param(name = "file") int file) throws IOException {
      try {
        return volume.attributes(path(file)).size();
      } catch (NoSuchFileException e) {
        return -1;
      }
    }

    @Operation
    public boolean delete(@Param(name = "file") int file) throws IOException {
      return found(() -> volume.delete(path(file)));
    }

    @Operation
    public boolean move(@Param(name = "file") int from, @Param(name = "file") int to)
        throws IOException {
      return found(() -> volume.move(path(from), path(to), StandardCopyOption.REPLACE_EXISTING));
    }

    @Operation
    public void commit() throws IOException {
      volume.commit();
    }
  }
}
