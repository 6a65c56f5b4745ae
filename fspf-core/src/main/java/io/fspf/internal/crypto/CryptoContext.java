package io.fspf.internal.crypto;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;

/**
 * What all rooms above need of cryptography, passed down to them: an engine, a source of
 * randomness, and who observes the nonces.
 *
 * <p>Immutable and thread-safe.
 */
public final class CryptoContext {
  private static final Supplier<CryptoContext> STANDARD =
      Suppliers.memoize(() -> of(Engines.preferred()));

  private final Engine engine;
  private final RandomSource random;

  private CryptoContext(Engine engine, RandomSource random) {
    this.engine = engine;
    this.random = random;
  }

  /**
   * The preferred engine and the platform's randomness.
   *
   * @throws IllegalStateException as {@link Engines#preferred} does
   */
  public static CryptoContext standard() {
    return STANDARD.get();
  }

  /** The given engine and the platform's randomness. */
  public static CryptoContext of(Engine engine) {
    return new CryptoContext(engine, RandomSource.system());
  }

  /** The same with another source of keys, ids and nonces; for tests. */
  public CryptoContext withRandom(RandomSource other) {
    return new CryptoContext(engine.withNonces(engine.nonces().withRandom(other)), other);
  }

  /** The same with another observer of nonces; for tests. */
  public CryptoContext withNonceObserver(NonceObserver other) {
    return new CryptoContext(engine.withNonces(engine.nonces().withObserver(other)), random);
  }

  /**
   * The engine. Its keys draw their nonces from this context's source and report them to its
   * observer.
   */
  public Engine engine() {
    return engine;
  }

  /** Where keys and ids come from. */
  public RandomSource random() {
    return random;
  }

  /** SHA-256 by the engine. */
  public Sha256 sha256() {
    return engine.sha256();
  }

  /** A key for AES-256-GCM; see {@link Engine#aead}. */
  public AeadKey aead(SecretBytes key) {
    return engine.aead(key);
  }

  /** A key for AES-256-GMAC; see {@link Engine#gmac}. */
  public MacKey gmac(SecretBytes key) {
    return engine.gmac(key);
  }
}
