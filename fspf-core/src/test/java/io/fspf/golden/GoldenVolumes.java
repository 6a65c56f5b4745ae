package io.fspf.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.BaseEncoding;
import io.fspf.AttributeChange;
import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.key.PassphraseCost;
import io.fspf.seal.Sealer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/** Makes the golden volumes, each of which shows another part of the format. */
final class GoldenVolumes {
  static final String STORE_PASSWORD = "golden";
  static final String STORE_ALIAS = "volume";

  private static final int CHUNK = 4096;

  /** Makes one volume in the directory that its golden volume has for it. */
  private interface Maker {
    void make(GoldenVolume golden) throws Exception;
  }

  private final Map<String, Maker> makers = new LinkedHashMap<>();

  GoldenVolumes() {
    makers.put("authenticated-gmac", this::authenticatedGmac);
    makers.put("authenticated-sha256", this::authenticatedSha256);
    makers.put("compacted", this::compacted);
    makers.put("empty", this::empty);
    makers.put("encrypted", this::encrypted);
    makers.put("encrypted-digests", this::encryptedDigests);
    makers.put("encrypted-without-key", this::encryptedWithoutKey);
    makers.put("levels", this::levels);
    makers.put("mixed", this::mixed);
    makers.put("not-closed", this::notClosed);
    makers.put("passphrase", this::passphrase);
    makers.put("pkcs12", this::pkcs12);
    makers.put("rekeyed", this::rekeyed);
    makers.put("sealed-authenticated", this::sealedAuthenticated);
    makers.put("sealed-encrypted", this::sealedEncrypted);
  }

  /** Makes what is not there yet; what is there stays, whatever it holds. */
  void makeMissing() throws Exception {
    for (Map.Entry<String, Maker> maker : makers.entrySet()) {
      GoldenVolume golden = new GoldenVolume(GoldenVolume.all().resolve(maker.getKey()));
      if (!Files.exists(golden.listing())) {
        Files.createDirectories(golden.volume());
        maker.getValue().make(golden);
        Files.writeString(golden.tagFile(), Volume.tagOf(golden.volume()) + "\n");
        try (Volume volume = Volume.open(golden.volume(), golden.options().get(0))) {
          Files.writeString(golden.listing(), VolumeListing.of(volume)); // Last: it is whole then.
        }
      }
    }
  }

