package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ciphers are used again while their key lives, and not kept a moment longer. */
class CipherPoolTest {
  static List<Engine> engines() {
    return Engines.available();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aCipherThatWasGivenBackIsUsedAgain(Engine engine) throws Exception {
    var pool = new CipherPool(engine.gcmProvider());
    CipherPool.Entry first = pool.take();
    CipherPool.Entry second = pool.take();
    assertThat(second).isNotSameAs(first);
    pool.give(first);
    assertThat(pool.take()).isSameAs(first);
    assertThat(pool.fresh()).isNotSameAs(second);
  }

  /** As many as can be of use at once; the rest would only hold memory. */
  @ParameterizedTest
  @MethodSource("engines")
  void idleCiphersAreFew(Engine engine) throws Exception {
    var pool = new CipherPool(engine.gcmProvider());
    int bound = 2 * Runtime.getRuntime().availableProcessors();
    var entries = new java.util.ArrayList<CipherPool.Entry>();
    for (int i = 0; i <= bound; i++) {
      entries.add(pool.fresh());
    }
    entries.forEach(pool::give);
    int kept = 0;
    for (int i = 0; i <= bound; i++) {
      kept += entries.contains(pool.take()) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(bound);
  }

  /** An idle cipher holds the expansion of its key. */
  @ParameterizedTest
  @MethodSource("engines")
  void aClosedPoolHoldsNoCipher(Engine engine) throws Exception {
    var pool = new CipherPool(engine.gcmProvider());
    WeakReference<CipherPool.Entry> idle = given(pool);
    pool.close();
    giveLate(pool);
    assertThatThrownBy(pool::take).isInstanceOf(IllegalStateException.class);
    for (int i = 0; i < 50 && idle.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(idle.get()).isNull();
  }

  private static WeakReference<CipherPool.Entry> given(CipherPool pool) throws Exception {
    CipherPool.Entry entry = pool.take();
    pool.give(entry);
    return new WeakReference<>(entry);
  }

  private static void giveLate(CipherPool pool) throws Exception {
    pool.give(pool.fresh());
    assertThatThrownBy(pool::take).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aDestroyedKeyLetsGoOfItsCiphers(Engine engine) throws Exception {
    AeadKey aead = engine.aead(SecretBytes.copyOf(new byte[32]));
    MacKey mac = engine.gmac(SecretBytes.copyOf(new byte[32]));
    for (Object key : List.of(aead, mac)) {
      ((AutoCloseable) key).close();
      for (var field : key.getClass().getDeclaredFields()) {
        if (field.getType() == CipherPool.class) {
          field.setAccessible(true);
          var pool = (CipherPool) field.get(key);
          assertThatThrownBy(pool::take)
              .as(field.getName())
              .isInstanceOf(IllegalStateException.class);
        }
      }
    }
  }
}
