package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Commits at the moment at which the tree has lost a file that the last commit has, and whose
 * changed content is still in memory. To be loaded with {@link AfterTreeChange} in its place.
 */
public final class CommitAmidRemoval implements Callable<Boolean> {
  private static final VolumePath PATH = VolumePath.of("/file");

  private final VolumeBench bench = new VolumeBench(7);

  /** Less than what is written at once, so that it stays in memory. */
  private final byte[] content = new byte[2 * VolumeBench.CHUNK];

  /** Returns whether the commit began in between. */
  @Override
  public Boolean call() throws Exception {
    new Random(7).nextBytes(content);
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, ByteBuffer.wrap(content));
      assertThat(volume.commit()).isNotNull();
      write(volume, ByteBuffer.allocate(content.length));
      FutureTask<?> commit = new FutureTask<>(volume::commit);
      Thread committer = new Thread(commit);
      var waited = new AtomicBoolean();
      AfterTreeChange.then(
          () -> {
            committer.start();
            waited.set(isWaiting(committer));
          });
      try (Volume.Snapshot snapshot = volume.snapshot()) {
        volume.delete(PATH);
        assertThat(read(snapshot)).as("in a snapshot").isEqualTo(content);
        commit.get();
        assertThat(read(snapshot)).as("in a snapshot, after the commit").isEqualTo(content);
      }
      return waited.get();
    }
  }

  private static void write(Volume volume, ByteBuffer bytes) throws IOException {
    try (VolumeFile file = volume.open(PATH, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      file.write(bytes, 0);
    }
  }

  /** Whether it comes to wait for the removal to end, having done all that it can do before. */
  private static boolean isWaiting(Thread thread) {
    for (int i = 0; i < 10_000; i++) {
      if (thread.getState() == Thread.State.WAITING) {
        return true;
      }
      Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(1));
    }
    return false;
  }

  private static byte[] read(VolumeView view) throws IOException {
    try (VolumeFile file = view.open(PATH)) {
      ByteBuffer into = ByteBuffer.allocate((int) file.size());
      while (file.read(into, into.position()) > 0) {
        // On to the rest.
      }
      return into.array();
    }
  }
}
