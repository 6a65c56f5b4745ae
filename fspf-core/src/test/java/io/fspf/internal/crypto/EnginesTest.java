package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which engines there are, and that they agree bit for bit. */
class EnginesTest {
  private static final int MIB = 1 << 20;

  @Test
  void sunJceAndBouncyCastleWorkEverywhere() {
    assertThat(Engines.available()).extracting(Engine::name).contains("sunjce", "bc");
  }

  @Test
  void accpWorksWhereItsLibraryIsMadeFor() {
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    if (linux && System.getProperty("os.arch").equals("amd64")) {
      assertThat(Engines.unavailable()).isEmpty();
    }
    String reason = Engines.unavailable().get("accp");
    assertThat(Engines.choose(null).name()).isEqualTo(reason == null ? "accp" : "sunjce");
    if (reason != null) {
      assertThat(reason).isNotBlank();
      assertThatThrownBy(() -> Engines.choose("accp"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void theChoiceCanBeOverridden() {
    assertThat(Engines.choose("bc").name()).isEqualTo("bc");
    assertThat(Engines.choose("SunJCE").name()).isEqualTo("sunjce");
    assertThat(Engines.choose("").name()).isEqualTo(Engines.choose(null).name());
    assertThatThrownBy(() -> Engines.choose("openssl"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("openssl")
        .hasMessageContaining("sunjce");
  }

  @Test
  void nothingIsRegisteredGlobally() {
    assertThat(Engines.available()).isNotEmpty();
    assertThat(Security.getProviders())
        .extracting(Provider::getName)
        .doesNotContain("BC", "AmazonCorrettoCryptoProvider");
  }

  @Test
  void enginesSayWhatTheyAre() {
    for (Engine engine : Engines.available()) {
      assertThat(engine.version()).isNotBlank();
      assertThat(engine).hasToString(engine.name() + " " + engine.version());
    }
  }

  @Test
  void theSelfTestFindsAWrongEngine() {
    Provider wrong =
        new Provider("Wrong", "1", "a digest that is none") {
          private static final long serialVersionUID = 1L;

          {
            putService(
                new Service(this, "MessageDigest", "SHA-256", "Zeros", null, null) {
                  @Override
                  public Object newInstance(@Nullable Object parameter) {
                    return new Zeros();
                  }
                });
          }
        };
    Provider sunJce = Security.getProvider("SunJCE");
    Nonces nonces = new Nonces(RandomSource.system(), NonceObserver.NONE);
    var broken = new Engine("broken", "1", sunJce, wrong, 4096, null, nonces);
    assertThatThrownBy(() -> SelfTest.run(broken))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SHA-256 is wrong");
  }

  /** A digest of zeros, whatever the message. */
  private static final class Zeros extends MessageDigestSpi {
    @Override
    protected void engineUpdate(byte input) {}

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {}

    @Override
    protected byte[] engineDigest() {
      return new byte[32];
    }

    @Override
    protected void engineReset() {}
  }

  @Test
  void allEnginesAgree() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    List<Engine> engines = Engines.available();
    for (int round = 0; round < 60; round++) {
      int length = round < 34 ? round : random.nextInt(1 << random.nextInt(1, 17));
      cross(engines, length, random, "seed " + seed + ", round " + round);
    }
  }

  @Test
  void allEnginesAgreeOnTheEdgesOfPieces() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int length : new int[] {4095, 4096, 4097, 8192, 65535, 65536, 65537, MIB + 1}) {
      cross(Engines.available(), length, random, "seed " + seed + ", length " + length);
    }
  }

  /** Bouncy Castle takes a second for this. */
  @Test
  void theFastEnginesAgreeOnTheLargestChunk() {
    var random = new Random(1);
    List<Engine> fast =
        Engines.available().stream().filter(engine -> !engine.name().equals("bc")).toList();
    cross(fast, 16 * MIB, random, "16 MiB");
  }

  /** What one seals, each of the others opens; tags and digests are the same. */
  private static void cross(List<Engine> engines, int length, Random random, String which) {
    byte[] secret = bytes(random, 32);
    byte[] nonce = bytes(random, 12);
    byte[] aad = bytes(random, random.nextInt(100));
    int offset = random.nextInt(20);
    byte[] plain = bytes(random, offset + length + 3);
    byte[] expected = Arrays.copyOfRange(plain, offset, offset + length);
    byte[] firstSealed = {};
    byte[] firstTag = {};
    byte[] firstDigest = {};
    for (Engine engine : engines) {
      byte[] sealed = new byte[length + 16];
      byte[] tag = new byte[16];
      byte[] digest = new byte[32];
      try (SecretBytes key = SecretBytes.copyOf(secret);
          AeadKey aead = engine.aead(key);
          MacKey mac = engine.gmac(key)) {
        aead.seal(nonce, aad, plain, offset, length, sealed, 0);
        mac.mac(nonce, aad, plain, offset, length, tag, 0);
        engine.sha256().digest(aad, plain, offset, length, digest, 0);
        if (engine == engines.get(0)) {
          firstSealed = sealed;
          firstTag = tag;
          firstDigest = digest;
        }
        byte[] opened = new byte[length];
        assertThat(aead.open(nonce, aad, firstSealed, 0, length + 16, opened, 0))
            .as("%s opens, %s", engine, which)
            .isTrue();
        assertThat(Arrays.equals(opened, expected)).as("%s, %s", engine, which).isTrue();
        assertThat(mac.verify(nonce, aad, plain, offset, length, firstTag))
            .as("%s verifies, %s", engine, which)
            .isTrue();
      }
      assertThat(Arrays.equals(sealed, firstSealed)).as("%s seals, %s", engine, which).isTrue();
      assertThat(tag).as("%s macs, %s", engine, which).isEqualTo(firstTag);
      assertThat(digest).as("%s digests, %s", engine, which).isEqualTo(firstDigest);
    }
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
