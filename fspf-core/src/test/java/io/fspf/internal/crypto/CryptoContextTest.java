package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class CryptoContextTest {
  private static final byte[] NONE = {};

  private final List<String> pairs = new CopyOnWriteArrayList<>();
  private final CryptoContext observed =
      CryptoContext.standard()
          .withNonceObserver(
              (key, nonce) -> {
                assertThat(key).hasSize(16);
                assertThat(nonce).hasSize(12);
                BaseEncoding hex = BaseEncoding.base16();
                pairs.add(hex.encode(key) + " " + hex.encode(nonce));
              });

  @Test
  void theObserverSeesEverySealAndEveryMac() {
    SecretBytes secret = SecretBytes.copyOf(new byte[32]);
    AeadKey aead = observed.aead(secret);
    MacKey mac = observed.engine().gmac(secret);
    byte[] sealed = new byte[16];
    byte[] first = aead.nextNonce();
    aead.seal(first, NONE, NONE, 0, 0, sealed, 0);
    assertThat(aead.open(first, NONE, sealed, 0, 16, NONE, 0)).isTrue();
    byte[] second = mac.nextNonce();
    mac.mac(second, NONE, NONE, 0, 0, sealed, 0);
    assertThat(mac.verify(second, NONE, NONE, 0, 0, sealed)).isTrue();
    aead.seal(second, NONE, NONE, 0, 0, sealed, 0);
    assertThat(pairs).hasSize(3);
    assertThat(pairs.get(1))
        .as("GMAC and GCM under one key are told apart by nothing")
        .isEqualTo(pairs.get(2));
    assertThat(pairs.get(0)).isNotEqualTo(pairs.get(1));
  }

  @Test
  void theObserverNoticesARepeatAcrossContextsAndKeyObjects() {
    byte[] nonce = new byte[12];
    SecretBytes secret = SecretBytes.copyOf(new byte[32]);
    for (Engine engine : List.of(Engines.choose("bc"), Engines.choose("sunjce"))) {
      CryptoContext context =
          CryptoContext.of(engine)
              .withNonceObserver((key, n) -> pairs.add(BaseEncoding.base16().encode(key)));
      context.aead(secret).seal(nonce, NONE, NONE, 0, 0, new byte[16], 0);
    }
    assertThat(pairs).hasSize(2);
    assertThat(pairs.get(0)).isEqualTo(pairs.get(1));
  }

  @Test
  void noNonceComesTwice() {
    AeadKey aead = observed.aead(SecretBytes.copyOf(new byte[32]));
    byte[] sealed = new byte[16];
    for (int i = 0; i < 2000; i++) {
      aead.seal(aead.nextNonce(), NONE, NONE, 0, 0, sealed, 0);
    }
    assertThat(pairs).hasSize(2000).doesNotHaveDuplicates();
  }

  @Test
  void aSeedMakesEverythingRepeatable() {
    for (CryptoContext base : List.of(CryptoContext.standard(), observed)) {
      AeadKey a = base.withRandom(seeded(1)).aead(SecretBytes.copyOf(new byte[32]));
      AeadKey b = base.withRandom(seeded(1)).aead(SecretBytes.copyOf(new byte[32]));
      AeadKey c = base.withRandom(seeded(2)).aead(SecretBytes.copyOf(new byte[32]));
      byte[] nonce = a.nextNonce();
      assertThat(b.nextNonce()).isEqualTo(nonce);
      assertThat(c.nextNonce()).isNotEqualTo(nonce);
      assertThat(b.nextNonce()).isNotEqualTo(nonce);
    }
  }

  @Test
  void theObserverStaysWhenTheRandomnessIsReplaced() {
    AeadKey key = observed.withRandom(seeded(1)).aead(SecretBytes.copyOf(new byte[32]));
    key.seal(key.nextNonce(), NONE, NONE, 0, 0, new byte[16], 0);
    assertThat(pairs).hasSize(1);
    CryptoContext unobserved = observed.withNonceObserver(NonceObserver.NONE);
    key = unobserved.aead(SecretBytes.copyOf(new byte[32]));
    key.seal(key.nextNonce(), NONE, NONE, 0, 0, new byte[16], 0);
    assertThat(pairs).hasSize(1);
  }

  @Test
  void theContextHandsOutItsParts() {
    CryptoContext context = CryptoContext.of(Engines.choose("bc")).withRandom(seeded(3));
    assertThat(context.engine().name()).isEqualTo("bc");
    assertThat(context.sha256().digest(NONE)).hasSize(32);
    byte[] expected = new byte[5];
    new Random(3).nextBytes(expected);
    assertThat(context.random().bytes(5)).isEqualTo(expected);
  }

  private static RandomSource seeded(long seed) {
    var random = new Random(seed);
    return (into, offset, length) -> {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      System.arraycopy(bytes, 0, into, offset, length);
    };
  }
}
