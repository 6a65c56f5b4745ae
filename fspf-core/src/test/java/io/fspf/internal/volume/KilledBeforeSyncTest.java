package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import io.fspf.Freshness;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedCrash;
import io.fspf.internal.host.SimulatedHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process is killed when its commit stands in the host's cache and is not on the disk; the next
 * one opens the volume, and the machine stops. Nothing that the next one did on opening may have
 * come before the commit that it followed.
 */
class KilledBeforeSyncTest {
  private final VolumeBench bench = new VolumeBench(5);

  @ParameterizedTest
  @CsvSource({"/sha/file, false", "/gmac/file, false", "/file, true", "/both/file, true"})
  void whatIsFinishedOnOpeningDoesNotOvertakeItsCommit(String name, boolean isRemoved)
      throws IOException {
    VolumePath path = VolumePath.of(name);
    byte[] before = filled(1);
    byte[] after = filled(2);
    SimulatedHost machine = bench.host();
    bench.setHost(machine.newProcess());
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      write(volume, path, before);
    }
    SimulatedHost first = machine.newProcess();
    bench.setHost(first);
    Volume volume = bench.open();
    write(volume, path, after);
    if (isRemoved) {
      volume.delete(path);
    }
    machine.setHook(
        operation -> {
          if (operation.kind() == Operation.Kind.WRITE
              && operation.path().name().toString().equals(Volume.FILE_NAME)) {
            // This write is its last operation; the sync does not come.
            first.kill();
          }
          return Answer.PROCEED;
        });
    assertThatThrownBy(volume::commit).isInstanceOf(SimulatedCrash.class);
    machine.setHook(operation -> Answer.PROCEED);

    SimulatedHost second = machine.newProcess();
    bench.setHost(second);
    Volume reopened = bench.open();
    assertThat(reopened.isWritable()).isTrue();
    SimulatedHost stopped = machine.afterCrashLosingAll();
    second.kill();
    try (Volume found = bench.open(stopped, Freshness.unchecked())) {
      // Which of the two states it is, is open.
      assertThat(contentOf(found, path)).isIn(hex(before), isRemoved ? "none" : hex(after));
    }
  }

  private static String contentOf(Volume volume, VolumePath path) throws IOException {
    try (VolumeFile file = volume.open(path)) {
      ByteBuffer into = ByteBuffer.allocate((int) file.size());
      while (file.read(into, into.position()) > 0) {
        // On to the rest.
      }
      return hex(into.array());
    } catch (NoSuchFileException e) {
      return "none";
    }
  }

  private static String hex(byte[] bytes) {
    return BaseEncoding.base16().encode(bytes);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[2 * VolumeBench.CHUNK];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static void write(Volume volume, VolumePath path, byte[] bytes) throws IOException {
    try (VolumeFile file = volume.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      file.write(ByteBuffer.wrap(bytes), 0);
    }
  }
}
