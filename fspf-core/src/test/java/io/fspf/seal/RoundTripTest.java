package io.fspf.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.VolumeInfo;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tree that is sealed and unsealed is the same tree, attribute by attribute. */
class RoundTripTest {
  @TempDir Path temp;

  private final KeyProvider keys = KeyProviders.raw(VolumeKey.generate());
  private Path source;
  private Path target;
  private Map<String, String> before;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    target = temp.resolve("target");
    Trees.makeOdd(source);
    before = Trees.describe(source);
  }

  private VolumeOptions options(Integrity integrity) {
    VolumeOptions options = VolumeOptions.of(Freshness.unchecked());
    return integrity == Integrity.SHA256 ? options : options.withKeys(keys);
  }

  private Sealer sealer(Integrity integrity) {
    boolean hidden = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    Sealer sealer = hidden ? Sealer.encrypt(source, target) : Sealer.authenticate(source);
    return (integrity == Integrity.SHA256 ? sealer : sealer.withKeys(keys))
        .withIntegrity(integrity);
  }

  @ParameterizedTest
  @EnumSource
  void comesBackAsItWas(Integrity integrity) throws IOException {
    VolumeInfo info = sealer(integrity).seal();
    Path volume = Files.exists(target) ? target : source;

    VerifyReport report = Verifier.of(volume, options(integrity)).withStrict(true).verify();
    assertThat(report.damaged()).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.info()).isEqualTo(info);
    assertThat(report.files()).isEqualTo(info.files());
    assertThat(report.directories()).isEqualTo(info.directories());
    assertThat(report.symlinks()).isEqualTo(info.symlinks());
    assertThat(report.bytes()).isEqualTo(info.bytes());

    Path plain = temp.resolve("plain");
    Unsealer.of(volume, options(integrity), plain).unseal();
    assertThat(Trees.describe(plain)).isEqualTo(before);
  }

  @Test
  void sealingInPlaceTouchesNothingElse() throws IOException {
    sealer(Integrity.SHA256).seal();
    Map<String, String> after = Trees.describe(source);
    assertThat(after).containsKey("/fspf.pb");
    after.remove("/fspf.pb");
    // The directory's own time changes with the new name in it.
    after.remove("/");
    before.remove("/");
    assertThat(after).isEqualTo(before);
  }
}
