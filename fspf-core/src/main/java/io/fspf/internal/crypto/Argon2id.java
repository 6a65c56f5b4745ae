package io.fspf.internal.crypto;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106, version 0x13): a key from a passphrase, at a cost that slows down guessing.
 */
public final class Argon2id {
  /** The most memory: 1 GiB. */
  public static final int MAX_MEMORY_KIB = 1 << 20;

  /** The most passes over the memory. */
  public static final int MAX_ITERATIONS = 64;

  /** The most lanes. */
  public static final int MAX_PARALLELISM = 16;

  /** The shortest salt in bytes. */
  public static final int MIN_SALT_LENGTH = 8;

  private static final byte[] NONE = {};

  private Argon2id() {}

  /**
   * What a derivation costs.
   *
   * @param memoryKib 8 for each lane, to {@link #MAX_MEMORY_KIB}
   * @param iterations 1 to {@link #MAX_ITERATIONS}
   * @param parallelism lanes, 1 to {@link #MAX_PARALLELISM}
   */
  public record Cost(int memoryKib, int iterations, int parallelism) {
    /** Throws {@link IllegalArgumentException} if a value is out of range. */
    public Cost {
      if (parallelism < 1 || parallelism > MAX_PARALLELISM) {
        throw new IllegalArgumentException(
            "Argon2id parallelism is 1 to " + MAX_PARALLELISM + ", not " + parallelism);
      }
      if (memoryKib < 8 * parallelism || memoryKib > MAX_MEMORY_KIB) {
        throw new IllegalArgumentException(
            "Argon2id memory is 8 KiB per lane to " + MAX_MEMORY_KIB + " KiB, not " + memoryKib);
      }
      if (iterations < 1 || iterations > MAX_ITERATIONS) {
        throw new IllegalArgumentException(
            "Argon2id iterations are 1 to " + MAX_ITERATIONS + ", not " + iterations);
      }
    }

    /** KiB written in all: what time is about proportional to. */
    public long work() {
      return (long) memoryKib * iterations;
    }
  }

  /**
   * Derives {@code length} bytes.
   *
   * @param salt at least {@link #MIN_SALT_LENGTH} bytes, random
   * @param length 4 to 64
   */
  public static SecretBytes derive(SecretBytes passphrase, byte[] salt, Cost cost, int length) {
    return derive(passphrase, salt, NONE, NONE, cost, length);
  }

  static SecretBytes derive(
      SecretBytes passphrase, byte[] salt, byte[] secret, byte[] data, Cost cost, int length) {
    if (salt.length < MIN_SALT_LENGTH) {
      throw new IllegalArgumentException("An Argon2id salt has at least 8 bytes");
    }
    if (length < 4 || length > 64) {
      throw new IllegalArgumentException("Argon2id gives 4 to 64 bytes here, not " + length);
    }
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.iterations())
            .withParallelism(cost.parallelism())
            .withSalt(salt)
            .withSecret(secret)
            .withAdditional(data)
            .build();
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    byte[] out = new byte[length];
    passphrase.expose(bytes -> generator.generateBytes(bytes, out));
    return SecretBytes.moveFrom(out);
  }
}
