package io.fspf.internal.volume;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.io.BaseEncoding;
import com.google.common.util.concurrent.internal.InternalFutureFailureAccess;
import com.google.protobuf.Message;
import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.Hkdf;
import io.fspf.internal.crypto.RandomSource;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.host.ClassPaths;
import io.fspf.internal.tree.VolumeHeader;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.key.PassphraseCost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bouncycastle.crypto.Digest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A dump of the heap of a process that has worked with a volume and closed it holds no passphrase,
 * volume key, file key, nor any key that is derived from those. The search finds them while the
 * volume is open, so it would find them after.
 */
class HeapDumpTest {
  private static final String PASSPHRASE = "a heap of rusty horseshoes";

  @TempDir Path directory;

  private final List<byte[]> drawn = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"accp, key", "sunjce, passphrase"})
  void noKeyIsLeftBehind(String engine, String with) throws Exception {
    Path secret = Files.createFile(directory.resolve("secret"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    KeyProvider provider;
    if (with.equals("key")) {
      try (VolumeKey key = VolumeKey.generate()) {
        Files.writeString(secret, String.valueOf(key.exportHex()));
      }
      provider = KeyProviders.file(secret);
    } else {
      Files.writeString(secret, PASSPHRASE);
      provider =
          KeyProviders.passphraseFile(
              secret, new PassphraseCost(PassphraseCost.MIN_MEMORY_KIB, 1, 1));
    }
    Path home = Files.createDirectory(directory.resolve("volume"));
    Map<String, byte[]> secrets = volumeWithSecrets(home, provider);

    Map<String, Integer> open = search(dump(engine, home, with, secret, "open"), secrets);
    assertThat(open.keySet()).as("keys of open files").anyMatch(name -> name.contains("chunk"));
    assertThat(open.keySet()).as("keys of the metadata").contains("metadata-node");
    assertThat(open.keySet()).as("what is not needed any more").doesNotContain("volume key");

    Map<String, Integer> closed = search(dump(engine, home, with, secret, "closed"), secrets);
    assertThat(closed).as("after closing").isEmpty();
    System.out.printf(
        "Heap dump, %s, %s: of %d secrets %s while open, none after closing%n",
        engine, with, secrets.size(), open.keySet());
  }

  private Path dump(String engine, Path home, String with, Path secret, String when)
      throws Exception {
    Path dump = directory.resolve(when + ".hprof");
    List<Class<?>> needed =
        List.of(Message.class, Caffeine.class, InternalFutureFailureAccess.class, Digest.class);
    var command =
        new ArrayList<>(
            ClassPaths.java(
                SecretsChild.class,
                needed,
                home.toString(),
                with,
                secret.toString(),
                when,
                dump.toString()));
    if (engine.equals("accp")) {
      int path = command.indexOf("-cp") + 1;
      command.set(path, command.get(path) + java.io.File.pathSeparator + accp());
    }
    // By default the collector leaves some dead objects where they are, made into arrays that the
    // dump shows with their old content: what a provider's ciphers, long unreachable, expanded.
    command.addAll(
        1,
        List.of(
            "-Xmx256m",
            "-XX:MarkSweepDeadRatio=0",
            "-XX:MarkSweepAlwaysCompactCount=1",
            "-Dfspf.engine=" + engine));
    Path out = directory.resolve("out");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(child.waitFor()).as(Files.readString(out)).isZero();
    return dump;
  }

  private static String accp() {
    return Stream.of(
            System.getProperty("java.class.path", ""), System.getProperty("jdk.module.path", ""))
        .flatMap(path -> Stream.of(path.split(java.io.File.pathSeparator, -1)))
        .filter(entry -> entry.contains("AmazonCorrettoCryptoProvider"))
        .findAny()
        .orElseThrow();
  }

  /** Makes a volume, and returns all that has to be kept secret. */
  private Map<String, byte[]> volumeWithSecrets(Path home, KeyProvider provider)
      throws IOException {
    RandomSource recorder =
        (into, offset, length) -> {
          byte[] bytes = RandomSource.system().bytes(length);
          System.arraycopy(bytes, 0, into, offset, length);
          synchronized (drawn) {
            drawn.add(bytes);
          }
        };
    var environment =
        new VolumeEnvironment(
            CryptoContext.standard().withRandom(recorder),
            Clock.systemUTC(),
            ContentLimits.STANDARD);
    VolumeOptions options = VolumeOptions.of(Freshness.unchecked()).withKeys(provider);
    for (String host : List.of("content", "gmac")) {
      Files.createDirectory(home.resolve(host));
    }
    List<Region> regions =
        List.of(
            Region.encrypted(VolumePath.ROOT, "content"),
            Region.authenticated(VolumePath.of("/gmac"), "gmac").withIntegrity(Integrity.GMAC));
    try (Volume volume =
        Volumes.create(environment, Volumes.locate(home, options), options, regions)) {
      for (String path : List.of("/encrypted", "/gmac/file")) {
        try (VolumeFile file =
            volume.open(VolumePath.of(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          file.write(ByteBuffer.allocate(200_000), 0);
        }
      }
    }
    return secrets(home, options);
  }

  private Map<String, byte[]> secrets(Path home, VolumeOptions options) throws IOException {
    VolumeHeader header;
    try (var file =
        Volumes.locate(home, options).open(io.fspf.internal.host.HostDirectory.Mode.READ)) {
      header = io.fspf.internal.tree.MetadataLog.readHeader(file);
    }
    var slots = new ArrayList<io.fspf.key.KeySlot>();
    header.keySlots().forEach(slot -> slots.add(io.fspf.key.KeySlot.ofBytes(slot.toByteArray())));
    byte[] volumeId = header.volumeId().toByteArray();
    byte[] salt = header.salt().toByteArray();
    Map<String, byte[]> secrets = new TreeMap<>();
    try (VolumeKey key =
        options.keys().orElseThrow().unlock(io.fspf.key.KeyRequest.of(volumeId, slots))) {
      byte[] bytes = key.exportBytes();
      secrets.put("volume key", bytes);
      String hex = BaseEncoding.base16().lowerCase().encode(bytes);
      secrets.put("volume key in hex", hex.getBytes(UTF_8));
      secrets.put("volume key in chars", hex.getBytes(UTF_16BE));
      for (String label : List.of("metadata-node", "metadata-commit", "file-keys")) {
        secrets.put(label, derived(bytes, salt, "fspf/v1/" + label, volumeId));
      }
    }
    secrets.put("passphrase", PASSPHRASE.getBytes(UTF_8));
    secrets.put("passphrase in chars", PASSPHRASE.getBytes(UTF_16BE));
    secrets.put("passphrase in swapped chars", PASSPHRASE.getBytes(UTF_16LE));
    int number = 0;
    for (byte[] fileKey : drawn) {
      if (fileKey.length == 32 && !Arrays.equals(fileKey, salt)) {
        String name = "file key " + number++;
        secrets.put(name, fileKey);
        for (byte[] fileId : drawn) {
          if (fileId.length == 16) {
            String of = " of " + BaseEncoding.base16().encode(fileId, 0, 4);
            byte[] epoch = new byte[4];
            secrets.put(
                "chunk gcm " + name + of, derived(fileKey, fileId, "fspf/v1/chunk/gcm", epoch));
            secrets.put(
                "chunk gmac " + name + of, derived(fileKey, fileId, "fspf/v1/chunk/gmac", epoch));
          }
        }
      }
    }
    assertThat(number).as("file keys").isGreaterThanOrEqualTo(2);
    return secrets;
  }

  private static byte[] derived(byte[] key, byte[] salt, String label, byte[] more) {
    byte[] info = com.google.common.primitives.Bytes.concat(label.getBytes(UTF_8), more);
    return Hkdf.sha256(SecretBytes.copyOf(key), salt, info, 32).expose(byte[]::clone);
  }

  /** Which secrets stand in a file, and how often. A half of one counts as well. */
  private static Map<String, Integer> search(Path dump, Map<String, byte[]> secrets)
      throws IOException {
    byte[] heap = Files.readAllBytes(dump);
    Map<Long, List<String>> byStart = new HashMap<>();
    secrets.forEach(
        (name, bytes) -> {
          for (int half = 0; half < 2; half++) {
            long start = ByteBuffer.wrap(bytes).getLong(half * bytes.length / 2);
            byStart.computeIfAbsent(start, key -> new ArrayList<>()).add(name);
          }
        });
    assertThat(new TreeSet<>(byStart.keySet())).hasSizeGreaterThan(secrets.size());
    Map<String, Integer> found = new TreeMap<>();
    long window = 0;
    for (int i = 0; i < heap.length; i++) {
      window = window << 8 | (heap[i] & 0xFF);
      List<String> names = byStart.get(window);
      if (names != null) {
        names.forEach(name -> found.merge(name, 1, Integer::sum));
      }
    }
    return found;
  }
}