  private void encrypted(GoldenVolume golden) throws IOException {
    try (Volume volume =
        create(golden, Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK))) {
      sizes(volume, "/sizes");
      odd(volume, "/odd");
      holes(volume, "/holes");
      groups(volume, "/holes/groups");
      volume.commit();
      overwrite(volume, "/sizes/20000");
    }
  }

  private void encryptedDigests(GoldenVolume golden) throws IOException {
    Region region =
        Region.encrypted(VolumePath.ROOT, "content")
            .withChunkSize(CHUNK)
            .withIntegrity(Integrity.GCM_SHA256);
    Files.createDirectory(golden.volume().resolve("content"));
    try (Volume volume = create(golden, region)) {
      some(volume, "/", 1, 4096, 8192, 20_000);
      holes(volume, "/holes");
      volume.commit();
      overwrite(volume, "/8192");
      overwrite(volume, "/20000");
      volume.commit();
      overwrite(volume, "/20000");
    }
  }

  private void encryptedWithoutKey(GoldenVolume golden) throws IOException {
    Region region = Region.encrypted(VolumePath.ROOT, ".").withChunkSize(2 * CHUNK);
    VolumeOptions options = VolumeOptions.of(Freshness.unchecked());
    try (Volume volume = Volume.create(golden.volume(), options, List.of(region))) {
      some(volume, "/", 1, 4096, 8192, 20_000);
    }
  }

  private void authenticatedSha256(GoldenVolume golden) throws IOException {
    authenticated(golden, VolumeOptions.of(Freshness.unchecked()), Integrity.SHA256);
  }

  private void authenticatedGmac(GoldenVolume golden) throws IOException {
    authenticated(golden, withKey(golden), Integrity.GMAC);
  }

  private static void authenticated(GoldenVolume golden, VolumeOptions options, Integrity integrity)
      throws IOException {
    Region region =
        Region.authenticated(VolumePath.ROOT, "content")
            .withChunkSize(CHUNK)
            .withIntegrity(integrity);
    Files.createDirectory(golden.volume().resolve("content"));
    try (Volume volume = Volume.create(golden.volume(), options, List.of(region))) {
      sizes(volume, "/sizes");
      links(volume, "/links");
      attributes(volume, "/attributes");
      volume.commit();
      overwrite(volume, "/sizes/20000");
      volume.move(path("/links/first"), path("/attributes/moved"));
    }
  }

  private void mixed(GoldenVolume golden) throws IOException {
    for (String directory : List.of("objects-outer", "public", "objects-inner", "host", "keyed")) {
      Files.createDirectory(golden.volume().resolve(directory));
    }
    Files.writeString(golden.volume().resolve("host/passed-through"), "not protected\n");
    Region[] regions = {
      Region.encrypted(VolumePath.ROOT, "objects-outer").withChunkSize(CHUNK),
      Region.authenticated(path("/usr"), "public").withChunkSize(CHUNK),
      Region.encrypted(path("/usr/share/secret"), "objects-inner").withChunkSize(2 * CHUNK),
      Region.authenticated(path("/opt/keyed"), "keyed").withIntegrity(Integrity.GMAC),
      Region.notProtected(path("/host"), "host"),
      Region.ephemeral(path("/tmp")),
    };
    try (Volume volume = create(golden, regions)) {
      for (String directory : List.of("/", "/usr", "/usr/share/secret", "/opt/keyed")) {
        write(volume, (directory + "/file").replace("//", "/"), content(1, 6000));
        write(volume, (directory + "/small").replace("//", "/"), directory.getBytes(UTF_8));
      }
      volume.createDirectory(path("/usrlocal"), 0755);
      write(volume, "/usrlocal/file", "not of /usr".getBytes(UTF_8));
    }
  }

  /** Names that are long and alike make few keys fill a node, so that few make many levels. */
  private void levels(GoldenVolume golden) throws IOException {
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked()).withCommitInterval(Duration.ZERO);
    Region region = Region.encrypted(VolumePath.ROOT, ".");
    String name = "n".repeat(250);
    try (Volume volume = Volume.create(golden.volume(), options, List.of(region))) {
      volume.createSymbolicLink(path(name + "000"), "target".getBytes(UTF_8));
      for (int i = 1; i < 600; i++) {
        volume.createLink(path(name + "%03d".formatted(i * 11 % 600)), path(name + "000"));
      }
    }
  }

  private void compacted(GoldenVolume golden) throws IOException {
    try (Volume volume =
        create(golden, Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK))) {
      some(volume, "/", 1, 4096, 8192, 20_000);
      for (int i = 0; i < 5; i++) {
        overwrite(volume, "/20000");
        volume.commit();
      }
      volume.compact();
      write(volume, "/after", "compaction".getBytes(UTF_8));
      volume.commit();
      volume.delete(path("/8192"));
    }
  }

  private void empty(GoldenVolume golden) throws IOException {
    VolumeOptions options = VolumeOptions.of(Freshness.unchecked());
    Volume.create(golden.volume(), options, List.of(Region.encrypted(VolumePath.ROOT, ".")))
        .close();
  }

  /**
   * What a writer leaves behind that is killed just after a commit: host files as they were before
   * it, what no commit covers, and room.
   */
  private void notClosed(GoldenVolume golden) throws Exception {
    Path live = Files.createTempDirectory("fspf-golden");
    Path content = Files.createDirectory(live.resolve("content"));
    Path staging = content.resolve(".fspf-staging");
    Region[] regions = {
      Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK),
      Region.authenticated(path("/public"), "content").withChunkSize(CHUNK),
    };
    VolumeOptions options = withKey(golden).withCommitInterval(Duration.ZERO);
    try (Volume volume = Volume.create(live, options, List.of(regions));
        WatchService watch = live.getFileSystem().newWatchService()) {
      some(volume, "/sizes", 1, 4096, 8192, 20_000);
      write(volume, "/public/file", content(2, 9000));
      volume.commit();
      overwrite(volume, "/sizes/20000");
      volume.move(path("/public/file"), path("/public/renamed"));
      volume.commit();
      byte[] before = Files.readAllBytes(content.resolve("renamed"));
      staging.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      write(volume, "/public/renamed", content(3, 9001));
      volume.commit();
      WatchKey seen = Objects.requireNonNull(watch.poll(10, TimeUnit.SECONDS), "nothing staged");
      Path staged = (Path) seen.pollEvents().get(0).context();
      overwrite(volume, "/sizes/8192");
      copy(live, golden.volume());
      // As if the rename that the commit decided had not been carried out.
      Path renamed = golden.volume().resolve("content/renamed");
      Files.move(renamed, golden.volume().resolve("content/.fspf-staging").resolve(staged));
      Files.write(renamed, before);
    }
    try (FileChannel file =
        FileChannel.open(golden.volume().resolve(Volume.FILE_NAME), StandardOpenOption.WRITE)) {
      byte[] bytes = Files.readAllBytes(golden.volume().resolve(Volume.FILE_NAME));
      int used = bytes.length;
      while (bytes[used - 1] == 0) {
        used--;
      }
      // The room that a writer reserves is large, and all alike.
      file.truncate(used);
      file.write(ByteBuffer.wrap(torn()), used);
      file.write(ByteBuffer.allocate(1000), used + torn().length);
    }
  }

  /** The beginning of a node whose writing never ended. */
  private static byte[] torn() {
    byte[] torn = content(4, 300);
    torn[0] = 0x12;
    torn[1] = (byte) 0x80;
    torn[2] = 0x10;
    return torn;
  }

  private void passphrase(GoldenVolume golden) throws IOException {
    // The u and its dots are two characters here: only the normal form NFC makes them one.
    String passphrase = "Gru\u0308\u00DFe \u4F60\u597D";
    Files.writeString(golden.passphraseFile(), passphrase + "\n");
    KeyProvider keys =
        KeyProviders.passphrase(passphrase.toCharArray(), new PassphraseCost(8192, 2, 2));
    VolumeOptions options = VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
    Region region = Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK);
    try (Volume volume = Volume.create(golden.volume(), options, List.of(region))) {
      write(volume, "/small", content(1, 100));
      write(volume, "/large", content(2, 10_000));
    }
  }

  private void pkcs12(GoldenVolume golden) throws Exception {
    withKey(golden);
    byte[] key =
        BaseEncoding.base16().lowerCase().decode(Files.readString(golden.keyFile()).strip());
    char[] password = STORE_PASSWORD.toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setEntry(
        STORE_ALIAS,
        new KeyStore.SecretKeyEntry(new SecretKeySpec(key, "AES")),
        new KeyStore.PasswordProtection(password));
    try (OutputStream out = Files.newOutputStream(golden.keyStore())) {
      store.store(out, password);
    }
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withKeys(KeyProviders.pkcs12(golden.keyStore(), password, STORE_ALIAS));
    Region region = Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK);
    try (Volume volume = Volume.create(golden.volume(), options, List.of(region))) {
      write(volume, "/small", content(1, 100));
      write(volume, "/large", content(2, 10_000));
    }
  }

  private void rekeyed(GoldenVolume golden) throws IOException {
    VolumeKey first = VolumeKey.generate();
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked()).withKeys(KeyProviders.raw(first));
    Files.createDirectory(golden.volume().resolve("content"));
    Region[] regions = {
      Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK),
      Region.authenticated(path("/public"), "content").withIntegrity(Integrity.GMAC),
    };
    try (Volume volume = Volume.create(golden.volume(), options, List.of(regions))) {
      some(volume, "/sizes", 1, 4096, 8192, 20_000);
      write(volume, "/public/file", content(2, 9000));
    }
    KeyProvider second = KeyProviders.raw(newKey(golden));
    Volume.rekey(golden.volume(), options, second);
    VolumeOptions again = VolumeOptions.of(Freshness.unchecked()).withKeys(second).writable();
    try (Volume volume = Volume.open(golden.volume(), again)) {
      overwrite(volume, "/sizes/8192");
    }
  }

  private void sealedEncrypted(GoldenVolume golden) throws IOException {
    Path source = Files.createTempDirectory("fspf-golden");
    tree(source);
    Sealer.encrypt(source, golden.volume())
        .withKeys(KeyProviders.raw(newKey(golden)))
        .withIntegrity(Integrity.GCM_SHA256)
        .withChunkSize(CHUNK)
        .withForce(true)
        .seal();
  }

  private void sealedAuthenticated(GoldenVolume golden) throws IOException {
    tree(golden.volume());
    Sealer.authenticate(golden.volume()).withChunkSize(CHUNK).seal();
  }

  private static void tree(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("bin/inner"));
    for (int size : new int[] {0, 1, 4096, 4097, 12_288}) {
      Files.write(directory.resolve("bin/f" + size), content(size, size));
    }
    Files.createLink(directory.resolve("bin/inner/same"), directory.resolve("bin/f4097"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("bin/f1"));
  }

  private static void sizes(Volume volume, String directory) throws IOException {
    some(volume, directory, 0, 1, 2048, 2049, 4095, 4096, 4097, 8192, 20_000);
  }

  private static void some(Volume volume, String directory, int... sizes) throws IOException {
    if (!directory.equals("/")) {
      volume.createDirectory(path(directory), 0755);
    }
    for (int size : sizes) {
      write(volume, (directory + "/" + size).replace("//", "/"), content(size, size));
    }
  }

  private static void odd(Volume volume, String directory) throws IOException {
    volume.createDirectory(path(directory), 0755);
    links(volume, directory + "/links");
    attributes(volume, directory + "/attributes");
    VolumePath names = path(directory + "/names");
    volume.createDirectory(names, 0700);
    byte[][] odd = {
      {(byte) 0xFF, (byte) 0x80, 'x'},
      {(byte) 0xC3, '\n', '%', '"', '\\'},
      "Gr\u00FC\u00DFe \u4F60\u597D \uD83D\uDE00".getBytes(UTF_8),
      "...".getBytes(UTF_8),
      longest(),
    };
    for (byte[] name : odd) {
      try (VolumeFile file =
          volume.open(
              names.resolve(Name.ofBytes(name)),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(name), 0);
      }
    }
  }

  private static byte[] longest() {
    byte[] name = new byte[Name.MAX_LENGTH];
    Arrays.fill(name, (byte) 'm');
    return name;
  }

  private static void links(Volume volume, String directory) throws IOException {
    volume.createDirectory(path(directory), 0755);
    volume.createDirectory(path(directory + "/empty"), 0755);
    volume.createDirectory(path(directory + "/empty/too"), 0755);
    write(volume, directory + "/first", content(5, 5000));
    volume.createLink(path(directory + "/second"), path(directory + "/first"));
    volume.createLink(path(directory + "/empty/too/third"), path(directory + "/first"));
    volume.createSymbolicLink(path(directory + "/dangling"), "no/where".getBytes(UTF_8));
    volume.createSymbolicLink(path(directory + "/absolute"), "/absolute/nowhere".getBytes(UTF_8));
    volume.createSymbolicLink(path(directory + "/bytes"), new byte[] {(byte) 0xFE, '/', '%'});
  }

  private static void attributes(Volume volume, String directory) throws IOException {
    volume.createDirectory(path(directory), 01777);
    VolumePath file = path(directory + "/file");
    write(volume, directory + "/file", content(6, 3000));
    volume.setExtendedAttribute(file, Name.of("color"), "blue".getBytes(UTF_8));
    volume.setExtendedAttribute(file, Name.of("empty"), new byte[0]);
    volume.setExtendedAttribute(path(directory), Name.of("on.dir"), content(7, 500));
    volume.setAttributes(file, AttributeChange.ofMode(06755));
    volume.setAttributes(file, AttributeChange.ofOwner(1234, -2));
    volume.setAttributes(
        file,
        AttributeChange.ofTimes(
            Optional.of(Instant.ofEpochSecond(-1, 999_999_999)),
            Optional.of(Instant.ofEpochSecond(4_102_444_800L, 1)),
            Optional.of(Instant.ofEpochSecond(-77_000_000_000L, 123_456_789))));
    volume.createSymbolicLink(path(directory + "/link"), "file".getBytes(UTF_8));
    volume.setAttributes(
        path(directory + "/link"),
        AttributeChange.ofTimes(
            Optional.of(Instant.ofEpochSecond(1_000_000_000, 5)),
            Optional.empty(),
            Optional.empty()),
        LinkOption.NOFOLLOW_LINKS);
  }

  private static void holes(Volume volume, String directory) throws IOException {
    volume.createDirectory(path(directory), 0755);
    try (VolumeFile file = make(volume, directory + "/all")) {
      file.setSize(3 * CHUNK + 1);
    }
    try (VolumeFile file = make(volume, directory + "/middle")) {
      file.write(ByteBuffer.wrap(content(8, 10)), 0);
      file.write(ByteBuffer.wrap(content(9, 10)), 9 * CHUNK + 5);
    }
  }

  /** More than one group of chunks, the first of them all holes. */
  private static void groups(Volume volume, String path) throws IOException {
    try (VolumeFile file = make(volume, path)) {
      file.write(ByteBuffer.wrap(content(10, CHUNK + 10)), 65L * CHUNK - 5);
      file.setSize(260L * CHUNK + 3);
    }
  }

  /** A change in the middle, to other slots. */
  private static void overwrite(Volume volume, String file) throws IOException {
    try (VolumeFile open = volume.open(path(file), StandardOpenOption.WRITE)) {
      open.write(ByteBuffer.wrap(content(11, 1000)), 4000);
    }
  }

  private static VolumeFile make(Volume volume, String file) throws IOException {
    return volume.open(
        path(file),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static void write(Volume volume, String file, byte[] content) throws IOException {
    try (VolumeFile open = make(volume, file)) {
      open.write(ByteBuffer.wrap(content), 0);
    }
  }

  private static Volume create(GoldenVolume golden, Region... regions) throws IOException {
    return Volume.create(golden.volume(), withKey(golden), List.of(regions));
  }

  private static VolumeOptions withKey(GoldenVolume golden) throws IOException {
    return VolumeOptions.of(Freshness.unchecked()).withKeys(KeyProviders.raw(newKey(golden)));
  }

  private static VolumeKey newKey(GoldenVolume golden) throws IOException {
    VolumeKey key = VolumeKey.generate();
    try (OutputStream out = Files.newOutputStream(golden.keyFile())) {
      key.writeHex(out);
    }
    return key;
  }

  /** A tree of files, so far as volumes have such on the host. */
  static void copy(Path from, Path to) throws IOException {
    Map<Object, Path> seen = new HashMap<>();
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target);
        } else {
          Path before =
              seen.putIfAbsent(
                  Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS), target);
          if (before != null) {
            Files.createLink(target, before);
          } else {
            Files.copy(
                path, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  /** No two chunks alike, and yet short in the repository. */
  static byte[] content(long seed, int size) {
    byte[] pattern = new byte[61];
    new Random(seed).nextBytes(pattern);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = pattern[i % pattern.length];
    }
    return bytes;
  }

  private static VolumePath path(String text) {
    return VolumePath.of(text);
  }
}
