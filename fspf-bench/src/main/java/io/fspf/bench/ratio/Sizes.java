package io.fspf.bench.ratio;

import java.nio.file.Path;

/**
 * How much work a step is.
 *
 * @param readBytes of the file that is read from start to end
 * @param writeBytes of the file that is written
 * @param randomBytes of the file with random access
 * @param randomReads of one thread in a round
 * @param randomWrites of one thread in a round, of those that are slow
 * @param smallFiles how many small files are made, listed and deleted
 * @param treeBytes of the tree that is verified
 * @param realTree the tree that is sealed; nothing is, where it is missing
 * @param opens how often a volume is opened in a round
 * @param fewFiles of the small volume that is opened
 * @param manyFiles of the large one
 */
record Sizes(
    long readBytes,
    long writeBytes,
    long randomBytes,
    int randomReads,
    int randomWrites,
    int smallFiles,
    long treeBytes,
    Path realTree,
    int opens,
    int fewFiles,
    int manyFiles) {
  private static final long MIB = 1 << 20;

  /** What the requirements speak of. */
  static Sizes full(Path realTree) {
    return new Sizes(
        128 * MIB,
        64 * MIB,
        256 * MIB,
        20_000,
        40_000,
        10_000,
        1024 * MIB,
        realTree,
        100,
        1_000,
        1_000_000);
  }

  /** Enough to see that everything runs. */
  static Sizes tiny(Path realTree) {
    return new Sizes(2 * MIB, MIB, MIB, 50, 20, 20, 16 * MIB, realTree, 2, 10, 1_100);
  }
}
