package io.fspf.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyProvidersTest {
  private static final String HEX =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff";
  private static final String OTHER = "ff".repeat(32);
  private static final byte[] VOLUME = new byte[16];
  private static final KeyRequest REQUEST = KeyRequest.of(VOLUME, List.of());

  private final Path directory;

  KeyProvidersTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aRawKeyIsCopied() throws IOException {
    VolumeKey key = VolumeKey.parse(HEX);
    KeyProvider provider = KeyProviders.raw(key);
    key.close();
    try (VolumeKey unlocked = provider.unlock(REQUEST)) {
      assertThat(unlocked).isEqualTo(VolumeKey.parse(HEX));
    }
    NewKey made = provider.create(VOLUME);
    assertThat(made.key()).isEqualTo(VolumeKey.parse(HEX));
    made.close();
    assertThat(made.key().isDestroyed()).isTrue();
    assertThat(provider.unlock(REQUEST)).isEqualTo(VolumeKey.parse(HEX));
    assertThat(provider.toString()).doesNotContain("0102");
    provider.close();
    assertThatThrownBy(() -> provider.unlock(REQUEST)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theEnvironmentInItsOrder() throws IOException {
    assertThat(environment(Map.of("FSPF_KEY", HEX)).unlock(REQUEST))
        .isEqualTo(VolumeKey.parse(HEX));
    assertThat(environment(Map.of("SCONE_FSPF_KEY", HEX)).create(VOLUME).key())
        .isEqualTo(VolumeKey.parse(HEX));
    assertThat(environment(Map.of("SCONE_FSPF_KEY", OTHER, "FSPF_KEY", HEX + "\n")).unlock(REQUEST))
        .isEqualTo(VolumeKey.parse(HEX));
    assertThat(environment(Map.of("SCONE_FSPF_KEY", OTHER, "FSPF_KEY", "")).unlock(REQUEST))
        .isEqualTo(VolumeKey.parse(OTHER));
  }

  @Test
  void theEnvironmentWarnsOnceAndNeverShowsTheKey() throws IOException {
    List<String> warnings = new ArrayList<>();
    KeyProvider provider = KeyProviders.environment(Map.of("FSPF_KEY", HEX), warnings::add);
    assertThat(warnings).isEmpty();
    for (int i = 0; i < 3; i++) {
      provider.unlock(REQUEST).close();
    }
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("FSPF_KEY").doesNotContain("0102");
    assertThat(provider.toString()).doesNotContain("0102");
  }

  @Test
  void anEnvironmentWithoutAKeySaysWhatToDo() {
    assertThatThrownBy(() -> environment(Map.of()).unlock(REQUEST))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("FSPF_KEY")
        .hasMessageContaining("SCONE_FSPF_KEY");
    assertThatThrownBy(() -> environment(Map.of("FSPF_KEY", HEX.substring(2))).create(VOLUME))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("FSPF_KEY")
        .hasMessageNotContaining("0102");
  }

  @Test
  void theProcessesEnvironmentIsRead() {
    if (System.getenv("FSPF_KEY") == null && System.getenv("SCONE_FSPF_KEY") == null) {
      assertThatThrownBy(() -> KeyProviders.environment().unlock(REQUEST))
          .isInstanceOf(VolumeKeyException.class);
    }
  }

  @Test
  void aKeyStore() throws Exception {
    Path store = keyStore(32);
    try (KeyProvider provider = KeyProviders.pkcs12(store, "secret".toCharArray(), "volume")) {
      assertThat(provider.unlock(REQUEST)).isEqualTo(VolumeKey.parse("07".repeat(32)));
      assertThat(provider.create(VOLUME).key()).isEqualTo(VolumeKey.parse("07".repeat(32)));
    }
    Path password = directory.resolve("password");
    Files.writeString(password, "secret\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    assertThat(KeyProviders.pkcs12(store, password, "volume").unlock(REQUEST))
        .isEqualTo(VolumeKey.parse("07".repeat(32)));
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused(KeyProviders.pkcs12(store, password, "volume"), "chmod 600");
  }

  @Test
  void whatIsWrongWithAKeyStoreIsSaid() throws Exception {
    Path store = keyStore(32);
    char[] right = "secret".toCharArray();
    assertRefused(KeyProviders.pkcs12(store, "other".toCharArray(), "volume"), "password");
    assertRefused(KeyProviders.pkcs12(store, right, "none"), "'none'");
    assertRefused(KeyProviders.pkcs12(directory.resolve("none"), right, "volume"), "not exist");
    assertRefused(KeyProviders.pkcs12(keyStore(16), right, "volume"), "16");
    Path garbage = Files.write(directory.resolve("garbage"), new byte[] {1, 2, 3});
    assertRefused(KeyProviders.pkcs12(garbage, right, "volume"), "no PKCS #12");
    Path huge = Files.write(directory.resolve("huge"), new byte[(1 << 20) + 1]);
    assertRefused(KeyProviders.pkcs12(huge, right, "volume"), "too long");
  }

  @Test
  void requestsAndNewKeysAreBounded() {
    List<KeySlot> seventeen = Collections.nCopies(17, KeySlot.ofBytes(new byte[1]));
    assertThatThrownBy(() -> KeyRequest.of(VOLUME, seventeen))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyRequest.of(new byte[15], List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NewKey(VolumeKey.generate(), seventeen))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] id = VOLUME.clone();
    KeyRequest request = KeyRequest.of(id, List.of());
    id[0] = 1;
    request.volumeId()[1] = 1;
    assertThat(request.volumeId()).containsOnly(0);
    byte[] bytes = {1, 2};
    KeySlot slot = KeySlot.ofBytes(bytes);
    bytes[0] = 9;
    slot.toBytes()[1] = 9;
    assertThat(slot)
        .isEqualTo(KeySlot.ofBytes(new byte[] {1, 2}))
        .hasSameHashCodeAs(KeySlot.ofBytes(new byte[] {1, 2}))
        .isNotEqualTo(KeySlot.ofBytes(new byte[] {1, 3}));
  }

  private static KeyProvider environment(Map<String, String> environment) {
    return KeyProviders.environment(environment, warning -> {});
  }

  private static void assertRefused(KeyProvider provider, String because) {
    assertThatThrownBy(() -> provider.unlock(REQUEST))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining(because);
  }

  private Path keyStore(int keyLength) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    byte[] key = new byte[keyLength];
    java.util.Arrays.fill(key, (byte) 7);
    store.setEntry(
        "volume",
        new KeyStore.SecretKeyEntry(new SecretKeySpec(key, "AES")),
        new KeyStore.PasswordProtection("secret".toCharArray()));
    Path file = Files.createTempFile(directory, "store", ".p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "secret".toCharArray());
    }
    return file;
  }
}
