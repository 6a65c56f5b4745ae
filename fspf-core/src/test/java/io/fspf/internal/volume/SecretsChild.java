package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.seal.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** The process whose heap {@link HeapDumpTest} searches: it never learns a key but by a file. */
final class SecretsChild {
  private SecretsChild() {}

  /** Arguments: the volume, "key" or "passphrase", the file that holds it, and where to dump. */
  public static void main(String[] arguments) throws IOException {
    Path secret = Path.of(arguments[2]);
    try (KeyProvider keys =
        arguments[1].equals("key")
            ? KeyProviders.file(secret)
            : KeyProviders.passphraseFile(secret)) {
      VolumeOptions options = VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
      Path home = Path.of(arguments[0]);
      if (!Verifier.of(home, options).verify().isIntact()) {
        throw new IllegalStateException("damaged");
      }
      Volume volume = Volume.open(home, options.writable());
      try (volume) {
        for (int i = 0; i < 20; i++) {
          use(volume, () -> {});
        }
        if (arguments[3].equals("open")) {
          use(volume, () -> dump(arguments[4]));
        }
      }
      if (arguments[3].equals("closed")) {
        // The closed volume is still there: what it holds has to be wiped, not just out of reach.
        dump(arguments[4]);
        System.out.println(volume.tag());
      }
    }
  }

  /** What is done while the files are open. */
  private interface Action {
    void run() throws IOException;
  }

  private static void use(Volume volume, Action whileOpen) throws IOException {
    try (VolumeFile encrypted = open(volume, "/encrypted");
        VolumeFile keyed = open(volume, "/gmac/file")) {
      for (VolumeFile file : List.of(encrypted, keyed)) {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        int count = file.read(bytes, 5000);
        if (count != 1000) {
          throw new IllegalStateException("read " + count);
        }
        Arrays.fill(bytes.array(), (byte) 7);
        file.write(bytes.flip(), 9000);
      }
      whileOpen.run();
    }
    var unused = volume.commit();
  }

  private static VolumeFile open(Volume volume, String path) throws IOException {
    return volume.open(VolumePath.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /**
   * By reflection: the module that these tests are compiled into does not read that of the bean.
   */
  private static void dump(String file) {
    try {
      Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      Object bean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getPlatformMXBean", Class.class)
              .invoke(null, type);
      type.getMethod("dumpHeap", String.class, boolean.class).invoke(bean, file, true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
