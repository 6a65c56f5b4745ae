package io.fspf.key;

import io.fspf.internal.crypto.Argon2id;

/**
 * What it costs to try one passphrase: the parameters of Argon2id (RFC 9106).
 *
 * @param memoryKib {@link #MIN_MEMORY_KIB} to 1,048,576 (1 GiB)
 * @param iterations passes over the memory, 1 to 64; at most {@link #MAX_WORK_KIB} divided by the
 *     memory
 * @param parallelism lanes, 1 to 16. This implementation works on them one after the other
 */
public record PassphraseCost(int memoryKib, int iterations, int parallelism) {
  /** The least memory: 8 MiB. */
  public static final int MIN_MEMORY_KIB = 8 * 1024;

  /**
   * The most memory times iterations, in KiB, of one slot and of all slots that are tried for one
   * passphrase: 4 GiB, some ten seconds. A hostile header cannot ask for more.
   */
  public static final long MAX_WORK_KIB = 4L << 20;

  /**
   * 64 MiB, three passes, one lane: RFC 9106's choice for little memory, in one lane; about a third
   * of a second.
   */
  public static final PassphraseCost DEFAULT = new PassphraseCost(64 * 1024, 3, 1);

  /** Throws {@link IllegalArgumentException} if a value is out of range. */
  public PassphraseCost {
    if (memoryKib < MIN_MEMORY_KIB) {
      throw new IllegalArgumentException(
          "A passphrase slot takes at least " + MIN_MEMORY_KIB + " KiB, not " + memoryKib);
    }
    long work = new Argon2id.Cost(memoryKib, iterations, parallelism).work();
    if (work > MAX_WORK_KIB) {
      throw new IllegalArgumentException(
          "A passphrase slot takes " + work + " KiB of work, more than " + MAX_WORK_KIB);
    }
  }

  Argon2id.Cost argon2() {
    return new Argon2id.Cost(memoryKib, iterations, parallelism);
  }
}
