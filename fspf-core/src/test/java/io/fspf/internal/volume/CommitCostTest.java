package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fspf.Freshness;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.NioHost;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a small commit costs does not depend on how much the volume holds. */
class CommitCostTest {
  private static final int MANY = 1_000_000;
  private static final int IN_DIRECTORY = 1000;
  private static final int ROUNDS = 5;
  private static final int COMMITS = 40;

  @TempDir Path directory;

  /**
   * What commits of one byte cost.
   *
   * @param medianNanos of one
   * @param maxBytes written to the fspf file by one
   */
  private record Cost(long medianNanos, long maxBytes) {}

  @Test
  void oneByteInManyFilesCostsLittleMoreThanInAThousand() throws IOException {
    try (var few = new Filled(directory.resolve("few"), 1000);
        var many = new Filled(directory.resolve("many"), MANY)) {
      // Both once, so that the machine is warm for both.
      few.commits();
      many.commits();
      double best = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        Cost small = few.commits();
        Cost large = many.commits();
        assertThat(small.maxBytes()).isLessThanOrEqualTo(64 << 10);
        assertThat(large.maxBytes()).isLessThanOrEqualTo(64 << 10);
        best = Math.min(best, (double) large.medianNanos() / small.medianNanos());
      }
      assertThat(best).as("time in %s files to time in 1000", MANY).isLessThanOrEqualTo(2);
    }
  }

  /** A volume full of files of one byte. */
  private static final class Filled implements AutoCloseable {
    private final int files;
    private final CountingHost host = new CountingHost(NioHost.DEFAULT);
    private final Random random = new Random(1);
    private final Volume volume;

    Filled(Path home, int files) throws IOException {
      this.files = files;
      Files.createDirectory(home);
      var environment =
          new VolumeEnvironment(
              CryptoContext.standard(), InstantSource.system(), ContentLimits.STANDARD);
      var location =
          new VolumeLocation(host.host(), home.toString(), Name.of(Volume.FILE_NAME), null);
      VolumeOptions options =
          VolumeOptions.of(Freshness.unchecked())
              .withKeys(KeyProviders.raw(VolumeKey.generate()))
              .withCommitInterval(Duration.ZERO)
              .withMaxGarbage(1);
      Region region = Region.encrypted(VolumePath.ROOT, ".");
      try (VolumeBuilder builder =
          VolumeBuilder.begin(environment, location, options, region, false)) {
        fill(builder);
        assertThat(builder.commit().files()).isEqualTo(files);
      }
      volume = Volumes.open(environment, location, options.writable());
    }

    private void fill(VolumeBuilder builder) throws IOException {
      int directories = files / IN_DIRECTORY;
      long root = builder.newInode();
      builder.inode(root, directory(2 + directories));
      for (int d = 0; d < directories; d++) {
        long number = root + 1 + (long) d * (IN_DIRECTORY + 1);
        builder.entry(root, name(d), number, FileType.FILE_TYPE_DIRECTORY);
      }
      for (int d = 0; d < directories; d++) {
        long number = builder.newInode();
        builder.inode(number, directory(2).toBuilder().setParent(root).build());
        for (int f = 0; f < IN_DIRECTORY; f++) {
          builder.entry(number, name(f), number + 1 + f, FileType.FILE_TYPE_REGULAR);
        }
        for (int f = 0; f < IN_DIRECTORY; f++) {
          builder.inode(builder.newInode(), file());
        }
      }
    }

    private static Name name(int number) {
      return Name.of(String.format("%04d", number));
    }

    private static Inode directory(int links) {
      return common().setType(FileType.FILE_TYPE_DIRECTORY).setMode(0755).setLinks(links).build();
    }

    private static Inode file() {
      return common()
          .setType(FileType.FILE_TYPE_REGULAR)
          .setMode(0644)
          .setLinks(1)
          .setSize(1)
          .setInline(ByteString.copyFromUtf8("1"))
          .build();
    }

    private static Inode.Builder common() {
      var now = Records.time(Instant.parse("2026-01-01T00:00:00Z"));
      return Inode.newBuilder()
          .setRegion(VolumeBuilder.REGION)
          .setModified(now)
          .setChanged(now)
          .setAccessed(now)
          .setCreated(now);
    }

    Cost commits() throws IOException {
      long[] nanos = new long[COMMITS];
      long most = 0;
      for (int i = 0; i < COMMITS; i++) {
        int file = random.nextInt(files);
        VolumePath path =
            VolumePath.ROOT.resolve(name(file / IN_DIRECTORY)).resolve(name(file % IN_DIRECTORY));
        long bytes = host.metadataBytes();
        long start = System.nanoTime();
        try (VolumeFile open = volume.open(path, StandardOpenOption.WRITE)) {
          open.write(ByteBuffer.wrap(new byte[] {(byte) i}), 0);
        }
        assertThat(volume.commit()).isNotNull();
        nanos[i] = System.nanoTime() - start;
        most = Math.max(most, host.metadataBytes() - bytes);
      }
      Arrays.sort(nanos);
      return new Cost(nanos[COMMITS / 2], most);
    }

    @Override
    public void close() throws IOException {
      volume.close();
    }
  }
}
