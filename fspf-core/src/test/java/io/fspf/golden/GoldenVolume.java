package io.fspf.golden;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One golden volume in the repository: a directory with the volume itself, what opens it, its root
 * tag, and what it holds. The README beside them says which file is what.
 *
 * @param directory where it stands
 */
record GoldenVolume(Path directory) {
  /** Where all of them stand. */
  static Path all() {
    return Path.of(System.getProperty("fspf.test.resources"), "golden");
  }

  static List<GoldenVolume> existing() throws IOException {
    try (Stream<Path> directories = Files.list(all())) {
      return directories.filter(Files::isDirectory).sorted().map(GoldenVolume::new).toList();
    }
  }

  String name() {
    return directory.getFileName().toString();
  }

  Path volume() {
    return directory.resolve("volume");
  }

  Path listing() {
    return directory.resolve("listing.json");
  }

  Path tagFile() {
    return directory.resolve("root-tag");
  }

  Path keyFile() {
    return directory.resolve("volume-key");
  }

  Path passphraseFile() {
    return directory.resolve("passphrase");
  }

  Path keyStore() {
    return directory.resolve("keys.p12");
  }

  RootTag tag() throws IOException {
    return RootTag.parse(Files.readString(tagFile(), US_ASCII).strip());
  }

  /** Reading, at the pinned tag, with every way to the key in turn. */
  List<VolumeOptions> options() throws IOException {
    VolumeOptions options = VolumeOptions.of(Freshness.pinned(tag()));
    List<VolumeOptions> ways =
        Stream.of(raw(), passphrase(), pkcs12()).flatMap(Optional::stream).toList().stream()
            .map(options::withKeys)
            .toList();
    return ways.isEmpty() ? List.of(options) : ways;
  }

  private Optional<KeyProvider> raw() throws IOException {
    if (!Files.exists(keyFile())) {
      return Optional.empty();
    }
    // Not as a key file: its mode in a working copy is the checkout's affair.
    return Optional.of(
        KeyProviders.raw(VolumeKey.parse(Files.readString(keyFile(), US_ASCII).strip())));
  }

  private Optional<KeyProvider> passphrase() throws IOException {
    if (!Files.exists(passphraseFile())) {
      return Optional.empty();
    }
    char[] passphrase = Files.readString(passphraseFile(), UTF_8).strip().toCharArray();
    return Optional.of(KeyProviders.passphrase(passphrase));
  }

  private Optional<KeyProvider> pkcs12() {
    return Files.exists(keyStore())
        ? Optional.of(
            KeyProviders.pkcs12(
                keyStore(), GoldenVolumes.STORE_PASSWORD.toCharArray(), GoldenVolumes.STORE_ALIAS))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name();
  }
}
