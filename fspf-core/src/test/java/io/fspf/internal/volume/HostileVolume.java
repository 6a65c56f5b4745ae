package io.fspf.internal.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fspf.DirectoryCursor;
import io.fspf.DirectoryEntry;
import io.fspf.FileAttributes;
import io.fspf.Freshness;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.HeadChoice;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import io.fspf.internal.tree.TreeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A volume without a key whose records somebody made who means harm: every frame is well-formed and
 * every digest right, as anyone can make them who is not held to a root tag.
 */
public final class HostileVolume {
  /** One record of the volume that all start from. */
  public record Item(byte[] key, byte[] value) {}

  /** So many paths are looked at, so many levels deep. */
  private static final int PATHS = 300;

  private static final int DEPTH = 20;

  private final VolumeBench bench;
  private final List<Item> records = new ArrayList<>();
  private final CommitFields fields;

  /** Makes a small volume with a file of each kind in each kind of region. */
  public HostileVolume() throws IOException {
    bench = new VolumeBench(1, false, new NonceLedger());
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      for (String region : List.of("", "/both", "/sha", "/gmac")) {
        volume.createDirectory(VolumePath.of(region + "/dir"), 0755);
        write(volume, region + "/small", 10);
        write(volume, region + "/dir/large", 5 * VolumeBench.CHUNK + 7);
        volume.createLink(VolumePath.of(region + "/link"), VolumePath.of(region + "/dir/large"));
        volume.createSymbolicLink(VolumePath.of(region + "/symlink"), "dir/large".getBytes(UTF_8));
        volume.setExtendedAttribute(
            VolumePath.of(region + "/small"), Name.of("name"), "value".getBytes(UTF_8));
      }
    }
    try (MetadataLog log = log(bench.host())) {
      Tree tree = log.tree();
      Cursor cursor = tree.cursor(new byte[0]);
      while (cursor.next()) {
        records.add(new Item(cursor.key(), cursor.value()));
      }
      fields = log.head().fields();
    }
  }

  private static void write(Volume volume, String path, int size) throws IOException {
    try (VolumeFile file =
        volume.open(VolumePath.of(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(size), 0);
    }
  }

  private static MetadataLog log(SimulatedHost host) throws IOException {
    HostFile file =
        host.directory(VolumeBench.HOME)
            .open(VolumePath.of("/" + Volume.FILE_NAME), HostDirectory.Mode.WRITE);
    return MetadataLog.open(file, null, HeadChoice.last(), TreeOptions.defaults());
  }

  /** The records that all start from, in the order of their keys. */
  public List<Item> records() {
    return records;
  }

  /** The counts that go with them. */
  public CommitFields fields() {
    return fields;
  }

  /** A machine with the volume after these changes, in a commit like any other. */
  public SimulatedHost with(TreeEdits edits, CommitFields newFields) throws IOException {
    SimulatedHost host = bench.host().copy();
    try (MetadataLog log = log(host)) {
      log.commit(log.tree().apply(edits), newFields);
    }
    return host;
  }

  /**
   * Does with the volume what programs do. What is wrong with it may be refused, as {@link
   * IOException}s say; anything else is thrown on.
   *
   * @return how much was refused
   */
  public int use(SimulatedHost host) {
    VolumeLocation location =
        new VolumeLocation(host, VolumeBench.HOME, Name.of(Volume.FILE_NAME), null);
    VolumeEnvironment environment = bench.environment();
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withCommitInterval(Duration.ZERO)
            .withCacheBytes(1 << 20);
    int[] refused = {0};
    attempt(
        refused,
        () -> {
          try (Volume volume = Volumes.open(environment, location, options)) {
            volume.info();
            attempt(refused, volume::history);
            read(volume, refused);
            attempt(refused, () -> new VolumeCheck(volume, false, new InOrder(refused)).run());
          }
        });
    attempt(
        refused,
        () -> {
          try (Volume volume = Volumes.open(environment, location, options.writable())) {
            write(volume, refused);
            attempt(refused, volume::commit);
            attempt(refused, volume::compact);
          }
        });
    attempt(refused, () -> Volumes.recover(environment, location, options));
    return refused[0];
  }

  private static void read(Volume volume, int[] refused) {
    Deque<VolumePath> open = new ArrayDeque<>();
    open.add(VolumePath.ROOT);
    for (int i = 0; i < PATHS && !open.isEmpty(); i++) {
      VolumePath path = open.remove();
      attempt(
          refused,
          () -> {
            FileAttributes attributes = volume.attributes(path, LinkOption.NOFOLLOW_LINKS);
            volume.extendedAttributes(path, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
              DirectoryCursor cursor = volume.list(path);
              for (int entries = 0; cursor.next() && entries < PATHS; entries++) {
                DirectoryEntry entry = cursor.entry();
                if (path.names().size() < DEPTH) {
                  open.add(path.resolve(entry.name()));
                }
              }
            } else if (attributes.isSymbolicLink()) {
              volume.readSymbolicLink(path);
              volume.toRealPath(path);
            } else if (attributes.isRegularFile()) {
              readContent(volume, path, refused);
            }
          });
    }
  }

  private static void readContent(Volume volume, VolumePath path, int[] refused)
      throws IOException {
    try (VolumeFile file = volume.open(path)) {
      long size = file.size();
      for (long at : new long[] {0, 5000, size / 2, size - 1, size, Long.MAX_VALUE - 1}) {
        if (at >= 0) {
          attempt(refused, () -> file.read(ByteBuffer.allocate(10_000), at));
        }
      }
    }
  }

  private static void write(Volume volume, int[] refused) {
    for (String region : List.of("", "/both", "/sha", "/gmac")) {
      VolumePath large = VolumePath.of(region + "/dir/large");
      attempt(refused, () -> write(volume, region + "/new", 5000));
      attempt(
          refused,
          () -> {
            try (VolumeFile file = volume.open(large, StandardOpenOption.WRITE)) {
              file.write(ByteBuffer.allocate(10), 5000);
              file.setSize(6000);
              file.append(ByteBuffer.allocate(10));
            }
          });
      attempt(refused, () -> volume.move(large, VolumePath.of(region + "/moved")));
      attempt(refused, () -> volume.move(VolumePath.of(region + "/dir"), VolumePath.of("/d")));
      attempt(refused, () -> volume.delete(VolumePath.of(region + "/link")));
      attempt(refused, () -> volume.delete(VolumePath.of(region + "/dir")));
      attempt(refused, volume::commit);
    }
  }

  /** Something that may be refused. */
  private interface Attempt {
    void run() throws IOException;
  }

  private static void attempt(int[] refused, Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException | ReadOnlyFileSystemException e) {
      // The latter where a path has no region any more to make a file in.
      refused[0]++;
    }
  }

  /** Does each piece of a check at once. */
  private record InOrder(int[] refused) implements VolumeCheck.Listener {
    @Override
    public void damaged(String path, long offset, String reason) {
      refused[0]++;
    }

    @Override
    public void note(String text) {}

    @Override
    public void advanced(long files, long bytes) {}

    @Override
    public void run(VolumeCheck.Work work) throws IOException {
      work.run();
    }

    @Override
    public void join() {}
  }
}
