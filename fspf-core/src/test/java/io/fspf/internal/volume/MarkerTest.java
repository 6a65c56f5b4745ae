package io.fspf.internal.volume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import io.fspf.Freshness;
import io.fspf.FspfException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.key.NewKey;
import io.fspf.key.PassphraseCost;
import io.fspf.seal.Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Markers in keys, passphrases, names and contents, and a search for them wherever something is
 * written that nobody sealed: logs, standard streams, exceptions, texts of objects, and every file
 * and name on the host, also while the volume is open and after a crash.
 */
class MarkerTest {
  private static final String NAME = "marker-of-a-name";
  private static final String CONTENT = "marker-of-content";
  private static final String PASSPHRASE = "marker-of-a-passphrase";

  @TempDir Path directory;

  private final List<String> logged = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Handler handler =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord record) {
          var text = new StringWriter();
          text.append(record.getMessage()).append(' ');
          if (record.getParameters() != null) {
            text.append(List.of(record.getParameters()).toString());
          }
          if (record.getThrown() != null) {
            record.getThrown().printStackTrace(new PrintWriter(text, true));
          }
          logged.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    Logger.getLogger("").addHandler(handler);
    System.setOut(new PrintStream(printed, true, UTF_8));
    System.setErr(new PrintStream(printed, true, UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setOut(out);
    System.setErr(err);
    Logger.getLogger("").removeHandler(handler);
  }

  private VolumeKey key() {
    return VolumeKey.ofBytes("key-marker-key-marker-key-marker".getBytes(UTF_8));
  }

  /** In every form in which a key might be shown. */
  private static List<String> keyMarkers(VolumeKey key) {
    byte[] bytes = key.exportBytes();
    return List.of(
        new String(bytes, ISO_8859_1).substring(0, 12),
        BaseEncoding.base16().lowerCase().encode(bytes).substring(0, 16),
        BaseEncoding.base64().encode(bytes).substring(0, 12),
        java.util.Arrays.toString(bytes).substring(1, 30));
  }

  private static void write(Volume volume, String path, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    System.arraycopy(CONTENT.getBytes(UTF_8), 0, bytes, 0, CONTENT.length());
    System.arraycopy(CONTENT.getBytes(UTF_8), 0, bytes, size - 100, CONTENT.length());
    try (VolumeFile file =
        volume.open(VolumePath.of(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), 0);
    }
  }

  @Test
  void nothingOnTheHostShowsNamesOrContents() throws IOException {
    Path home = Files.createDirectory(directory.resolve("volume"));
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withKeys(KeyProviders.raw(key()))
            .withCommitInterval(Duration.ZERO)
            .withCacheBytes(0);
    try (Volume volume =
        Volume.create(home, options, List.of(Region.encrypted(VolumePath.ROOT, ".")))) {
      volume.createDirectory(VolumePath.of("/" + NAME), 0755);
      write(volume, "/" + NAME + "/small-" + NAME, 500);
      write(volume, "/" + NAME + "/large-" + NAME, 300_000);
      volume.createSymbolicLink(VolumePath.of("/link-" + NAME), CONTENT.getBytes(UTF_8));
      volume.setExtendedAttribute(
          VolumePath.of("/" + NAME), Name.of(NAME), CONTENT.getBytes(UTF_8));
      searchHost(home, "before a commit");
      var unused = volume.commit();
      searchHost(home, "while open");
      volume.move(VolumePath.of("/" + NAME), VolumePath.of("/moved-" + NAME));
      volume.compact();
      searchHost(home, "after a compaction");
    }
    searchHost(home, "closed");
    RootTag unused = Volume.rekey(home, options.writable(), KeyProviders.raw(VolumeKey.generate()));
    searchHost(home, "with another key");
  }

  private void searchHost(Path home, String when) throws IOException {
    var markers = new ArrayList<>(List.of(NAME, CONTENT));
    markers.addAll(keyMarkers(key()));
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.toList()) {
        String text =
            Files.isRegularFile(path) ? new String(Files.readAllBytes(path), ISO_8859_1) : "";
        for (String marker : markers) {
          assertThat(path.toString()).as(when).doesNotContain(marker);
          assertThat(text.contains(marker)).as("%s: %s in %s", when, marker, path).isFalse();
        }
      }
    }
  }

  @Test
  void whatIsLoggedThrownAndPrintedShowsNoSecret() throws Exception {
    Path home = Files.createDirectory(directory.resolve("volume"));
    var thrown = new ArrayList<Throwable>();
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withKeys(KeyProviders.raw(key()))
            .withCommitInterval(Duration.ofMillis(1))
            .withCacheBytes(0);
    try (Volume volume =
        Volume.create(home, options, List.of(Region.encrypted(VolumePath.ROOT, ".")))) {
      write(volume, "/large-" + NAME, 300_000);
      var unused = volume.commit();
      write(volume, "/another-" + NAME, 300_000);
      // The background commit fails, since its directory is gone.
      Path objects = home.resolve("objects");
      Files.move(objects, home.resolve("aside"));
      write(volume, "/third-" + NAME, 300_000);
      Thread.sleep(300);
      Files.move(home.resolve("aside"), objects);
    } catch (IOException e) {
      thrown.add(e);
    }
    VolumeOptions[] wrong = {
      options.withKeys(KeyProviders.raw(VolumeKey.generate())),
      VolumeOptions.of(Freshness.unchecked()),
      VolumeOptions.of(Freshness.pinned(RootTag.parse("00".repeat(32))))
          .withKeys(KeyProviders.raw(key())),
      options.withKeys(
          KeyProviders.environment(
              java.util.Map.of("FSPF_KEY", "x" + new String(key().exportHex()).substring(1)),
              logged::add)),
      options.withKeys(KeyProviders.passphrase(PASSPHRASE.toCharArray())),
    };
    for (VolumeOptions other : wrong) {
      try (Volume volume = Volume.open(home, other)) {
        thrown.add(new AssertionError("opened " + volume.tag()));
      } catch (IOException e) {
        thrown.add(e);
      }
    }
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        for (int at = 100; at < bytes.length; at += Math.max(100, bytes.length / 20)) {
          byte[] changed = bytes.clone();
          changed[at] ^= 4;
          Files.write(path, changed);
          try {
            Verifier.of(home, options).verify().damaged().stream()
                .map(damage -> new IOException(damage.reason()))
                .forEach(thrown::add);
          } catch (IOException e) {
            thrown.add(e);
          }
        }
        Files.write(path, bytes);
      }
    }
    assertThat(thrown).hasSizeGreaterThan(20).noneMatch(AssertionError.class::isInstance);
    var markers = new ArrayList<>(keyMarkers(key()));
    markers.addAll(List.of(CONTENT, PASSPHRASE));
    for (Throwable e : thrown) {
      var text = new StringWriter();
      e.printStackTrace(new PrintWriter(text, true));
      assertNone(text.toString(), markers, e.getClass().getName());
    }
    // Exceptions name clear paths, to the program that asked for them; a log is for others.
    markers.add(NAME);
    assertNone(String.join("\n", logged), markers, "log");
    assertNone(printed.toString(UTF_8), markers, "standard streams");
    out.println(
        "Markers: none in " + thrown.size() + " exceptions, " + logged.size() + " log records");
  }

  @Test
  void whatIsATextShowsNoSecret() throws IOException {
    Path keyFile = directory.resolve("key");
    Files.writeString(keyFile, new String(key().exportHex()));
    Files.setPosixFilePermissions(
        keyFile, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    var markers = new ArrayList<>(keyMarkers(key()));
    markers.add(PASSPHRASE);
    var cheap = new PassphraseCost(PassphraseCost.MIN_MEMORY_KIB, 1, 1);
    KeyProvider[] providers = {
      KeyProviders.raw(key()),
      KeyProviders.file(keyFile),
      KeyProviders.passphrase(PASSPHRASE.toCharArray(), cheap),
      KeyProviders.environment(
          java.util.Map.of("FSPF_KEY", new String(key().exportHex())), warning -> {}),
    };
    for (KeyProvider provider : providers) {
      assertNone(provider.toString(), markers, "provider");
      Object options = VolumeOptions.of(Freshness.unchecked()).withKeys(provider);
      assertNone(options.toString(), markers, "options");
      try (NewKey made = provider.create(new byte[16])) {
        assertNone(made + " " + made.key() + " " + made.keySlots(), markers, "new key");
        List<String> own = keyMarkers(made.key());
        assertNone(made + " " + made.key() + " " + made.keySlots(), own, "new key");
      } catch (FspfException | UnsupportedOperationException e) {
        assertNone(String.valueOf(e.getMessage()), markers, "refusal");
      }
    }
  }

  private static void assertNone(String text, List<String> markers, String where) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String marker : markers) {
      assertThat(lower.contains(marker.toLowerCase(Locale.ROOT)))
          .as("%s in %s: %s", marker, where, text)
          .isFalse();
    }
  }
}
