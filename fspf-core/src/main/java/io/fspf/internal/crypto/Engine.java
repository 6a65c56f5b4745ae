package io.fspf.internal.crypto;

import java.security.Provider;
import org.jspecify.annotations.Nullable;

/**
 * A crypto engine: one implementation of AES-256-GCM, GMAC and SHA-256, and the source of the
 * nonces of its keys. All engines agree bit for bit, so that it is a matter of speed only which one
 * is used.
 *
 * <p>Thread-safe.
 */
public final class Engine {
  private final String name;
  private final String version;
  private final Provider gcmProvider;
  private final Sha256 sha256;
  private final Nonces nonces;
  private final int sealPiece;
  private final @Nullable SunJceWarmUp warmUp;

  /**
   * An engine of JCA providers, which need not be registered.
   *
   * @param sealPiece the most bytes to hand to the cipher at a time when sealing, a multiple of 16
   * @param warmUp for a provider that the JIT must be helped with
   */
  Engine(
      String name,
      String version,
      Provider gcmProvider,
      Provider digestProvider,
      int sealPiece,
      @Nullable SunJceWarmUp warmUp,
      Nonces nonces) {
    this(name, version, gcmProvider, new Sha256(digestProvider), sealPiece, warmUp, nonces);
  }

  private Engine(
      String name,
      String version,
      Provider gcmProvider,
      Sha256 sha256,
      int sealPiece,
      @Nullable SunJceWarmUp warmUp,
      Nonces nonces) {
    this.name = name;
    this.version = version;
    this.gcmProvider = gcmProvider;
    this.sha256 = sha256;
    this.sealPiece = sealPiece;
    this.warmUp = warmUp;
    this.nonces = nonces;
  }

  /** The same engine whose keys draw their nonces elsewhere. */
  Engine withNonces(Nonces other) {
    return new Engine(name, version, gcmProvider, sha256, sealPiece, warmUp, other);
  }

  /** The short name: {@code accp}, {@code sunjce} or {@code bc}. */
  public String name() {
    return name;
  }

  /** The version of the implementation. */
  public String version() {
    return version;
  }

  /**
   * A key for AES-256-GCM. The secret is copied; the caller destroys both.
   *
   * @param key 32 bytes
   */
  public AeadKey aead(SecretBytes key) {
    return new AeadKey(this, key);
  }

  /**
   * A key for AES-256-GMAC. The secret is copied; the caller destroys both.
   *
   * @param key 32 bytes, never those of an {@link AeadKey}
   */
  public MacKey gmac(SecretBytes key) {
    return new MacKey(this, key);
  }

  /** SHA-256. */
  public Sha256 sha256() {
    return sha256;
  }

  Provider gcmProvider() {
    return gcmProvider;
  }

  Nonces nonces() {
    return nonces;
  }

  int sealPiece() {
    return sealPiece;
  }

  long startTimer() {
    return warmUp == null ? 0 : System.nanoTime();
  }

  void stopTimer(long start, int length) {
    if (warmUp != null) {
      warmUp.observe(length, System.nanoTime() - start);
    }
  }

  /** Name and version. */
  @Override
  public String toString() {
    return name + " " + version;
  }
}
